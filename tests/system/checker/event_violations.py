"""What was told and what came of it, wrong one thing at a time."""

import sound_events
from evidence import Evidence
from sound_shop import euros
from violations import violation


def told(seen: Evidence, id: str) -> dict:
    return next(event for event in seen.events if event["id"] == id)


def silence(seen: Evidence, id: str) -> None:
    """Nobody was told of it."""
    seen.events = [event for event in seen.events if event["id"] != id]


def never_was(seen: Evidence, id: str) -> None:
    """Its aggregate has not raised it; those after it move up."""
    aggregate, _, number = id.rpartition("/")
    silence(seen, id)
    for event in seen.events:
        if event["id"].startswith(f"{aggregate}/") and event["sequence"] > int(number):
            event["sequence"] -= 1
            event["id"] = f"{aggregate}/{event['sequence']}"
    seen.now.counters[aggregate]["events"] -= 1


def tell(seen: Evidence, aggregate: str, name: str, data: dict) -> None:
    """One more event, which the aggregate has raised."""
    collection, _, subject = aggregate.partition("/")
    counter = seen.now.counters[aggregate]
    counter["events"] += 1
    seen.events.append(sound_events.event(*collection.split("."), subject, counter["events"], name, data))


def tell_again(seen: Evidence, id: str, **other) -> None:
    """The same under a number of its own."""
    event = told(seen, id)
    tell(seen, id.rpartition("/")[0], event["type"].split(".")[2], {**event["data"], **other})


@violation(26, "an event in the middle was lost")
def _(seen):
    silence(seen, "inventory.stock/MIC/4")


@violation(26, "the first event was lost")
def _(seen):
    silence(seen, "inventory.stock/MIC/1")


@violation(26, "the last event never left its outbox")
def _(seen):
    seen.now.counters["inventory.holds/sold"]["events"] += 1


@violation(26, "nobody was told of anything that an aggregate raised")
def _(seen):
    silence(seen, "users.sessions/session/1")


@violation(26, "a gap shows although nobody has counted")
def _(seen):
    seen.now.counters = {}
    silence(seen, "inventory.stock/MIC/4")


@violation(28, "a copy says something else")
def _(seen):
    event = told(seen, "users.sessions/session/1")
    seen.events.append({**event, "data": {**event["data"], "tokens_expire_at": "2027"}})


@violation(28, "a copy is from another epoch")
def _(seen):
    seen.events.append({**told(seen, "users.sessions/session/1"), "epoch": 2})


@violation(28, "an event is not what its id says")
def _(seen):
    told(seen, "users.sessions/session/1")["source"] = "orders"


@violation(28, "an order is confirmed twice")
def _(seen):
    tell_again(seen, "orders.orders/sold/5")


@violation(28, "a refund is told twice", 29)
def _(seen):
    tell_again(seen, "payments.payments/pay sold/3")


@violation(28, "a session ends twice")
def _(seen):
    tell_again(seen, "users.sessions/session/1")


@violation(28, "a question is asked twice as the same attempt")
def _(seen):
    tell_again(seen, "orders.orders/sold/3")


@violation(28, "a question is answered twice")
def _(seen):
    tell_again(seen, "inventory.holds/sold/2")


@violation(28, "a question is answered with yes and with no")
def _(seen):
    data = told(seen, "payments.payments/pay declined/1")["data"]
    tell(seen, "payments.payments/pay stopped", "payment_declined",
         {**data, "ref": sound_events.ref("stopped", "authorise"), "payment": "pay stopped"})


@violation(28, "an order goes on without an answer")
def _(seen):
    never_was(seen, "inventory.holds/declined/1")


@violation(28, "an order ends without an answer")
def _(seen):
    never_was(seen, "payments.payments/pay stopped/2")


@violation(28, "stock was sold that nobody asked to sell")
def _(seen):
    never_was(seen, "orders.orders/sold/3")


@violation(28, "more is claimed than was asked for")
def _(seen):
    for entry in seen.now.movements["CBL"]:
        if entry["reference"] == "declined":
            entry["quantity"] *= 2
            entry["claimed_after"] *= 2


@violation(28, "money was taken that nobody asked to take")
def _(seen):
    never_was(seen, "orders.orders/sold/4")


@violation(28, "a message is left for a fact that was not told")
def _(seen):
    never_was(seen, "orders.orders/stopped/6")


@violation(29, "the catalog has kept an older state", 31)
def _(seen):
    tell(seen, "inventory.stock/MIC", "availability_changed", {"sku": "MIC", "available": 3})


@violation(29, "the catalog has heard of stock that nobody has told of")
def _(seen):
    seen.events = [event for event in seen.events if event["subject"] != "MIC"]
    del seen.now.counters["inventory.stock/MIC"]


@violation(29, "a cart has kept an older price", 31)
def _(seen):
    tell_again(seen, "catalog.products/product/1")


@violation(29, "an older epoch wins", 31)
def _(seen):
    told(seen, "catalog.products/product/1")["epoch"] = 2


@violation(29, "inventory has not heard of a new product")
def _(seen):
    variants = [{"sku": "NEW", "name": "one", "price": euros(1), "sellable": True}]
    seen.now.counters["catalog.products/new"] = {"id": "new", "version": 1, "events": 0, "entries": 0}
    tell(seen, "catalog.products/new", "product_changed", {"product": "new", "name": "New", "variants": variants})


@violation(29, "a mail goes to an address that was never told")
def _(seen):
    for number in (1, 2):
        told(seen, f"users.guests/ann/{number}")["data"]["email"] = f"{number}@example.com"


@violation(29, "a fact leaves no message", 32)
def _(seen):
    seen.now.messages = [message for message in seen.now.messages if message["id"] != "welcome/usr"]
    seen.now.mails = [mail for mail in seen.now.mails if mail["id"] != "welcome/usr"]


@violation(29, "an order has not noted a refund", 31)
def _(seen):
    tell_again(seen, "payments.payments/pay sold/3", refund="late")


@violation(31, "an aggregate has not raised so many")
def _(seen):
    seen.now.counters["users.sessions/session"]["events"] = 0


@violation(31, "an aggregate is not there")
def _(seen):
    del seen.now.counters["users.sessions/session"]


@violation(31, "an order tells of a status that it never had")
def _(seen):
    ref = sound_events.ref("declined", "close_payment")
    tell(seen, "orders.orders/declined", "payment_close_requested", {"ref": ref})


@violation(31, "an order was confirmed under another number")
def _(seen):
    told(seen, "orders.orders/sold/5")["data"]["number"] = "BL-other"


@violation(31, "a payment was asked for over another amount")
def _(seen):
    told(seen, "orders.orders/declined/2")["data"]["amount"] = euros(1)


@violation(31, "an order tells of another's")
def _(seen):
    event = told(seen, "orders.orders/undone/8")
    seen.events.append({**event, "id": "orders.orders/sold/6", "subject": "sold", "sequence": 6})
    seen.events.remove(event)
    seen.now.counters["orders.orders/sold"]["events"] += 1
    seen.now.counters["orders.orders/undone"]["events"] -= 1


@violation(31, "stock was refused that is not short")
def _(seen):
    told(seen, "inventory.holds/short/1")["data"]["shortages"][0]["available"] = 90


@violation(31, "stock was held that was never claimed")
def _(seen):
    tell(seen, "inventory.holds/short", "stock_held", {"ref": sound_events.ref("short", "hold_stock", 2)})


@violation(31, "stock was sold that never left")
def _(seen):
    tell(seen, "inventory.holds/short", "stock_committed", {"ref": sound_events.ref("short", "commit_stock")})


@violation(31, "stock was given back that is sold")
def _(seen):
    tell(seen, "inventory.holds/sold", "stock_released", {"ref": sound_events.ref("sold", "release_stock")})


@violation(31, "stock was told that never was")
def _(seen):
    told(seen, "inventory.stock/MIC/4")["data"]["available"] = 1


@violation(31, "another amount was reserved")
def _(seen):
    told(seen, "payments.payments/pay stopped/1")["data"]["amount"] = euros(1)


@violation(31, "money was taken of a declined payment")
def _(seen):
    data = {**told(seen, "payments.payments/pay sold/2")["data"], "payment": "pay declined"}
    tell(seen, "payments.payments/pay declined", "payment_captured",
         {**data, "ref": sound_events.ref("declined", "capture")})


@violation(31, "a payment was declined that stands")
def _(seen):
    data = {**told(seen, "payments.payments/pay declined/1")["data"], "payment": "pay sold"}
    tell(seen, "payments.payments/pay sold", "payment_declined",
         {**data, "ref": sound_events.ref("sold", "authorise", 2)})


@violation(31, "a capture was refused and made")
def _(seen):
    tell(seen, "payments.payments/pay sold", "capture_refused",
         {"ref": sound_events.ref("sold", "capture", 2), "payment": "pay sold"})


@violation(31, "a payment speaks for another's order")
def _(seen):
    told(seen, "payments.payments/pay sold/1")["data"]["payment"] = "pay undone"


@violation(31, "a closing has not given that back", 29)
def _(seen):
    told(seen, "payments.payments/pay undone/3")["data"]["returned"] = euros(1)


@violation(31, "a refund is over another amount", 29)
def _(seen):
    told(seen, "payments.payments/pay sold/3")["data"]["amount"] = euros(1)


@violation(31, "a user has told of an address who is not there")
def _(seen):
    seen.now.counters["users.users/ghost"] = {"id": "ghost", "version": 1, "events": 0, "entries": 0}
    tell(seen, "users.users/ghost", *sound_events.contact("ghost", "ghost@example.com"))


@violation(31, "a user has told of another address", 29)
def _(seen):
    told(seen, "users.users/usr/1")["data"]["email"] = "other@example.com"


@violation(31, "the catalog's last word is not what it shows")
def _(seen):
    for variant in told(seen, "catalog.products/product/2")["data"]["variants"]:
        variant["sellable"] = False
    seen.now.quotes = {}
