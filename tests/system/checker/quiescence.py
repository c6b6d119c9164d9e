"""When a shop has come to rest: every order is at its end, nothing is on its way."""

import time

from shop import Shop

UNDER_WAY = ["placing", "authorising", "committing", "capturing", "cancelling", "releasing"]
PAYMENTS_UNDER_WAY = ["authorising", "authorised", "capturing", "closing"]


def unrest(staff: Shop, operators: dict[str, Shop], mails: bool = True) -> str:
    """What still goes on, in words; nothing if nothing does. What costs least is asked first. `mails`: those that must
    be sent count, too; one whose sender was killed goes out again after a minute."""
    for status in UNDER_WAY:
        if found := staff.get(f"/v1/orders?status={status}&limit=1")["items"]:
            return f"order {found[0]['id']} is {status}"
    for status in PAYMENTS_UNDER_WAY:
        if found := staff.get(f"/v1/payments?status={status}&limit=1")["items"]:
            return f"payment {found[0]['id']} is {status}"
    for address, operator in operators.items():
        if any(lag := depths(operator.get("/events/lag"))):
            return f"{address} has (outbox, in flight, queues) {lag}"
        if parked := operator.get("/events/parked")["parked"]:
            return f"{address} has parked {len(parked)}"
    for message in staff.pages("/v1/notifications") if mails else []:
        if message["status"] in ("waiting", "sending"):
            return f"message {message['id']} is {message['status']}"
    return ""


def depths(lag: dict) -> tuple[int, int, int]:
    return lag["backlog"], lag["in_flight"], sum(queue["events"] for queue in lag.get("queues", []))


def wait_until_quiet(staff: Shop, operators: dict[str, Shop], seconds: float, mails: bool = True) -> str:
    """What still goes on when the time is over; nothing if the shop came to rest."""
    deadline = time.monotonic() + seconds
    while (what := unrest(staff, operators, mails)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return what
