"""What lies unread in the sockets of a process: what it would have dealt with next, had it been let. Only where an idle
process has nothing to read, which a driver that looks after its servers does not leave alone."""

import contextlib
import os
import time
from collections import Counter
from pathlib import Path

LOOK_SECONDS_MAX = 0.3
HEARTBEAT_BYTES_MAX = 64  # AMQP's has 8, and TLS adds some thirty. A request or an event is longer.
HEXADECIMAL = 16
ESTABLISHED = "01"


def stop_over_work(servers: list, names: dict[int, str]) -> str:
    """Stops them, and says what then lies unread; lets them go on if nothing does for some time."""
    for server in servers:
        server.pause()
        while not stopped(server.process.pid):
            time.sleep(0.001)
    until = time.monotonic() + LOOK_SECONDS_MAX
    while True:
        found = sum((unread(server.process.pid, names) for server in servers), Counter())
        if found:
            return "unread: " + ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
        if time.monotonic() > until:
            break
        time.sleep(0.002)
    for server in servers:
        server.resume()
    return ""


def unread(pid: int, names: dict[int, str]) -> Counter:
    """How many of its connections have more than a heartbeat to read, by the name of either end's port. The others do
    not count."""
    ours = inodes(pid)
    found: Counter = Counter()
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, queues, _, _, _, _, inode, *_ = line.split()
        name = names.get(port(local)) or names.get(port(remote))
        received = int(queues.partition(":")[2], HEXADECIMAL)
        if name and inode in ours and state == ESTABLISHED and received > HEARTBEAT_BYTES_MAX:
            found[name] += 1
    return found


def inodes(pid: int) -> set[str]:
    """Of its sockets."""
    folder, targets = Path(f"/proc/{pid}/fd"), []
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            targets.append(os.readlink(folder / name))
    return {target[len("socket:["):-1] for target in targets if target.startswith("socket:[")}


def stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def port(address: str) -> int:
    return int(address.partition(":")[2], HEXADECIMAL)
