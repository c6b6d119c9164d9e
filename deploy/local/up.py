#!/usr/bin/env python3
"""./dev up, down and roll: a split shop on this machine that goes on until it is told to stop.

    up.py up      starts it in the background and prints where everything is
    up.py roll    gives every service new processes, one at a time, without refusing a request
    up.py down    stops it and takes everything away
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from topology import ROOT, Topology

from process import Failed, Unavailable

HOME = Path(os.environ.get("BACKLINE_TEST_UP_HOME") or ROOT / "build/up")
CONTROL = HOME / "control"
PORT = int(os.environ.get("BACKLINE_TEST_UP_PORT") or 8080)
MEMBERS = 3  # Of the replica set, as in deploy/compose.yaml.
BINARY = Path(os.environ.get("BACKLINE_TEST_UP_PROGRAM") or ROOT / "build/release/backline")


def ask(word: str, seconds: float) -> str:
    """What the running supervisor answers; an OSError if there is none."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(str(CONTROL))
        connection.sendall(word.encode() + b"\n")
        return connection.makefile().read()


def running() -> bool:
    with contextlib.suppress(OSError):
        return ask("status", 5) != ""
    return False


def summary(shop: Topology) -> str:
    places = [f"{one.name:18} http://{one.address}  operators: {one.operator_port}" for one in shop.replicas]
    lines = [
        f"The split shop serves http://localhost:{PORT}  (API: /docs, mailbox: /mailbox)",
        f"RabbitMQ's pages: http://127.0.0.1:{shop.rabbitmq.api_port}  (the password is in {HOME}/rabbitmq.password)",
        *(f"  {place}" for place in places),
        f"Logs: {HOME}/*/log.  Stop it with ./dev down.",
    ]
    return "\n".join(lines) + "\n"


def supervise() -> None:
    """Holds everything, because a server dies with whoever started it."""
    binary = shutil.copy2(BINARY, HOME / "backline")
    with Topology(HOME, Path(binary), MEMBERS, port=PORT) as shop, socket.socket(socket.AF_UNIX) as control:
        shop.fill()
        control.bind(str(CONTROL))
        control.listen()
        word = ""
        while word != "down":
            connection, _ = control.accept()
            word = connection.makefile().readline().strip()
            if word == "roll":
                roll_all(shop, Path(binary))
            connection.sendall(summary(shop).encode())
            if word != "down":  # Who asked for the end hears it when everything is gone.
                connection.close()
    shutil.rmtree(HOME)


def roll_all(shop: Topology, binary: Path) -> None:
    """With the program as it is now. A running file cannot be written, but it can be replaced."""
    fresh = shutil.copy2(BINARY, binary.with_suffix(".new"))
    Path(fresh).rename(binary)
    for replica in shop.replicas:
        shop.roll(replica)


@contextlib.contextmanager
def alone() -> Iterator[TextIO | None]:
    """Nothing if a shop is here. The supervisor inherits it and holds it for as long as it lives."""
    HOME.parent.mkdir(parents=True, exist_ok=True)
    with HOME.with_suffix(".lock").open("w") as lock:
        yield lock if taken(lock) else None


def taken(lock: TextIO) -> bool:
    """A supervisor that has just taken its shop away may take a moment to end itself."""
    for _ in range(20):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.1)
    return False


def up() -> int:
    with alone() as lock:
        if not lock:
            print("It runs already, or is just starting; ./dev down stops it when it runs.")
            return 1
        return begin(lock)


def begin(lock: TextIO) -> int:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    with (HOME / "supervisor.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, "supervise"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, pass_fds=[lock.fileno()],
        )
    while not running():
        if process.poll() is not None:
            print((HOME / "supervisor.log").read_text(), file=sys.stderr)
            return 1
        time.sleep(0.2)
    print(ask("status", 5), end="")
    return 0


def down() -> int:
    try:
        ask("down", 120)
    except OSError:
        with alone() as lock:
            print("Nothing runs." if lock else "It is just starting, or busy; ask again in a moment.")
        return 1
    return 0


def roll() -> int:
    print(ask("roll", 600), end="")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["up", "down", "roll", "supervise"])
    what = parser.parse_args().what
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        if what == "supervise":
            supervise()
            return 0
        return {"up": up, "down": down, "roll": roll}[what]()
    except (Unavailable, Failed, OSError) as failure:
        print(f"up: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
