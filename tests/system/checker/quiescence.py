"""When a shop has come to rest: every order is at its end, nothing is on its way."""

import time
from dataclasses import dataclass, field

from shop import Shop

UNDER_WAY = ["placing", "authorising", "committing", "capturing", "cancelling", "releasing"]
PAYMENTS_UNDER_WAY = ["authorising", "authorised", "capturing", "closing"]


def depths(lag: dict) -> tuple[int, int, int]:
    return lag["backlog"], lag["in_flight"], sum(queue["events"] for queue in lag.get("queues", []))


@dataclass
class Watch:
    """Over one shop. Its methods say in words what still goes on, and nothing if nothing does."""

    staff: Shop
    operators: dict[str, Shop]
    refunds: list[tuple[str, str]] = field(default_factory=list)  # Payments and refunds; no list shows those.
    mails: bool = True  # They count, too. One whose sender was killed goes out again after a minute.

    def until_quiet(self, seconds: float) -> str:
        """Waits; answers what still goes on when the time is over."""
        deadline = time.monotonic() + seconds
        while (what := self.unrest()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return what

    def unrest(self) -> str:
        """What costs least to find out is asked first."""
        return self.business() or self.events() or (self.messages() if self.mails else "")

    def business(self) -> str:
        for kind, statuses in (("orders", UNDER_WAY), ("payments", PAYMENTS_UNDER_WAY)):
            for status in statuses:
                if found := self.staff.get(f"/v1/{kind}?status={status}&limit=1")["items"]:
                    return f"{found[0]['id']} is {status}"
        while self.refunds:
            payment, refund = self.refunds[-1]
            state = self.staff.get(f"/v1/payments/{payment}/refunds/{refund}")
            if state and state["status"] == "requested":
                return f"{refund} is requested"
            self.refunds.pop()
        return ""

    def events(self) -> str:
        for address, operator in self.operators.items():
            if any(lag := depths(operator.get("/events/lag"))):
                return f"{address} has (outbox, in flight, queues) {lag}"
            if parked := operator.get("/events/parked")["parked"]:
                return f"{address} has parked {len(parked)}"
        return ""

    def messages(self) -> str:
        for message in self.staff.pages("/v1/notifications"):
            if message["status"] in ("waiting", "sending"):
                return f"message {message['id']} is {message['status']}"
        return ""
