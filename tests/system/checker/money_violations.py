"""Money that is wrong, one thing at a time."""

from evidence import Evidence
from sound_shop import answers, euros
from violations import violation


def row(seen: Evidence, key: str) -> dict:
    return next(row for row in seen.now.provider if row["key"] == key)


@violation(9, "a capture is done twice under its key", 10, 11, 13)
def _(seen):
    seen.now.provider.append({**row(seen, "sold/capture"), "number": 99})


@violation(10, "a refund comes before the capture")
def _(seen):
    seen.now.provider.remove(capture := row(seen, "undone/capture"))
    seen.now.provider.append(capture)


@violation(10, "more is reserved than the order costs", 13)
def _(seen):
    row(seen, "sold/authorise")["amount"] = euros(99999)


@violation(11, "a confirmed order's money was never taken", 10, 13)
def _(seen):
    seen.now.provider.remove(row(seen, "sold/capture"))


@violation(11, "a cancelled order's money is kept", 13, 16, 31)
def _(seen):
    seen.now.provider.remove(row(seen, "undone/refund"))
    del seen.now.refunds["all"]


@violation(11, "a cancelled order's reservation stands", 13)
def _(seen):
    seen.now.provider.remove(row(seen, "stopped/void"))


@violation(11, "an order says that more was paid")
def _(seen):
    seen.now.orders["sold"]["paid"] = euros(1)


@violation(12, "a charge is nobody's")
def _(seen):
    seen.now.provider.append({**row(seen, "sold/create"), "key": "ghost/create", "payment": "pay ghost", "number": 99})


@violation(12, "a charge is in another currency")
def _(seen):
    row(seen, "declined/create")["amount"]["currency"] = "USD"


@violation(12, "an order has two payments")
def _(seen):
    seen.now.payments["pay more"] = {**seen.now.payments["pay declined"], "id": "pay more"}
    seen.now.transactions["pay more"] = []


@violation(13, "we missed what the provider did")
def _(seen):
    seen.now.transactions["pay stopped"].pop()


@violation(13, "we book a decline that the provider did not give")
def _(seen):
    entry = {**seen.now.transactions["pay declined"][0], "number": 2, "key": "declined/authorise/2"}
    seen.now.transactions["pay declined"].append(entry)


@violation(13, "a payment waits for a person")
def _(seen):
    seen.now.payments["pay sold"]["status"] = "needs_attention"


@violation(14, "an entry has one leg")
def _(seen):
    seen.now.transactions["pay sold"][1]["posting"]["credit"] = "provider_receivable"


@violation(14, "the entries do not give the balance")
def _(seen):
    seen.now.payments["pay sold"]["captured"] = euros(1)


@violation(14, "an entry is missing in the middle")
def _(seen):
    seen.now.transactions["pay sold"][1]["number"] = 3


@violation(15, "a line costs something else than its units")
def _(seen):
    seen.now.orders["short"]["lines"][0]["total"] = euros(1)


@violation(15, "tax is left out of the total")
def _(seen):
    seen.now.orders["short"]["totals"]["tax"] = euros(0)


@violation(15, "an amount is negative")
def _(seen):
    seen.now.orders["short"]["totals"].update(shipping=euros(-500), tax=euros(1300))


@violation(16, "an order does not know of its refund", 29)
def _(seen):
    seen.now.orders["sold"]["refunded"] = euros(0)


@violation(16, "a refund was promised and not made")
def _(seen):
    seen.journal.refunds["key more"] = {"payment": "pay sold", "amount": 5, "answers": answers({"id": "more"})}


@violation(16, "a refund is over something else than was asked for", 31)
def _(seen):
    seen.now.refunds["dent"]["refund"]["amount"] = euros(2000)


@violation(16, "a refund that was made is still only requested", 31, 34)
def _(seen):
    seen.now.refunds["dent"]["status"] = "requested"


@violation(16, "a refund has no reason")
def _(seen):
    seen.now.refunds["all"]["refund"]["reason"] = ""
