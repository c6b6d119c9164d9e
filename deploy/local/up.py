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
from pathlib import Path

from topology import ROOT, Topology

from process import Failed, Unavailable

HOME = ROOT / "build" / "up"
CONTROL = HOME / "control"
PORT = 8080
BINARY = ROOT / "build/release/backline"


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
    with Topology(HOME, Path(binary), port=PORT) as shop, socket.socket(socket.AF_UNIX) as control:
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
            if word != "down":  # Who asked for the end hears it when the process has ended.
                connection.close()


def roll_all(shop: Topology, binary: Path) -> None:
    """With the program as it is now. A running file cannot be written, but it can be replaced."""
    fresh = shutil.copy2(BINARY, binary.with_suffix(".new"))
    Path(fresh).rename(binary)
    for replica in shop.replicas:
        shop.roll(replica)


def up() -> int:
    HOME.parent.mkdir(exist_ok=True)
    with HOME.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # A second one at the same moment finds the first one's shop.
        return up_alone()


def up_alone() -> int:
    if running():
        print("It runs already; ./dev down stops it.")
        return 1
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    with (HOME / "supervisor.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, "supervise"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
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
        print("Nothing runs.")
        return 1
    shutil.rmtree(HOME, ignore_errors=True)
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
