"""What the clients of a shop asked for and were told: the second witness beside the shop itself."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Journal:
    """`answers` are lists of `{"status": 201, "body": "the text as it came"}`, one for each answer that came.
    An attempt that nobody answered leaves none."""

    # The e-mail address that each customer has given.
    addresses: dict[str, str] = field(default_factory=dict)
    # By idempotency key: {"customer", "cart", "lines": {sku: quantity}, "answers"}.
    placements: dict[str, dict] = field(default_factory=dict)
    # By key: {"payment", "amount", "answers"}.
    refunds: dict[str, dict] = field(default_factory=dict)
    # By key, which is the adjustment's reference, too: {"sku", "quantity", "answers"}.
    adjustments: dict[str, dict] = field(default_factory=dict)
    # By SKU: every price that it had while this journal was kept. None are known of a SKU that is missing.
    prices: dict[str, list[int]] = field(default_factory=dict)
    # By session: {"refresh" or "visit": the last status that it got once its log-out was acknowledged}. A visit is an
    # access token's, after a time in which everybody could have heard of the log-out.
    logged_out: dict[str, dict] = field(default_factory=dict)
    # Attempts at what is somebody else's: {"customer", "order", "status"}.
    intrusions: list[dict] = field(default_factory=list)
    # By order: the versions in the order in which its customer saw them.
    versions: dict[str, list[int]] = field(default_factory=dict)

    def promised_refunds(self) -> list[tuple[str, str]]:
        """Payments and refunds, for which somebody has an answer that says yes."""
        attempts = [(attempt["payment"], accepted(attempt)) for attempt in self.refunds.values()]
        return [(payment, json.loads(bodies[0])["id"]) for payment, bodies in attempts if bodies]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1))

    @staticmethod
    def read(path: Path) -> "Journal":
        return Journal(**json.loads(path.read_text()))


def accepted(attempt: dict) -> list[str]:
    """The bodies of the answers that said yes."""
    return [answer["body"] for answer in attempt["answers"] if 200 <= answer["status"] < 300]
