"""A small shop in which everything is right, made by hand: what the checker's own tests break, bit by bit.

Five orders: `sold` (confirmed, one unit given back in money), `undone` (cancelled after it was paid for), `declined`
(by the card), `stopped` (cancelled while its money was reserved) and `short` (out of stock).
"""

import json

import sound_events
from evidence import Evidence
from journal import Journal
from snapshot import Snapshot

PRICE = {"MIC": 1000, "CBL": 100}
EMAIL = {"ann": "ann@example.com", "bob": "bob@example.com"}
SHIPPING, TAX = 500, 300
AT = "2026-01-01T00:00:00.000Z"
PATH_TO_SALE = ["placing", "authorising", "committing", "capturing", "confirmed"]
PATHS = {
    "sold": PATH_TO_SALE,
    "undone": PATH_TO_SALE + ["cancelling", "releasing", "cancelled"],
    "declined": ["placing", "authorising", "releasing", "rejected"],
    "stopped": ["placing", "authorising", "cancelling", "releasing", "cancelled"],
    "short": ["placing", "rejected"],
}
LINES = {
    "sold": {"MIC": 2, "CBL": 3}, "undone": {"MIC": 1}, "declined": {"CBL": 4}, "stopped": {"MIC": 1},
    "short": {"CBL": 90},
}
CUSTOMER = {"sold": "ann", "undone": "bob", "declined": "bob", "stopped": "bob", "short": "ann"}
# What the provider did, in the order of arrival: payment, operation, whether it did it, which refund.
PROVIDER = [
    ("sold", "create", True, None), ("sold", "authorise", True, None), ("sold", "capture", True, None),
    ("undone", "create", True, None), ("undone", "authorise", True, None), ("undone", "capture", True, None),
    ("undone", "refund", True, "all"),
    ("declined", "create", True, None), ("declined", "authorise", False, None),
    ("stopped", "create", True, None), ("stopped", "authorise", True, None), ("stopped", "void", True, None),
    ("sold", "refund", True, "dent"),
]
PAYMENT_STATUS = {"sold": "captured", "undone": "closed", "declined": "declined", "stopped": "closed"}
ON_HAND = {"MIC": 8, "CBL": 17}


def euros(amount: int) -> dict:
    return {"amount": amount, "currency": "EUR"}


def subtotal(order: str) -> int:
    return sum(PRICE[sku] * quantity for sku, quantity in LINES[order].items())


def total(order: str) -> int:
    return subtotal(order) + SHIPPING + TAX


def amount_of(order: str, operation: str, refund: str | None) -> int:
    return {"void": 0, "refund": 1000 if refund == "dent" else total(order)}.get(operation, total(order))


def order(id: str) -> dict:
    paid = total(id) if id in ("sold", "undone") else 0
    lines = [
        {"sku": sku, "quantity": quantity, "unit_price": euros(PRICE[sku]), "total": euros(PRICE[sku] * quantity)}
        for sku, quantity in LINES[id].items()
    ]
    totals = {"subtotal": subtotal(id), "shipping": SHIPPING, "tax": TAX, "total": total(id)}
    return {
        "id": id, "number": f"BL-{id}", "customer": CUSTOMER[id], "status": PATHS[id][-1], "lines": lines,
        "totals": {name: euros(amount) for name, amount in totals.items()},
        "paid": euros(paid), "refunded": euros({"sold": 1000, "undone": paid}.get(id, 0)),
        "history": [{"status": status, "at": AT} for status in PATHS[id]], "version": len(PATHS[id]),
    }


def movements(*steps: tuple) -> list[dict]:
    """From (kind, quantity, reference), with the counters that follow."""
    ledger: list[dict] = []
    on_hand = claimed = 0
    for number, (kind, quantity, reference) in enumerate(steps, 1):
        on_hand += quantity * (kind in ("adjusted", "returned", "committed"))
        claimed += quantity * (kind in ("claimed", "released", "committed"))
        ledger.append({
            "number": number, "kind": kind, "location": "main", "quantity": quantity, "reference": reference,
            "on_hand_after": on_hand, "claimed_after": claimed,
        })
    return ledger


def ledgers() -> dict[str, list[dict]]:
    mic = [("claimed", 2, "sold"), ("committed", -2, "sold"), ("claimed", 1, "undone"), ("committed", -1, "undone"),
           ("returned", 1, "undone"), ("claimed", 1, "stopped"), ("released", -1, "stopped")]
    cbl = [("claimed", 3, "sold"), ("committed", -3, "sold"), ("claimed", 4, "declined"), ("released", -4, "declined")]
    return {"MIC": movements(("adjusted", 10, "delivery"), *mic), "CBL": movements(("adjusted", 20, "delivery"), *cbl)}


def stock(sku: str) -> dict:
    units = ON_HAND[sku]
    level = {"location": "main", "on_hand": units, "claimed": 0, "available": units}
    return {"sku": sku, "available": units, "levels": [level]}


def provider() -> list[dict]:
    return [
        {
            "number": number, "key": f"{payment}/{operation}", "operation": operation, "payment": f"pay {payment}",
            "amount": euros(amount_of(payment, operation, refund)), "ok": ok, **({"refund": refund} if refund else {}),
        }
        for number, (payment, operation, ok, refund) in enumerate(PROVIDER, 1)
    ]


def transactions(payment: str) -> list[dict]:
    kinds = {"authorise": "authorised", "capture": "captured", "void": "voided", "refund": "refunded"}
    postings = {"captured": ("provider_receivable", "sales_clearing"), "refunded": ("refunds", "provider_receivable")}
    entries: list[dict] = []
    for row in provider():
        if row["payment"] == payment and row["operation"] != "create":
            kind = kinds[row["operation"]] if row["ok"] else "declined"
            entry = {"number": len(entries) + 1, "kind": kind, "amount": row["amount"], "key": row["key"]}
            if kind in postings:
                entry["posting"] = dict(zip(("debit", "credit"), postings[kind]))
            entries.append(entry)
    return entries


def payment(id: str) -> dict:
    view = order(id)
    return {
        "id": f"pay {id}", "order": id, "customer": CUSTOMER[id], "status": PAYMENT_STATUS[id],
        "captured": view["paid"], "refunded": view["refunded"],
    }


def refund(id: str, of: str, by: str) -> dict:
    amount = euros(amount_of(of, "refund", id))
    view = {"id": id, "payment": f"pay {of}", "amount": amount, "reason": "because", "requested_by": by}
    return {"refund": view, "status": "done"}


def told() -> dict[str, tuple[str, str]]:
    """Each message's customer and what its mail says."""
    letters = {"welcome/usr": ("usr", "hello"), "payment_refunded/dent": ("ann", "10.00")}
    for id, path in PATHS.items():
        for status in {"confirmed", "cancelled", "rejected"} & set(path):
            letters[f"order_{status}/{id}"] = (CUSTOMER[id], f"your order BL-{id}")
    return letters


def messages() -> list[dict]:
    return [
        {"id": id, "template": id.split("/")[0], "customer": customer, "status": "sent", "raised_at": AT, "sent_at": AT}
        for id, (customer, _) in told().items()
    ]


def mails() -> list[dict]:
    return [
        {"id": id, "to": EMAIL.get(customer, "usr@example.com"), "text": text, "sent_at": AT}
        for id, (customer, text) in told().items()
    ]


def product() -> dict:
    variants = [
        {"sku": sku, "price": euros(price), "sellable": True, "available": min(10, ON_HAND[sku])}
        for sku, price in PRICE.items()
    ]
    return {"id": "product", "version": 2, "variants": variants}


def snapshot() -> Snapshot:
    paid_for = [id for id in PATHS if id in PAYMENT_STATUS]
    return Snapshot(
        orders={id: order(id) for id in PATHS},
        stock={sku: stock(sku) for sku in PRICE},
        movements=ledgers(),
        payments={f"pay {id}": payment(id) for id in paid_for},
        transactions={f"pay {id}": transactions(f"pay {id}") for id in paid_for},
        refunds={"dent": refund("dent", "sold", "staff"), "all": refund("all", "undone", "orders")},
        provider=provider(),
        messages=messages(),
        mails=mails(),
        users={"usr": {"id": "usr", "email": "usr@example.com"}},
        products={"product": [product(), product()]},
        quotes={sku: [price, price] for sku, price in PRICE.items()},
        lags={"operators": {"backlog": 0, "in_flight": 0, "queues": [{"subscriber": "orders", "events": 0}]}},
        parked=[],
    )


def answers(body: dict, times: int = 1) -> list[dict]:
    return [{"status": 201, "body": json.dumps(body)} for _ in range(times)]


def journal() -> Journal:
    placements = {
        f"key {id}": {
            "customer": CUSTOMER[id], "cart": f"cart {id}", "lines": LINES[id],
            "answers": answers({"id": id, "number": f"BL-{id}", "total": euros(total(id))}, times=2),
        }
        for id in PATHS
    }
    placements["key lost"] = {"customer": "ann", "cart": "cart lost", "lines": {"MIC": 1}, "answers": []}
    return Journal(
        addresses=dict(EMAIL),
        placements=placements,
        refunds={"key dent": {"payment": "pay sold", "amount": 1000, "answers": answers({"id": "dent"})}},
        adjustments={"delivery": {"sku": "MIC", "quantity": 10, "answers": answers({"id": "adjustment"})}},
        prices={sku: [price] for sku, price in PRICE.items()},
        logged_out={"session": {"refresh": 401, "visit": 401}},
        intrusions=[{"customer": "bob", "order": "sold", "status": 404}],
        versions={"sold": [1, 2, 2, 5]},
    )


def evidence() -> Evidence:
    """Fresh, for the caller to spoil."""
    before = Snapshot(stock={}, movements={sku: ledger[:1] for sku, ledger in ledgers().items()})
    now = snapshot()
    events = sound_events.events(now, EMAIL)
    now.counters = sound_events.counters(events)
    return Evidence(now, journal(), before, events=events)
