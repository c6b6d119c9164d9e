"""The split shop as `bench.py` measures it: MongoDB, RabbitMQ, Redis, the sandbox, one replica of every service and
nginx in front, all on one core, as the embedded shop is."""

import contextlib
import os
import re
import sys
from pathlib import Path

from demo import Client

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy/local"))

from topology import Topology

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def session_of(process: Path) -> int | None:
    with contextlib.suppress(ProcessLookupError):  # It has just ended.
        return os.getsid(int(process.name))


class SplitShop:
    """What `bench.Shop` is, of many processes."""

    def __init__(self, folder: Path, program: Path, core: int):
        self.topology = Topology(folder, program, replicas=1)
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {core})  # What is started inherits it.
        try:
            self.topology.__enter__()
        finally:
            os.sched_setaffinity(0, before)
        self.topology.fill()
        self.url = self.topology.url
        self.port = int(self.url.rsplit(":", 1)[1])
        self.visitor = Client(self.url)

    def processes(self) -> list[Path]:
        """Every server leads a session of its own, in which its helpers are too."""
        shop = self.topology
        servers = [shop.gateway, shop.rabbitmq, *shop.mongo.members, shop.redis, shop.sandbox, *shop.replicas]
        leaders = {server.process.pid for server in servers}
        every = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [path for path in every if session_of(path) in leaders]

    def cpu_us(self) -> float:
        """What all of them have spent so far, the engines included."""
        ticks = 0
        for process in self.processes():
            after_name = (process / "stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks * 1e6 / TICKS_PER_SECOND

    def memory_mib(self) -> tuple[float, float]:
        """PSS and RSS."""
        texts = [(process / "smaps_rollup").read_text() for process in self.processes()]
        return tuple(
            sum(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for text in texts) / 1024 for name in ("Pss", "Rss")
        )

    def stop(self) -> None:
        self.topology.__exit__()
