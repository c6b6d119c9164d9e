"""What must stand in a shop's own records if an event of it is true. Part of invariant 31."""

from collections import Counter
from collections.abc import Callable, Iterator

from reading_invariants import SHOWN_MAX
from snapshot import Snapshot
from stock_invariants import effect, of_saga
from told import Told, name_of, order_of

# The status that an order tells of with each of its events, and asks about with each of its questions.
SPOKEN_IN = {
    "stock_hold_requested": ("placing", "hold_stock"),
    "payment_requested": ("authorising", "authorise"),
    "stock_commit_requested": ("committing", "commit_stock"),
    "capture_requested": ("capturing", "capture"),
    "payment_close_requested": ("cancelling", "close_payment"),
    "stock_release_requested": ("releasing", "release_stock"),
    "order_confirmed": ("confirmed", None),
    "order_rejected": ("rejected", None),
    "order_cancelled": ("cancelled", None),
}


class Records:
    """What a shop has written down, by order."""

    def __init__(self, now: Snapshot, told: Told):
        self.now, self.told = now, told
        self.moved: Counter = Counter()
        for sku, movement in of_saga(now):
            self.moved[movement["reference"], sku, movement["kind"]] += movement["quantity"]

    def lines(self, order: str) -> dict[str, int]:
        return {line["sku"]: line["quantity"] for line in self.now.orders[order]["lines"]}

    def units(self, order: str, sku: str, *kinds: str) -> int:
        return sum(self.moved[order, sku, kind] for kind in kinds)

    def kinds(self, payment: dict) -> set[str]:
        return {entry["kind"] for entry in self.now.transactions[payment["id"]]}

    def has_entry(self, payment: dict, kind: str, amount: dict) -> bool:
        entries = self.now.transactions[payment["id"]]
        return any(entry["kind"] == kind and entry["amount"] == amount for entry in entries)


def spoken(records: Records, event: dict) -> bool:
    """An order's event says what the order says, in a status that it had."""
    data, (status, step) = event["data"], SPOKEN_IN[name_of(event)]
    order = order_of(data)
    known = records.now.orders[order]
    total = known["totals"]["total"]
    right = {"customer": known["customer"], "number": known["number"], "total": total, "amount": total}
    same = all(data[field] == value for field, value in right.items() if field in data)
    if "lines" in data:
        same &= {line["sku"]: line["quantity"] for line in data["lines"]} == records.lines(order)
    same &= step is None or data["ref"]["step"] == step
    return same and status in {entry["status"] for entry in known["history"]}


def held(records: Records, order: str, _: dict) -> bool:
    return all(records.units(order, sku, "claimed") >= units for sku, units in records.lines(order).items())


def sold(records: Records, order: str, _: dict) -> bool:
    """What was not sold yet when the order asked for it back has never left."""
    given_up = records.told.of_order(order, "stock_release_requested")
    kinds = ("committed", "released") if given_up else ("committed",)
    return all(-records.units(order, sku, *kinds) >= units for sku, units in records.lines(order).items())


def freed(records: Records, order: str, _: dict) -> bool:
    return not any(
        records.units(order, sku, "claimed", "released", "committed")
        or records.units(order, sku, "committed", "returned")
        for sku in records.lines(order)
    )


def short(records: Records, order: str, data: dict) -> bool:
    lines, shortages = records.lines(order), data["shortages"]
    right = all(lines.get(each["sku"]) == each["wanted"] > each["available"] for each in shortages)
    return bool(shortages) and right and freed(records, order, data)


def reserved(records: Records, payment: dict, data: dict) -> bool:
    return records.has_entry(payment, "authorised", data["amount"])


def refused(records: Records, payment: dict, _: dict) -> bool:
    """Declined, voided, or closed before it was asked for."""
    closed = records.told.of_order(payment["order"], "payment_close_requested")
    return bool(closed or records.kinds(payment) & {"declined", "voided"})


def captured(records: Records, payment: dict, data: dict) -> bool:
    return records.has_entry(payment, "captured", data["amount"])


def closed(records: Records, payment: dict, data: dict) -> bool:
    refunds = [state["refund"] for state in records.now.refunds.values() if state["status"] == "done"]
    back = [each["amount"]["amount"] for each in refunds
            if each["payment"] == payment["id"] and each["requested_by"] == "orders"]
    return data["returned"]["amount"] == sum(back)


def given_back(records: Records, payment: dict, data: dict) -> bool:
    state = records.now.refunds.get(data["refund"], {"status": "unknown"})
    return state["status"] == "done" and payment["customer"] == data["customer"] and all(
        state["refund"][field] == data[field] for field in ("payment", "amount", "reason")
    )


OF_STOCK: dict[str, Callable[[Records, str, dict], bool]] = {
    "stock_held": held,
    "stock_refused": short,
    "stock_committed": sold,
    "stock_released": freed,
}
OF_PAYMENT: dict[str, Callable[[Records, dict, dict], bool]] = {
    "payment_authorised": reserved,
    "payment_declined": refused,
    "payment_captured": captured,
    "capture_refused": refused,
    "payment_closed": closed,
    "payment_refunded": given_back,
}


KNOWN = SPOKEN_IN.keys() | OF_STOCK.keys() | OF_PAYMENT.keys()


def of_an_order(records: Records, event: dict) -> bool:
    name, data = name_of(event), event["data"]
    order = order_of(data)
    if order not in records.now.orders:
        return False
    if name in OF_PAYMENT:
        payment = records.now.payments.get(event["subject"], {"order": None})
        same = payment["order"] == order and data.get("payment", payment["id"]) == payment["id"]
        return same and OF_PAYMENT[name](records, payment, data)
    says = spoken(records, event) if name in SPOKEN_IN else OF_STOCK[name](records, order, data)
    return says and event["subject"] == order


def of_a_user(now: Snapshot, event: dict) -> bool:
    """Users keep their address; what guests have told of themselves nobody else is shown."""
    user = now.users.get(event["subject"])
    return bool(user) and event["data"].get("email", user["email"]) == user["email"]


def unexplained(now: Snapshot, told: Told) -> Iterator[str]:
    records = Records(now, told)
    for event in told.events:
        right = True
        if name_of(event) in KNOWN:
            right = of_an_order(records, event)
        elif event["id"].startswith("users.users/"):
            right = of_a_user(now, event)
        if not right:
            yield f"{event['id']} tells of {name_of(event)}, the shop's own records do not"
    yield from false_availability(now, told)
    yield from false_offers(now, told)


def levels_of(ledger: list[dict]) -> Iterator[int]:
    """What could be told of a stock, one time after the other."""
    available = 0
    yield available
    for movement in ledger:
        on_hand, claimed = effect(movement)
        available += on_hand - claimed
        yield min(available, SHOWN_MAX)


def false_availability(now: Snapshot, told: Told) -> Iterator[str]:
    """Several changes may be told as one, none out of turn."""
    for sku, events in told.states("availability_changed", "sku").items():
        levels = levels_of(now.movements.get(sku, []))
        for event in events:
            if event["data"]["available"] not in levels:  # Also goes on to it.
                yield f"{event['id']} tells of {event['data']['available']}, which its ledger did not have then"
                break


def false_offers(now: Snapshot, told: Told) -> Iterator[str]:
    """A replica may show an older product for a moment, which is 41's business."""
    for product, events in told.states("product_changed", "product").items():
        newest = sorted(map(offer, events[-1]["data"]["variants"]))
        shown = [sorted(map(offer, view["variants"])) for view in now.products.get(product, [])]
        if shown and newest not in shown:
            yield f"{events[-1]['id']} tells of another product {product} than the catalog has"


def offer(variant: dict) -> tuple:
    return variant["sku"], variant["price"]["amount"], variant["sellable"]
