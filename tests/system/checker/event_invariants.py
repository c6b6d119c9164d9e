"""Invariants 26, 28, 29 and 31: what a shop told the world, what came of it, and that all of it was so. The events are
those of a witness on the bus (`told.py`); where nobody listened, there is nothing to find."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from evidence import Evidence, invariant
from explanations import unexplained
from reading_invariants import SHOWN_MAX
from snapshot import Snapshot
from stock_invariants import of_saga
from told import Told, aggregate_of, name_of, newest

# The answer that leads an order from one status to the next, by the table in services/orders/checkout/saga.cpp. Where a
# row is missing, people and clocks lead there, too.
LED_BY = {
    ("placing", "authorising"): "stock_held",
    ("placing", "cancelled"): "stock_refused",
    ("placing", "rejected"): "stock_refused",
    ("authorising", "committing"): "payment_authorised",
    ("authorising", "releasing"): "payment_declined",
    ("committing", "capturing"): "stock_committed",
    ("capturing", "confirmed"): "payment_captured",
    ("cancelling", "releasing"): "payment_closed",
    ("releasing", "cancelled"): "stock_released",
    ("releasing", "rejected"): "stock_released",
}
# Who asked for a movement or a transaction, by its kind; one of them is enough.
ASKED_BY = {
    "committed": ("stock_commit_requested",),
    "released": ("stock_release_requested", "stock_refused"),
    "returned": ("stock_release_requested",),
    "authorised": ("payment_requested",),
    "declined": ("payment_requested",),
    "captured": ("capture_requested",),
    "voided": ("payment_close_requested",),
}
# The message that a fact leaves, and what it is about.
MESSAGES = {
    "user_registered": ("welcome", "user"),
    "order_confirmed": ("order_confirmed", "order"),
    "order_rejected": ("order_rejected", "order"),
    "order_cancelled": ("order_cancelled", "order"),
    "payment_refunded": ("payment_refunded", "refund"),
}
# A closing may be answered again by itself, if money turns up after it.
ANSWERS = set(LED_BY.values()) - {"payment_closed"} | {"capture_refused"}
REQUESTS = {
    "stock_hold_requested", "payment_requested", "stock_commit_requested", "capture_requested",
    "payment_close_requested", "stock_release_requested",
}


@invariant(26)
def events_have_no_gap(seen: Evidence) -> Iterator[str]:
    """Numbers beyond the counter are 31's business."""
    if seen.events is None:
        return
    told: dict[str, set[int]] = defaultdict(set)
    for event in seen.events:
        told[aggregate_of(event)].add(event["sequence"])
    for aggregate in sorted(told.keys() | seen.now.counters.keys()):
        numbers = told.get(aggregate, set())
        last = max(numbers, default=0)
        raised = seen.now.counters.get(aggregate, {"events": last})["events"]
        if gap := numbers ^ set(range(1, last + 1)):
            yield f"the events of {aggregate} have a gap at {sorted(gap)}"
        if last < raised:
            yield f"{aggregate} has raised {raised} events, nobody was told of those after {last}"


@invariant(28)
def every_event_is_one_and_has_one_effect(seen: Evidence) -> Iterator[str]:
    """Whatever came of an event has one that asked for it, and no more came of it than it asked for."""
    if seen.events is None:
        return
    told = Told(seen.events)
    yield from mistaken(seen.events)
    yield from repeated(told)
    yield from steps_without_answer(seen.now, told)
    yield from movements_without_request(seen.now, told)
    yield from transactions_without_request(seen.now, told)
    facts = messages_of(told)
    for id in {message["id"] for message in seen.now.messages} - facts:
        yield f"the message {id} is about nothing that was told"


def mistaken(heard: list[dict]) -> Iterator[str]:
    """Copies of one event are equal, and its id is what its fields say."""
    first: dict[str, dict] = {}
    for id in {event["id"] for event in heard if first.setdefault(event["id"], event) != event}:
        yield f"{id} is told in different words"
    for id, event in first.items():
        service = id.partition(".")[0]
        if service != event["source"] or not id.endswith(f"/{event['subject']}/{event['sequence']}"):
            yield f"{id} calls itself number {event['sequence']} of {event['subject']} of {event['source']}"


def business_key(event: dict) -> tuple | None:
    """What a fact is about; no two say the same of it. An answer is one to its question, whatever it says."""
    name, data = name_of(event), event["data"]
    if name in ANSWERS | REQUESTS:
        ref = data["ref"]
        return "an answer" if name in ANSWERS else name, ref["order"], ref["step"], ref["attempt"]
    if name in MESSAGES:
        return name, data[MESSAGES[name][1]]
    return ("session_ended", data["session"]) if name == "session_ended" else None


def repeated(told: Told) -> Iterator[str]:
    first: dict[tuple, str] = {}
    for event in told.events:
        key = business_key(event)
        if key and first.setdefault(key, event["id"]) != event["id"]:
            yield f"{event['id']} and {first[key]} are both {' '.join(str(part) for part in key)}"


def steps(order: dict) -> list[tuple[str, str]]:
    path = [entry["status"] for entry in order["history"]]
    return list(zip(path, path[1:]))


def steps_without_answer(now: Snapshot, told: Told) -> Iterator[str]:
    for id, order in now.orders.items():
        for step in steps(order):
            if step in LED_BY and not told.of_order(id, LED_BY[step]):
                yield f"order {id} went from {step[0]} to {step[1]} without {LED_BY[step]}"


def movements_without_request(now: Snapshot, told: Told) -> Iterator[str]:
    """Movements for what is no order are 8's business."""
    claimed: Counter = Counter()
    for sku, movement in of_saga(now):
        order, kind = movement["reference"], movement["kind"]
        if order not in now.orders:
            continue
        claimed[order, sku] += movement["quantity"] if kind == "claimed" else 0
        if kind in ASKED_BY and not told.of_order(order, *ASKED_BY[kind]):
            yield f"{sku} was {kind} for {order}, and nobody asked for it"
    for (order, sku), units in claimed.items():
        requests = told.of_order(order, "stock_hold_requested")
        asked = [line["quantity"] for data in requests for line in data["lines"] if line["sku"] == sku]
        if units > max(asked, default=0):
            yield f"{units} of {sku} were claimed for {order}, which asked for {max(asked, default=0)}"


def transactions_without_request(now: Snapshot, told: Told) -> Iterator[str]:
    for id, entries in now.transactions.items():
        order = now.payments[id]["order"]
        for kind in {entry["kind"] for entry in entries}:
            if kind in ASKED_BY and not told.of_order(order, *ASKED_BY[kind]):
                yield f"{id} was {kind}, and nobody asked for it"


def messages_of(told: Told) -> set[str]:
    """The ids of those that the facts must leave."""
    return {
        f"{template}/{data[about]}" for name, (template, about) in MESSAGES.items() for data in told.data(name)
    }


@invariant(29)
def the_newest_state_stands_and_no_fact_is_lost(seen: Evidence) -> Iterator[str]:
    if seen.events is None:
        return
    told = Told(seen.events)
    yield from old_shelves(seen.now, told)
    yield from old_quotes(seen.now, told)
    yield from strange_addresses(seen.now, told)
    yield from refunds_not_noted(seen.now, told)
    for id in messages_of(told) - {message["id"] for message in seen.now.messages}:
        yield f"the message {id} was never left"
    for sku in offers(told).keys() - seen.now.stock.keys():
        yield f"{sku} was told of, and inventory has not heard"


def old_shelves(now: Snapshot, told: Told) -> Iterator[str]:
    states = told.states("availability_changed", "sku")
    units = {sku: events[-1]["data"]["available"] for sku, events in states.items()}
    for variant in (variant for views in now.products.values() for view in views for variant in view["variants"]):
        sku = variant["sku"]
        if variant["available"] != min(units.get(sku, 0), SHOWN_MAX):
            yield f"the catalog shows {variant['available']} of {sku}, last told were {units.get(sku, 0)}"


def offers(told: Told) -> dict[str, dict]:
    """By SKU: the newest that the catalog told of it."""
    by_sku: dict[str, list[dict]] = defaultdict(list)
    for event in told.by_name.get("product_changed", []):
        for variant in event["data"]["variants"]:
            by_sku[variant["sku"]].append({**variant, "epoch": event["epoch"], "sequence": event["sequence"]})
    return {sku: newest(variants) for sku, variants in by_sku.items()}


def old_quotes(now: Snapshot, told: Told) -> Iterator[str]:
    newest_offers = offers(told)
    for sku, prices in now.quotes.items():
        offer = newest_offers.get(sku, {"sellable": False})
        right = offer["price"]["amount"] if offer["sellable"] else -1
        if any(price != right for price in prices):
            yield f"a cart says {prices} for {sku}, last told was {right}"


def strange_addresses(now: Snapshot, told: Told) -> Iterator[str]:
    """A mail may have gone out before its customer moved, so that each address was right once."""
    of_customer: dict[str, set[str | None]] = defaultdict(set)
    for data in told.data("contact_changed"):
        of_customer[data["customer"]].add(data.get("email"))
    customers = {message["id"]: message["customer"] for message in now.messages}
    for mail in now.mails:
        customer = customers.get(mail["id"])
        if customer and mail["to"] not in of_customer[customer]:
            yield f"{mail['id']} went to {mail['to']}, an address that {customer} has never told"


def refunds_not_noted(now: Snapshot, told: Told) -> Iterator[str]:
    """An order notes what its closing gave back, and each refund that it hears of."""
    for id, order in now.orders.items():
        closings = told.of_order(id, "payment_closed") if ("cancelling", "releasing") in steps(order) else [None]
        refunds = sum(data["amount"]["amount"] for data in told.of_order(id, "payment_refunded"))
        right = {refunds + (data["returned"]["amount"] if data else 0) for data in closings}
        if right and order["refunded"]["amount"] not in right:
            yield f"order {id} knows of {order['refunded']['amount']} refunded, it was told of {sorted(right)}"


@invariant(31)
def only_what_was_written_is_told(seen: Evidence) -> Iterator[str]:
    if seen.events is None:
        return
    told = Told(seen.events)
    services = {aggregate.partition(".")[0] for aggregate in seen.now.counters}
    for event in told.events:
        counter = seen.now.counters.get(aggregate_of(event))
        if counter and event["sequence"] > counter["events"]:
            yield f"{event['id']} was told, and its aggregate has only raised {counter['events']} events"
        if not counter and event["source"] in services:
            yield f"{event['id']} was told, and its aggregate is not there"
    yield from unexplained(seen.now, told)
