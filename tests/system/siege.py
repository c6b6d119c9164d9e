"""A shop under load that is broken on purpose, again and again, and held to its invariants when it is whole."""

import itertools
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from customers import Customers
from witness import Witness

CHECKER = Path(__file__).resolve().parent / "checker" / "checker.py"
COME_BACK_SECONDS_MAX = 20
AIM_SECONDS_MAX = 2


@dataclass
class Fault:
    strike: Callable[[], str]  # Breaks something and says what.
    mend: Callable[[], None]  # Answers when it is whole again.
    pause: tuple[float, float] = (1, 4)  # Seconds before each strike, at least and at most.
    outage: tuple[float, float] = (0, 2)  # Seconds until it is mended.
    # Says what the strike would hit now, and nothing if it would hit nothing. Without: what the customers wait for.
    aim: Callable[[], str] | None = None


@dataclass
class Struck:
    """One fault that was made."""

    at: float  # Seconds since the round began.
    what: str
    under_way: str  # Nothing if it hit nothing.

    def __str__(self) -> str:
        return f"{self.at:6.1f} s  {self.what}: {self.under_way or 'nothing under way, does not count'}"


def for_seconds(seconds: float, turns_min: int = 1) -> Iterator[None]:
    """A turn after the other until the time is over, and at least so many."""
    until = time.monotonic() + seconds
    for turn in itertools.count():
        if turn >= turns_min and time.monotonic() > until:
            return
        yield


class Siege:
    """One shop and its customers. Every round ends with the checker, which knows what was told in all rounds, and what
    the witness of events has heard, if there is one."""

    def __init__(
        self, folder: Path, customers: Customers, operators: list[str], seed: int, witness: Witness | None = None
    ):
        self.customers, self.operators, self.witness = customers, operators, witness
        self.chance = random.Random(seed)
        self.faults: list[Struck] = []  # Of the last round.
        self.placed = 0  # Orders that were acknowledged in it.
        self.stock, self.journal, self.snapshot = (
            folder / f"{name}.json" for name in ("stock", "journal", "snapshot")
        )
        self.run_checker("--write-stock", str(self.stock))

    def round(self, fault: Fault, turns: Iterable, *check_arguments: str) -> None:
        began = time.monotonic()
        self.faults.clear()
        placed = len(self.customers.acknowledged)
        self.customers.start()
        try:
            for _ in turns:
                time.sleep(self.chance.uniform(*fault.pause))
                try:
                    under_way = self.aim(fault.aim or self.customers.under_way)
                    at = time.monotonic() - began
                    self.faults.append(Struck(at, fault.strike(), under_way))
                    time.sleep(self.chance.uniform(*fault.outage))
                finally:
                    fault.mend()
        finally:
            self.customers.stop()
        self.placed = len(self.customers.acknowledged) - placed
        self.check(*check_arguments)

    def aim(self, look: Callable[[], str]) -> str:
        """Waits for something to hit, for a while."""
        until = time.monotonic() + AIM_SECONDS_MAX
        while not (under_way := look()) and time.monotonic() < until:
            time.sleep(0.005)
        return under_way

    def check(self, *arguments: str) -> None:
        """Raises if there is a finding; the checker has printed it. The witness speaks when nothing is to come."""
        self.customers.come_back(COME_BACK_SECONDS_MAX)
        self.customers.journal.write(self.journal)
        shop = ["--operators", ",".join(self.operators), "--journal", str(self.journal)]
        files = ["--stock-before", str(self.stock), "--snapshot", str(self.snapshot)]
        if self.witness:
            self.run_checker(*shop, "--wait")
            self.witness.write()
            files += ["--events", str(self.witness.file)]
        self.run_checker(*shop, *files, *arguments)

    def run_checker(self, *arguments: str) -> None:
        subprocess.run([sys.executable, str(CHECKER), "--url", self.customers.url, *arguments], check=True)

    def hits(self) -> int:
        """How many faults hit something."""
        return sum(bool(fault.under_way) for fault in self.faults)

    def counters(self) -> dict:
        """How far each document had come at the last check."""
        return json.loads(self.snapshot.read_text())["counters"]

    def outcome(self) -> str:
        orders = json.loads(self.snapshot.read_text())["orders"].values()
        states = dict(Counter(order["status"] for order in orders))
        return f"{len(self.customers.acknowledged)} orders acknowledged: {states}; {self.customers.demos} demos"
