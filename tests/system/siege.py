"""A shop under load that is broken on purpose, again and again, and held to its invariants when it is whole."""

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

CHECKER = Path(__file__).resolve().parent / "checker" / "checker.py"
COME_BACK_SECONDS_MAX = 20
AIM_SECONDS_MAX = 1


@dataclass
class Fault:
    strike: Callable[[], str]  # Breaks something and says what.
    mend: Callable[[], None]  # Answers when it is whole again.
    pause: tuple[float, float] = (1, 4)  # Seconds before each strike, at least and at most.
    outage: tuple[float, float] = (0, 2)  # Seconds until it is mended.


@dataclass
class Struck:
    """One fault that was made."""

    at: float  # Seconds since the round began.
    what: str
    under_way: str  # Nothing if it hit nothing.

    def __str__(self) -> str:
        return f"{self.at:6.1f} s  {self.what}: {self.under_way or 'nothing under way, does not count'}"


def for_seconds(seconds: float) -> Iterator[None]:
    """A turn after the other until the time is over, and at least one."""
    until = time.monotonic() + seconds
    yield
    while time.monotonic() < until:
        yield


class Siege:
    """One shop and its customers. Every round ends with the checker, which knows what was told in all rounds."""

    def __init__(self, folder: Path, customers: Customers, operators: list[str], seed: int):
        self.customers, self.operators = customers, operators
        self.chance = random.Random(seed)
        self.faults: list[Struck] = []  # Of the last round.
        self.stock, self.journal, self.snapshot = (
            folder / f"{name}.json" for name in ("stock", "journal", "snapshot")
        )
        self.run_checker("--write-stock", str(self.stock))

    def round(self, fault: Fault, turns: Iterable, *check_arguments: str) -> None:
        began = time.monotonic()
        self.faults.clear()
        self.customers.start()
        try:
            for _ in turns:
                time.sleep(self.chance.uniform(*fault.pause))
                under_way = self.aim()
                at = time.monotonic() - began
                try:
                    self.faults.append(Struck(at, fault.strike(), under_way))
                    time.sleep(self.chance.uniform(*fault.outage))
                finally:
                    fault.mend()
        finally:
            self.customers.stop()
        self.check(*check_arguments)

    def aim(self) -> str:
        """Waits for something to hit, for a while."""
        until = time.monotonic() + AIM_SECONDS_MAX
        while not (under_way := self.customers.under_way()) and time.monotonic() < until:
            time.sleep(0.005)
        return under_way

    def check(self, *arguments: str) -> None:
        """Raises if there is a finding; the checker has printed it."""
        self.customers.come_back(COME_BACK_SECONDS_MAX)
        self.customers.journal.write(self.journal)
        files = ["--journal", str(self.journal), "--stock-before", str(self.stock), "--snapshot", str(self.snapshot)]
        self.run_checker("--operators", ",".join(self.operators), *files, *arguments)

    def run_checker(self, *arguments: str) -> None:
        subprocess.run([sys.executable, str(CHECKER), "--url", self.customers.url, *arguments], check=True)

    def hits(self) -> int:
        """How many faults hit something."""
        return sum(bool(fault.under_way) for fault in self.faults)

    def outcome(self) -> str:
        orders = json.loads(self.snapshot.read_text())["orders"].values()
        states = dict(Counter(order["status"] for order in orders))
        return f"{len(self.customers.acknowledged)} orders acknowledged: {states}"
