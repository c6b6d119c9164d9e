"""Invariants 32 to 34: what customers are told. The messages are the shop's word, the mails are the mailbox's."""

from collections import Counter
from collections.abc import Iterator

from evidence import Evidence, invariant
from snapshot import MAILS_MAX, Snapshot

TOLD = ("confirmed", "cancelled", "rejected")
UNDER_WAY = ("waiting", "sending")


def due(now: Snapshot) -> dict[str, tuple[str, str]]:
    """Every message that there must be, by its id: to whom, and what stands in it."""
    messages = {f"welcome/{id}": (id, "") for id in now.users}
    for id, order in now.orders.items():
        for status in {entry["status"] for entry in order["history"]} & set(TOLD):
            messages[f"order_{status}/{id}"] = (order["customer"], order["number"])
    for id, state in now.refunds.items():
        # What a closing gives back is told with the end of the order.
        if state["status"] == "done" and state["refund"]["requested_by"] != "orders":
            messages[f"payment_refunded/{id}"] = (now.payments[state["refund"]["payment"]]["customer"], "")
    return messages


def kept_since(now: Snapshot) -> str:
    """Mails before this time may have left the mailbox."""
    return now.mails[-1]["sent_at"] if len(now.mails) >= MAILS_MAX else ""


@invariant(32)
def what_must_be_told_is_told(seen: Evidence) -> Iterator[str]:
    messages = {message["id"]: message for message in seen.now.messages}
    mails = {mail["id"] for mail in seen.now.mails}
    for id in due(seen.now):
        message = messages.get(id)
        if message and seen.mails_under_way and message["status"] in UNDER_WAY:
            continue
        if not message or message["status"] != "sent":
            yield f"{id} is {message['status'] if message else 'missing'}"
        elif message["raised_at"] > kept_since(seen.now) and id not in mails:
            yield f"{id} was sent, says the shop, and is not in the mailbox"


@invariant(33)
def nothing_is_told_twice(seen: Evidence) -> Iterator[str]:
    for id, times in Counter(mail["id"] for mail in seen.now.mails).items():
        if times > 1:
            yield f"{id} went out {times} times"
    for (template, customer, subject), times in Counter(told_about(seen.now)).items():
        if times > 1:
            yield f"{customer} is told {template} of {subject} by {times} messages"


def told_about(now: Snapshot) -> Iterator[tuple[str, str, str]]:
    for message in now.messages:
        yield message["template"], message["customer"], message["id"].partition("/")[2]


@invariant(34)
def only_what_happened_is_told(seen: Evidence) -> Iterator[str]:
    right = due(seen.now)
    for id in {message["id"] for message in seen.now.messages} | {mail["id"] for mail in seen.now.mails}:
        if id not in right:
            yield f"{id} tells of what did not happen"
    addresses = seen.journal.addresses | {id: user["email"] for id, user in seen.now.users.items()}
    for message in seen.now.messages:
        if message["customer"] != right.get(message["id"], (message["customer"],))[0]:
            yield f"{message['id']} is somebody else's"
    for mail in seen.now.mails:
        customer, mentions = right.get(mail["id"], ("", ""))
        if mail["to"] != addresses.get(customer, mail["to"]) or mentions not in mail["text"]:
            yield f"{mail['id']} went to {mail['to']}, whom it does not concern"
