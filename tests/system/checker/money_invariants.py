"""Invariants 9 to 16: money, by the provider's own books."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from evidence import Evidence, invariant
from snapshot import Snapshot

KINDS = {"authorise": "authorised", "capture": "captured", "void": "voided", "refund": "refunded"}
POSTINGS = {
    "captured": {"debit": "provider_receivable", "credit": "sales_clearing"},
    "refunded": {"debit": "refunds", "credit": "provider_receivable"},
}


@dataclass
class Books:
    """What the provider has done for one payment."""

    authorised: int = 0
    captured: int = 0
    refunded: int = 0
    voided: bool = False

    def enter(self, row: dict) -> None:
        amount = row["amount"]["amount"]
        self.authorised += amount * (row["operation"] == "authorise")
        self.captured += amount * (row["operation"] == "capture")
        self.refunded += amount * (row["operation"] == "refund")
        self.voided |= row["operation"] == "void"


def done(now: Snapshot) -> list[dict]:
    return [row for row in now.provider if row["ok"]]


def books(now: Snapshot) -> dict[str, Books]:
    by_payment: dict[str, Books] = defaultdict(Books)
    for row in done(now):
        by_payment[row["payment"]].enter(row)
    return by_payment


def books_by_order(now: Snapshot) -> dict[str, Books]:
    of = books(now)
    return {payment["order"]: of[id] for id, payment in now.payments.items()}


@invariant(9)
def one_effect_for_each_key(seen: Evidence) -> Iterator[str]:
    for key, times in Counter(row["key"] for row in done(seen.now)).items():
        if times > 1:
            yield f"the provider did {key} {times} times"


@invariant(10)
def amounts_keep_their_bounds(seen: Evidence) -> Iterator[str]:
    by_payment: dict[str, Books] = defaultdict(Books)
    for row in done(seen.now):
        of = by_payment[row["payment"]]
        of.enter(row)
        if not of.refunded <= of.captured <= of.authorised:
            yield f"{row['payment']} is out of bounds at the provider's row {row['number']}: {of}"
    for id, of in books_by_order(seen.now).items():
        order = seen.now.orders.get(id)
        if order and of.authorised > order["totals"]["total"]["amount"]:
            yield f"{of.authorised} were reserved for order {id}, more than its total"


@invariant(11)
def money_is_kept_for_what_is_sold(seen: Evidence) -> Iterator[str]:
    of_order = books_by_order(seen.now)
    for id, order in seen.now.orders.items():
        of, total = of_order.get(id, Books()), order["totals"]["total"]["amount"]
        if order["status"] == "confirmed":
            paid = order["paid"]["amount"]
            if not of.captured == paid == total:
                yield f"order {id} is confirmed over {total}, {of.captured} were taken, it says {paid}"
            continue
        if of.captured != of.refunded:
            yield f"order {id} is {order['status']}, and {of.captured - of.refunded} are kept"
        if of.authorised and not of.captured and not of.voided:
            yield f"order {id} is {order['status']}, and {of.authorised} stay reserved"


@invariant(12)
def no_charge_is_nobodys(seen: Evidence) -> Iterator[str]:
    for row in done(seen.now):
        payment = seen.now.payments.get(row["payment"])
        order = payment and seen.now.orders.get(payment["order"])
        if not order:
            yield f"the provider's row {row['number']} is of {row['payment']}, which is no order's"
        elif row["amount"]["currency"] != order["totals"]["total"]["currency"]:
            yield f"the provider's row {row['number']} is in another currency than order {order['id']}"
    for order, times in Counter(payment["order"] for payment in seen.now.payments.values()).items():
        if times > 1:
            yield f"order {order} has {times} payments"


@invariant(13)
def our_books_are_the_providers(seen: Evidence) -> Iterator[str]:
    theirs = Counter(
        entered(row["payment"], row, KINDS[row["operation"]] if row["ok"] else "declined")
        for row in seen.now.provider if row["operation"] in KINDS and (row["ok"] or row["operation"] == "authorise")
    )
    ours = Counter(
        entered(payment, entry, entry["kind"])
        for payment, entries in seen.now.transactions.items() for entry in entries
    )
    for payment, key, kind, amount in theirs - ours:
        yield f"the provider has {kind} {amount} for {payment} ({key}), we have not"
    for payment, key, kind, amount in ours - theirs:
        yield f"we have {kind} {amount} for {payment} ({key}), the provider has not"
    for id, payment in seen.now.payments.items():
        if payment["status"] == "needs_attention":
            yield f"payment {id} waits for a person: {payment.get('attention')}"


def entered(payment: str, entry: dict, kind: str) -> tuple:
    """A void takes what was reserved, in our books; in the provider's it has no amount."""
    return payment, entry["key"], kind, 0 if kind == "voided" else entry["amount"]["amount"]


@invariant(14)
def every_entry_has_two_legs(seen: Evidence) -> Iterator[str]:
    for id, entries in seen.now.transactions.items():
        if [entry["number"] for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"the journal of {id} has a gap"
        for entry in entries:
            if entry.get("posting") != POSTINGS.get(entry["kind"]):
                yield f"{id} has posted {entry['kind']} as {entry.get('posting')}"
        for name in ("captured", "refunded"):
            entered = sum(entry["amount"]["amount"] for entry in entries if entry["kind"] == name)
            if entered != seen.now.payments[id][name]["amount"]:
                yield f"{id} says {seen.now.payments[id][name]['amount']} {name}, its entries {entered}"


@invariant(15)
def totals_add_up(seen: Evidence) -> Iterator[str]:
    for id, order in seen.now.orders.items():
        lines, totals = order["lines"], {name: money["amount"] for name, money in order["totals"].items()}
        right = all(line["total"]["amount"] == line["unit_price"]["amount"] * line["quantity"] for line in lines)
        right &= totals["subtotal"] == sum(line["total"]["amount"] for line in lines)
        right &= totals["total"] == totals["subtotal"] + totals["shipping"] + totals["tax"]
        if not right or min(totals.values()) < 0:
            yield f"order {id} does not add up"


@invariant(16)
def every_refund_is_explained(seen: Evidence) -> Iterator[str]:
    of_order = books_by_order(seen.now)
    for id, order in seen.now.orders.items():
        refunded = of_order.get(id, Books()).refunded
        if order["refunded"]["amount"] != refunded:
            yield f"order {id} knows of {order['refunded']['amount']} refunded, the provider gave back {refunded}"
    asked = {row["refund"]: row for row in seen.now.provider if row["operation"] == "refund"}
    for id, row in asked.items():
        state = seen.now.refunds.get(id, {"refund": {}, "status": "unknown"})
        same = state["refund"].get("payment") == row["payment"] and state["refund"].get("amount") == row["amount"]
        if not same or not state["refund"]["reason"] or state["status"] != ("done" if row["ok"] else "refused"):
            yield f"the provider was asked for refund {id}, we call it {state}"
    for payment, id in seen.journal.promised_refunds():
        if id not in asked:
            yield f"refund {id} of {payment} was promised and never asked for"
