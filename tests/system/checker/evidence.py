"""What an invariant is held against, and the table of invariants."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from journal import Journal
from snapshot import Snapshot


@dataclass
class Evidence:
    now: Snapshot
    journal: Journal = field(default_factory=Journal)
    before: Snapshot | None = None  # Its stock only.
    mails_under_way: bool = False  # Nobody has waited for them.
    events: list[dict] | None = None  # As a witness on the bus has heard them, copies too; none if nobody has listened.


Check = Callable[[Evidence], Iterator[str]]
INVARIANTS: dict[int, Check] = {}


def invariant(number: int) -> Callable[[Check], Check]:
    """Enters a function under its number of docs/guide/invariants.md. It yields a sentence for each thing it finds."""

    def enter(check: Check) -> Check:
        assert number not in INVARIANTS, f"invariant {number} has two functions"
        INVARIANTS[number] = check
        return check

    return enter
