"""What lies unread in the sockets of a process: what it would have dealt with next, had it been let."""

import os
from collections import Counter
from pathlib import Path

HEXADECIMAL = 16
ESTABLISHED = "01"


def unread(pid: int, names: dict[int, str]) -> Counter:
    """How many of its connections have something to read, by the name of either end's port. The others do not count."""
    ours = inodes(pid)
    found: Counter = Counter()
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, queues, _, _, _, _, inode, *_ = line.split()
        name = names.get(port(local)) or names.get(port(remote))
        if name and inode in ours and state == ESTABLISHED and int(queues.partition(":")[2], HEXADECIMAL):
            found[name] += 1
    return found


def inodes(pid: int) -> set[str]:
    """Of its sockets."""
    folder = Path(f"/proc/{pid}/fd")
    targets = [os.readlink(folder / name) for name in os.listdir(folder)]
    return {target[len("socket:["):-1] for target in targets if target.startswith("socket:[")}


def port(address: str) -> int:
    return int(address.partition(":")[2], HEXADECIMAL)
