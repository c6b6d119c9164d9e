"""Orders, and what people were told and shown, wrong one thing at a time."""

from sound_shop import answers, euros, movements
from stock_violations import story
from violations import violation


@violation(17, "an order takes a short cut", 31)
def _(seen):
    del seen.now.orders["sold"]["history"][2]


@violation(17, "an order goes on after its end", 28)
def _(seen):
    seen.now.orders["short"]["history"] += [{"status": "authorising"}, {"status": "releasing"}, {"status": "rejected"}]
    seen.now.movements["CBL"] = movements(*story(seen, "CBL"), ("claimed", 1, "short"), ("released", -1, "short"))


@violation(17, "an order's history does not end where it is", 29, 31)
def _(seen):
    seen.now.orders["declined"]["history"].pop()
    seen.now.messages = [message for message in seen.now.messages if message["id"] != "order_rejected/declined"]
    seen.now.mails = [mail for mail in seen.now.mails if mail["id"] != "order_rejected/declined"]


@violation(17, "an order that was paid for is rejected", 31, 32, 34)
def _(seen):
    seen.now.orders["undone"]["status"] = seen.now.orders["undone"]["history"][-1]["status"] = "rejected"


@violation(18, "an order is stuck", 31, 34)
def _(seen):
    seen.now.orders["declined"]["status"] = "releasing"
    seen.now.orders["declined"]["history"].pop()


@violation(19, "two orders have one number")
def _(seen):
    for order in ("declined", "stopped"):
        seen.now.orders[order]["number"] = "BL-twice"
        seen.journal.placements[f"key {order}"]["answers"] = []
        for event in seen.events:
            if event["subject"] == order and "number" in event["data"]:
                event["data"]["number"] = "BL-twice"
    for mail in seen.now.mails:
        mail["text"] += " BL-twice"


@violation(20, "an acknowledged order is lost", 31, 34)
def _(seen):
    del seen.now.orders["short"]


@violation(20, "an order has other lines than its cart")
def _(seen):
    seen.journal.placements["key sold"]["lines"] = {"MIC": 1, "CBL": 3}


@violation(20, "an order is somebody else's than who placed it")
def _(seen):
    seen.journal.placements["key sold"]["customer"] = "bob"
    seen.journal.addresses.pop("ann")
    seen.journal.addresses.pop("bob")


@violation(20, "an order costs something else than was said", 21)
def _(seen):
    placed = {"id": "sold", "number": "BL-sold", "total": euros(1)}
    seen.journal.placements["key sold"]["answers"] += answers(placed)


@violation(20, "a cart becomes two orders")
def _(seen):
    seen.journal.placements["key undone"]["cart"] = "cart declined"
    seen.journal.addresses.pop("bob")


@violation(20, "an order is there that nobody asked for")
def _(seen):
    del seen.journal.placements["key undone"]


@violation(21, "a placement's repetition is answered differently")
def _(seen):
    answer = seen.journal.placements["key sold"]["answers"][1]
    answer["body"] = answer["body"].replace(": ", ":")


@violation(21, "a refund's repetition is answered differently")
def _(seen):
    seen.journal.refunds["key dent"]["answers"] += answers({"id": "dent", "more": 1})


@violation(21, "an adjustment's repetition is answered differently")
def _(seen):
    seen.journal.adjustments["delivery"]["answers"] += answers({"id": "other"})


@violation(23, "a line has a price that the catalog never had")
def _(seen):
    seen.journal.prices["CBL"] = [99, 101]


@violation(27, "an event is parked")
def _(seen):
    seen.now.parked.append({"event": "orders.orders/1/1", "subscriber": "payments", "reason": "it broke"})


@violation(30, "an event waits in a queue")
def _(seen):
    seen.now.lags["operators"]["queues"][0]["events"] = 1


@violation(30, "an event waits in an outbox")
def _(seen):
    seen.now.lags["operators"]["backlog"] = 1


@violation(30, "a payment is still under way")
def _(seen):
    seen.now.payments["pay stopped"]["status"] = "closing"


@violation(32, "the end of an order is not told", 29)
def _(seen):
    seen.now.messages = [message for message in seen.now.messages if message["id"] != "order_cancelled/undone"]
    seen.now.mails = [mail for mail in seen.now.mails if mail["id"] != "order_cancelled/undone"]


@violation(32, "a message was given up")
def _(seen):
    seen.now.messages[0]["status"] = "failed"


@violation(32, "a message still waits")
def _(seen):
    seen.now.messages[0]["status"] = "waiting"


@violation(32, "a mail was sent and never came")
def _(seen):
    seen.now.mails.pop()


@violation(33, "a mail comes twice")
def _(seen):
    seen.now.mails.append(seen.now.mails[0])


@violation(33, "two messages tell the same")
def _(seen):
    seen.now.messages.append(dict(seen.now.messages[0]))


@violation(34, "a mail tells of what did not happen")
def _(seen):
    seen.now.mails.append({**seen.now.mails[0], "id": "order_confirmed/short"})


@violation(34, "a message is kept for what did not happen", 28)
def _(seen):
    seen.now.messages.append({**seen.now.messages[0], "id": "order_confirmed/short"})


@violation(34, "a mail goes to somebody else", 29)
def _(seen):
    next(mail for mail in seen.now.mails if mail["id"] == "order_confirmed/sold")["to"] = "bob@example.com"


@violation(34, "a mail tells of another order")
def _(seen):
    next(mail for mail in seen.now.mails if mail["id"] == "order_confirmed/sold")["text"] = "your order BL-undone"


@violation(34, "a message is another customer's", 29)
def _(seen):
    next(message for message in seen.now.messages if message["id"] == "order_confirmed/sold")["customer"] = "bob"


@violation(37, "a session goes on after its log-out")
def _(seen):
    seen.journal.logged_out["session"]["refresh"] = 200


@violation(37, "an access token outlives its session")
def _(seen):
    seen.journal.logged_out["session"]["visit"] = 200


@violation(38, "somebody sees another's order")
def _(seen):
    seen.journal.intrusions[0]["status"] = 200


@violation(38, "somebody is told that another's order exists")
def _(seen):
    seen.journal.intrusions[0]["status"] = 403


@violation(39, "an order becomes younger")
def _(seen):
    seen.journal.versions["sold"] = [1, 3, 2]


@violation(39, "an order has lost what its customer saw")
def _(seen):
    seen.journal.versions["sold"] = [1, 6]


@violation(41, "the catalog shows other stock", 29)
def _(seen):
    seen.now.products["product"][1]["variants"][0]["available"] = 7


@violation(41, "a replica shows an old product")
def _(seen):
    seen.now.products["product"][1]["version"] = 0


@violation(41, "a cart shows an old price", 29)
def _(seen):
    seen.now.quotes["MIC"][1] = 999
