"""What the sound shop has told the world, and how far each of its documents has come: of its own records, service by
service, as the services would."""

from collections import Counter
from collections.abc import Iterator

from snapshot import Snapshot

# What an order says in each status, and which step's question it is.
SAYS = {
    "placing": ("stock_hold_requested", "hold_stock"),
    "authorising": ("payment_requested", "authorise"),
    "committing": ("stock_commit_requested", "commit_stock"),
    "capturing": ("capture_requested", "capture"),
    "confirmed": ("order_confirmed", None),
    "cancelling": ("payment_close_requested", "close_payment"),
    "releasing": ("stock_release_requested", "release_stock"),
    "cancelled": ("order_cancelled", None),
    "rejected": ("order_rejected", None),
}
# What inventory answers, by the status in which the order hears of it.
STOCK_SAYS = {
    "authorising": ("stock_held", "hold_stock"),
    "capturing": ("stock_committed", "commit_stock"),
    "cancelled": ("stock_released", "release_stock"),
    "rejected": ("stock_released", "release_stock"),
}
PAYMENT_SAYS = {
    "authorised": ("payment_authorised", "authorise"),
    "declined": ("payment_declined", "authorise"),
    "captured": ("payment_captured", "capture"),
}
ASKED_TWICE = ("stopped", "authorise")
AT = "2026-01-01T00:00:00.000Z"


def event(service: str, collection: str, subject: str, sequence: int, name: str, data: dict) -> dict:
    return {
        "id": f"{service}.{collection}/{subject}/{sequence}", "source": service, "subject": subject, "epoch": 1,
        "sequence": sequence, "type": f"backline.{service}.{name}.v1", "data": data,
    }


def ref(order: str, step: str, attempt: int | None = None) -> dict:
    """The newest attempt, which is what answers go to."""
    return {"order": order, "step": step, "attempt": attempt or (2 if (order, step) == ASKED_TWICE else 1)}


def said_by(order: dict) -> Iterator[tuple[str, dict]]:
    total = order["totals"]["total"]
    lines = [{name: line[name] for name in ("sku", "quantity")} for line in order["lines"]]
    news = {"order": order["id"], "customer": order["customer"], "number": order["number"], "at": AT}
    more = {
        "stock_hold_requested": {"lines": lines},
        "payment_requested": {"customer": order["customer"], "amount": total, "token": "tok_ok"},
        "order_confirmed": {"total": total},
        "order_cancelled": {"returned": order["refunded"]},
    }
    for entry in order["history"]:
        name, step = SAYS[entry["status"]]
        for attempt in range(1, ref(order["id"], step)["attempt"] + 1):
            about = {"ref": ref(order["id"], step, attempt)} if step else news
            yield name, {**about, **more.get(name, {})}


def said_by_hold(order: dict) -> Iterator[tuple[str, dict]]:
    statuses = [entry["status"] for entry in order["history"]]
    if statuses == ["placing", "rejected"]:
        shortages = [{"sku": line["sku"], "wanted": line["quantity"], "available": 17} for line in order["lines"]]
        yield "stock_refused", {"ref": ref(order["id"], "hold_stock"), "shortages": shortages}
        return
    for status in statuses:
        if status in STOCK_SAYS:
            name, step = STOCK_SAYS[status]
            yield name, {"ref": ref(order["id"], step)}


def said_by_payment(now: Snapshot, payment: dict) -> Iterator[tuple[str, dict]]:
    for entry in now.transactions[payment["id"]]:
        if entry["kind"] in PAYMENT_SAYS:
            name, step = PAYMENT_SAYS[entry["kind"]]
            what = {"reason": "card_declined"} if entry["kind"] == "declined" else {"amount": entry["amount"]}
            yield name, {"ref": ref(payment["order"], step), "payment": payment["id"], **what}
    for refund in (state["refund"] for state in now.refunds.values()):
        if refund["payment"] != payment["id"] or refund["requested_by"] == "orders":
            continue
        yield "payment_refunded", {
            "refund": refund["id"], "payment": payment["id"], "order": payment["order"],
            "customer": payment["customer"], "amount": refund["amount"], "refunded_in_total": refund["amount"],
            "reason": refund["reason"],
        }
    if payment["status"] == "closed":
        yield "payment_closed", {"ref": ref(payment["order"], "close_payment"), "returned": payment["refunded"]}


def said_by_stock(sku: str, ledger: list[dict]) -> Iterator[tuple[str, dict]]:
    told = None
    for units in [0] + [entry["on_hand_after"] - entry["claimed_after"] for entry in ledger]:
        if told != min(10, units):
            told = min(10, units)
            yield "availability_changed", {"sku": sku, "available": told}


def said_by_product(product: dict) -> Iterator[tuple[str, dict]]:
    """Everything was dearer at first."""
    for dearer in (5, 0):
        yield "product_changed", {"product": product["id"], "name": "Things", "variants": [
            {"sku": each["sku"], "name": "one", "sellable": each["sellable"],
             "price": {**each["price"], "amount": each["price"]["amount"] + dearer}} for each in product["variants"]
        ]}


def stories(now: Snapshot, addresses: dict[str, str]) -> Iterator[tuple]:
    for id, order in now.orders.items():
        yield "orders", "orders", id, said_by(order)
        yield "inventory", "holds", id, said_by_hold(order)
    for id, payment in now.payments.items():
        yield "payments", "payments", id, said_by_payment(now, payment)
    for sku, ledger in now.movements.items():
        yield "inventory", "stock", sku, said_by_stock(sku, ledger)
    for id, views in now.products.items():
        yield "catalog", "products", id, said_by_product(views[0])
    for id, user in now.users.items():
        registered = {"user": id, "registered_at": AT}
        yield "users", "users", id, iter([contact(id, user["email"]), ("user_registered", registered)])
    for id, address in addresses.items():
        yield "users", "guests", id, iter([contact(id, f"old-{address}"), contact(id, address)])
    yield "users", "sessions", "session", iter([("session_ended", {"session": "session", "tokens_expire_at": AT})])


def contact(customer: str, address: str) -> tuple[str, dict]:
    return "contact_changed", {"customer": customer, "email": address}


def story(service: str, collection: str, subject: str, said: Iterator[tuple[str, dict]]) -> list[dict]:
    """All that an aggregate has told."""
    return [event(service, collection, subject, number, name, data) for number, (name, data) in enumerate(said, 1)]


def events(now: Snapshot, addresses: dict[str, str]) -> list[dict]:
    """Backwards, and the first of them comes again at the end."""
    told = [event for each in stories(now, addresses) for event in story(*each)]
    return [*reversed(told), dict(told[-1])]


def counters(events: list[dict]) -> dict[str, dict]:
    """The documents that have raised them, and one that raises none."""
    raised = Counter({"inventory.adjustments/delivery": 0})
    raised.update(id.rpartition("/")[0] for id in {event["id"] for event in events})
    return {
        aggregate: {"id": aggregate.partition("/")[2], "version": 9, "events": count, "entries": 0}
        for aggregate, count in raised.items()
    }
