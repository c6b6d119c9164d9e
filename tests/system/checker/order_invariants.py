"""Invariants 17 to 23, 27 and 30: orders, what their customers were told of them, and the events that move them."""

import json
from collections import Counter
from collections.abc import Iterator

from evidence import Evidence, invariant
from journal import accepted
from quiescence import UNDER_WAY, depths

# As services/orders/README.md publishes it; `ended` stands for two statuses there.
PATHS = {
    "placing": {"authorising", "releasing", "cancelled", "rejected"},
    "authorising": {"cancelling", "committing", "releasing"},
    "committing": {"cancelling", "capturing"},
    "capturing": {"cancelling", "confirmed"},
    "confirmed": {"cancelling"},
    "cancelling": {"releasing"},
    "releasing": {"cancelled", "rejected"},
    "cancelled": set(),
    "rejected": set(),
}


@invariant(17)
def history_is_a_legal_path(seen: Evidence) -> Iterator[str]:
    for id, order in seen.now.orders.items():
        path = [entry["status"] for entry in order["history"]]
        if not path or path[0] != "placing" or path[-1] != order["status"]:
            yield f"order {id} is {order['status']}, its history is {path}"
        for before, after in zip(path, path[1:]):
            if after not in PATHS[before]:
                yield f"order {id} went from {before} to {after}"
        if "confirmed" in path and path[-1] == "rejected":
            yield f"order {id} was rejected after it was confirmed"


@invariant(18)
def every_order_comes_to_its_end(seen: Evidence) -> Iterator[str]:
    for id, order in seen.now.orders.items():
        if order["status"] in UNDER_WAY:
            yield f"order {id} is still {order['status']}"


@invariant(19)
def numbers_are_unique(seen: Evidence) -> Iterator[str]:
    for number, times in Counter(order["number"] for order in seen.now.orders.values()).items():
        if times > 1:
            yield f"{times} orders have the number {number}"


@invariant(20)
def an_acknowledged_order_exists_once(seen: Evidence) -> Iterator[str]:
    of_cart: dict[str, set[str]] = {}
    for key, attempt in seen.journal.placements.items():
        told = of_cart.setdefault(attempt["cart"], set())
        for body in accepted(attempt):
            placed = json.loads(body)
            told.add(placed["id"])
            if not stands(placed, attempt, seen.now.orders.get(placed["id"])):
                yield f"{key} was told of order {placed['id']}, which is not there as it was told"
    for cart, orders in of_cart.items():
        if len(orders) > 1:
            yield f"cart {cart} became the orders {sorted(orders)}"
    asked = Counter(customer for customer, _ in {
        (attempt["customer"], attempt["cart"]) for attempt in seen.journal.placements.values()
    })
    for customer, count in Counter(order["customer"] for order in seen.now.orders.values()).items():
        if customer in seen.journal.addresses and count > asked[customer]:
            yield f"customer {customer} asked for {asked[customer]} orders and has {count}"


def stands(placed: dict, attempt: dict, order: dict | None) -> bool:
    return bool(order) and (
        order["customer"] == attempt["customer"]
        and order["number"] == placed["number"]
        and order["totals"]["total"] == placed["total"]
        and {line["sku"]: line["quantity"] for line in order["lines"]} == attempt["lines"]
    )


@invariant(21)
def answers_to_one_key_are_equal(seen: Evidence) -> Iterator[str]:
    for attempts in (seen.journal.placements, seen.journal.refunds, seen.journal.adjustments):
        for key, attempt in attempts.items():
            if len(set(accepted(attempt))) > 1:
                yield f"{key} got different answers"


@invariant(23)
def prices_are_the_catalogs(seen: Evidence) -> Iterator[str]:
    for key, attempt in seen.journal.placements.items():
        for id in {json.loads(body)["id"] for body in accepted(attempt)} & set(seen.now.orders):
            for line in seen.now.orders[id]["lines"]:
                price, known = line["unit_price"]["amount"], seen.journal.prices.get(line["sku"])
                if known and price not in known:
                    yield f"order {id} was charged {price} for {line['sku']}, which never cost that"


@invariant(27)
def no_event_is_parked(seen: Evidence) -> Iterator[str]:
    for parked in seen.now.parked:
        yield f"{parked['event']} is parked for {parked['subscriber']}: {parked['reason']}"


@invariant(30)
def everything_is_drained(seen: Evidence) -> Iterator[str]:
    for address, lag in seen.now.lags.items():
        if any(depths(lag)):
            yield f"{address} has (outbox, in flight, queues) {depths(lag)}"
    for id, payment in seen.now.payments.items():
        if payment["status"] in ("authorising", "authorised", "capturing", "closing"):
            yield f"payment {id} is still {payment['status']}"
