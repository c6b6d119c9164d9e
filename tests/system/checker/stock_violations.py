"""Stock that is wrong, one thing at a time."""

import sound_events
from evidence import Evidence
from sound_shop import answers, movements
from violations import violation


def replace_ledger(seen: Evidence, sku: str, *steps: tuple) -> None:
    """The counters and what is told follow, so that only the story is wrong."""
    seen.now.movements[sku] = ledger = movements(*steps)
    level = seen.now.stock[sku]["levels"][0]
    level["on_hand"], level["claimed"] = ledger[-1]["on_hand_after"], ledger[-1]["claimed_after"]
    level["available"] = level["on_hand"] - level["claimed"]
    show_stock(seen, sku, level["available"])
    tell_stock(seen, sku)


def tell_stock(seen: Evidence, sku: str) -> None:
    """Tells its ledger anew."""
    told = sound_events.story("inventory", "stock", sku, sound_events.said_by_stock(sku, seen.now.movements[sku]))
    seen.events = [event for event in seen.events if event["subject"] != sku] + told
    seen.now.counters = sound_events.counters(seen.events)


def show_stock(seen: Evidence, sku: str, units: int) -> None:
    seen.now.stock[sku]["available"] = units
    for view in seen.now.products["product"]:
        next(variant for variant in view["variants"] if variant["sku"] == sku)["available"] = min(10, units)


def story(seen: Evidence, sku: str) -> list[tuple]:
    return [(entry["kind"], entry["quantity"], entry["reference"]) for entry in seen.now.movements[sku]]


@violation(1, "a unit lies there that nobody brought", 29)
def _(seen):
    level = seen.now.stock["MIC"]["levels"][0]
    level["on_hand"], level["available"] = 9, 9
    show_stock(seen, "MIC", 9)


@violation(1, "an adjustment that was acknowledged is missing")
def _(seen):
    seen.journal.adjustments["found"] = {"sku": "MIC", "quantity": 3, "answers": answers({})}


@violation(1, "an adjustment was made twice")
def _(seen):
    replace_ledger(seen, "MIC", ("adjusted", 10, "delivery"), *story(seen, "MIC"))


@violation(2, "a claim stays behind that the ledger does not know")
def _(seen):
    level = seen.now.stock["CBL"]["levels"][0]
    level["claimed"], level["available"] = 1, 16
    show_stock(seen, "CBL", 16)


@violation(2, "the available units of a location are wrong")
def _(seen):
    seen.now.stock["CBL"]["levels"][0]["available"] = 18
    seen.now.stock["CBL"]["available"] = 18


@violation(2, "the sum over all locations is wrong")
def _(seen):
    seen.now.stock["CBL"]["available"] = 11


@violation(3, "more is claimed than there is, for a moment")
def _(seen):
    replace_ledger(seen, "CBL", ("adjusted", 20, "delivery"), ("adjusted", -18, "theft"), *story(seen, "CBL")[1:],
                   ("adjusted", 18, "found"))


@violation(4, "an update was overwritten by another", 1)
def _(seen):
    for entry in seen.now.movements["CBL"][3:]:
        entry["on_hand_after"] += 1
    seen.now.stock["CBL"]["levels"][0].update(on_hand=18, available=18)
    show_stock(seen, "CBL", 18)


@violation(4, "a movement has vanished")
def _(seen):
    for entry in seen.now.movements["CBL"][2:]:
        entry["number"] += 1


@violation(4, "the past is another than before")
def _(seen):
    seen.before.movements["MIC"] = movements(("adjusted", 11, "delivery"))


@violation(5, "more is sold than there has ever been", 3)
def _(seen):
    seen.before = None
    replace_ledger(seen, "CBL", ("adjusted", 2, "delivery"), *story(seen, "CBL")[1:])


@violation(6, "a hold is released twice", 3, 31)
def _(seen):
    replace_ledger(seen, "CBL", *story(seen, "CBL"), ("released", -4, "declined"))


@violation(6, "a hold never ends", 31)
def _(seen):
    replace_ledger(seen, "CBL", *story(seen, "CBL")[:-1])


@violation(6, "a released hold claims again", 28)
def _(seen):
    replace_ledger(seen, "CBL", *story(seen, "CBL"), *story(seen, "CBL")[-2:])


@violation(6, "a hold is released here and sold there", 7, 28, 31)
def _(seen):
    steps = [("released" if step == ("committed", -3, "sold") else step[0], *step[1:]) for step in story(seen, "CBL")]
    replace_ledger(seen, "CBL", *steps)


@violation(7, "a cancelled order has not given its goods back", 31)
def _(seen):
    replace_ledger(seen, "MIC", *(step for step in story(seen, "MIC") if step[0] != "returned"))


@violation(7, "a confirmed order took less than its line says", 31)
def _(seen):
    replace_ledger(seen, "CBL", *((kind, units // 3 if order == "sold" else units, order)
                                  for kind, units, order in story(seen, "CBL")))


@violation(8, "a hold is nobody's")
def _(seen):
    replace_ledger(seen, "MIC", *story(seen, "MIC"), ("claimed", 1, "ghost"), ("released", -1, "ghost"))


@violation(8, "an order went on without a hold", 31)
def _(seen):
    replace_ledger(seen, "CBL", *(step for step in story(seen, "CBL") if step[2] != "declined"))
