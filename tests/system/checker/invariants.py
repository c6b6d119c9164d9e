"""All invariants that can be seen from outside, by their numbers."""

import event_invariants  # noqa: F401  (they fill the table)
import mail_invariants  # noqa: F401
import money_invariants  # noqa: F401
import order_invariants  # noqa: F401
import reading_invariants  # noqa: F401
import stock_invariants  # noqa: F401
from evidence import INVARIANTS, Evidence


def check(evidence: Evidence) -> list[str]:
    """Every finding as a sentence that begins with its invariant's number."""
    return [f"inv {number}: {finding}" for number in sorted(INVARIANTS) for finding in INVARIANTS[number](evidence)]
