"""Invariants 1 to 8: stock, its ledger, and the holds that show in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from evidence import Evidence, invariant
from journal import accepted
from snapshot import Snapshot

ENDS = ("released", "committed")
SAGA = ("claimed", "released", "committed", "returned")


def effect(movement: dict) -> tuple[int, int]:
    """What a movement does to what is on hand and to what is claimed."""
    units = movement["quantity"]
    return (units if movement["kind"] in ("adjusted", "returned", "committed") else 0,
            units if movement["kind"] in ("claimed", "released", "committed") else 0)


def counted(ledger: list[dict]) -> dict[str, tuple[int, int]]:
    """By location: on hand and claimed, as the ledger tells them."""
    counters: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for movement in ledger:
        counters[movement["location"]] = after(counters[movement["location"]], movement)
    return counters


def after(counters: tuple[int, int], movement: dict) -> tuple[int, int]:
    on_hand, claimed = effect(movement)
    return counters[0] + on_hand, counters[1] + claimed


def levels(now: Snapshot) -> Iterator[tuple[str, dict, tuple[int, int]]]:
    """Each SKU and level beside what the ledger says of it."""
    for sku, stock in now.stock.items():
        by_ledger = counted(now.movements[sku])
        for level in stock["levels"]:
            yield sku, level, by_ledger.get(level["location"], (0, 0))


def of_saga(now: Snapshot) -> Iterator[tuple[str, dict]]:
    """What was moved for orders."""
    for sku, ledger in now.movements.items():
        yield from ((sku, movement) for movement in ledger if movement["kind"] in SAGA)


def taken(now: Snapshot) -> Counter:
    """By order and SKU: the units that left the shop for good."""
    units: Counter = Counter()
    for sku, movement in of_saga(now):
        if movement["kind"] in ("committed", "returned"):
            units[movement["reference"], sku] -= movement["quantity"]
    return units


@invariant(1)
def on_hand_is_what_the_ledger_says(seen: Evidence) -> Iterator[str]:
    for sku, level, (on_hand, _) in levels(seen.now):
        if level["on_hand"] != on_hand:
            yield f"{sku} has {level['on_hand']} on hand in {level['location']}, its ledger says {on_hand}"
    made = Counter(
        (sku, movement.get("reference"), movement["quantity"])
        for sku, ledger in seen.now.movements.items() for movement in ledger if movement["kind"] == "adjusted"
    )
    for key, asked in seen.journal.adjustments.items():
        times = made[asked["sku"], key, asked["quantity"]]
        if times > 1 or (times == 0 and accepted(asked)):
            yield f"staff adjusted {asked['sku']} by {asked['quantity']} once ({key}), the ledger has it {times} times"


@invariant(2)
def claimed_is_what_open_orders_hold(seen: Evidence) -> Iterator[str]:
    for sku, level, (_, claimed) in levels(seen.now):
        if level["claimed"] != claimed:
            yield f"{sku} has {level['claimed']} claimed in {level['location']}, its ledger says {claimed}"
        if level["available"] != level["on_hand"] - level["claimed"]:
            yield f"{sku} in {level['location']}: what is available is not what is on hand and not claimed"
    for sku, stock in seen.now.stock.items():
        if stock["available"] != sum(level["available"] for level in stock["levels"]):
            yield f"{sku}: its {stock['available']} available are not the sum of its locations"


@invariant(3)
def nothing_is_ever_oversold(seen: Evidence) -> Iterator[str]:
    for sku, ledger in seen.now.movements.items():
        for movement in ledger:
            if not 0 <= movement["claimed_after"] <= movement["on_hand_after"]:
                yield (f"{sku} in {movement['location']} was oversold by its movement {movement['number']}: "
                       f"{movement['claimed_after']} claimed of {movement['on_hand_after']}")


@invariant(4)
def no_movement_is_lost(seen: Evidence) -> Iterator[str]:
    for sku, ledger in seen.now.movements.items():
        if [movement["number"] for movement in ledger] != list(range(1, len(ledger) + 1)):
            yield f"the ledger of {sku} has a gap"
        counters: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for movement in ledger:
            place = movement["location"]
            counters[place] = after(counters[place], movement)
            if counters[place] != (movement["on_hand_after"], movement["claimed_after"]):
                yield f"{sku} in {place}: an update was lost at movement {movement['number']}"
    for sku, ledger in (seen.before.movements if seen.before else {}).items():
        if seen.now.movements.get(sku, [])[:len(ledger)] != ledger:
            yield f"the ledger of {sku} tells another past than before"


@invariant(5)
def no_more_is_sold_than_there_was(seen: Evidence) -> Iterator[str]:
    sold: Counter = Counter()
    for order in seen.now.orders.values():
        if order["status"] == "confirmed":
            for line in order["lines"]:
                sold[line["sku"]] += line["quantity"]
    for sku, units in sold.items():
        ledger = seen.now.movements.get(sku, [])
        had = sum(max(0, movement["quantity"]) for movement in ledger if movement["kind"] == "adjusted")
        if units > had:
            yield f"{units} of {sku} were sold, there have only been {had}"


@invariant(6)
def every_hold_ends_once(seen: Evidence) -> Iterator[str]:
    """A hold shows in the ledger as one claim for each SKU and location that it takes from, and one end of each. One
    that is undone while it is being committed releases what is claimed still and takes the rest back."""
    history: dict[tuple, list[dict]] = defaultdict(list)
    undone: set[tuple] = set()
    for sku, movement in of_saga(seen.now):
        of = movement["reference"], sku, movement["location"]
        if movement["kind"] == "returned":
            undone.add(of)
        else:
            history[of].append(movement)
    ends: dict[str, set[str]] = defaultdict(set)
    for (order, sku, place), movements in history.items():
        kinds = [movement["kind"] for movement in movements]
        if (order, sku, place) not in undone:
            ends[order] |= {kind for kind in kinds if kind in ENDS}
        whole = kinds in (["claimed", "released"], ["claimed", "committed"])
        if not whole or sum(effect(movement)[1] for movement in movements) != 0:
            yield f"the hold of {order} on {sku} in {place} went {', '.join(kinds)}"
    for order, kinds in ends.items():
        if len(kinds) > 1:
            yield f"the hold of {order} was both released and committed"


@invariant(7)
def what_is_sold_has_left(seen: Evidence) -> Iterator[str]:
    units = taken(seen.now)
    for id, order in seen.now.orders.items():
        for line in order["lines"]:
            right = line["quantity"] if order["status"] == "confirmed" else 0
            if (left := units[id, line["sku"]]) != right:
                yield f"order {id} is {order['status']} and took {left} of {line['sku']}, not {right}"


@invariant(8)
def every_hold_has_an_order(seen: Evidence) -> Iterator[str]:
    claimed = set()
    for sku, movement in of_saga(seen.now):
        order = seen.now.orders.get(movement["reference"])
        claimed.add((movement["reference"], sku))
        if not order or sku not in {line["sku"] for line in order["lines"]}:
            yield f"{sku} was {movement['kind']} for {movement['reference']}, which is no order of it"
    for id, order in seen.now.orders.items():
        held = any(entry["status"] == "authorising" for entry in order["history"])
        for line in order["lines"] if held else []:
            if (id, line["sku"]) not in claimed:
                yield f"order {id} went on without a hold on {line['sku']}"
