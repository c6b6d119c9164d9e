"""Ways to break a sound shop, by the number of the invariant that must find each. The checker's test runs them all."""

from collections.abc import Callable
from dataclasses import dataclass

from evidence import Evidence


@dataclass
class Violation:
    number: int
    what: str
    commit: Callable[[Evidence], None]
    also: frozenset[int] = frozenset()  # Whose business it is, too.


VIOLATIONS: list[Violation] = []


def violation(number: int, what: str, *also: int):
    def enter(commit: Callable[[Evidence], None]):
        VIOLATIONS.append(Violation(number, what, commit, frozenset(also)))
        return commit

    return enter
