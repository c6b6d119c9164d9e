#!/usr/bin/env python3
"""Starts the real servers that tests run against, runs a command, and takes everything away again.

    servers.py run [--only mongo,rabbitmq,redis] -- COMMAND...

The command finds the servers through environment variables (README.md); the exit status is the command's. A server
whose variable is set already is not started: the given one is used. One that cannot be had on this machine is left out
with a loud line, or with BACKLINE_SERVERS=required ends the run before the command starts.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from certificates import Certificates
from mongo import Mongo
from process import LIBC, Failed, Unavailable, die_with_parent
from rabbitmq import RabbitMq
from redis import Redis

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 20
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Engine:
    name: str
    variable: str
    suites: str
    make: Callable


ENGINES = [
    Engine("rabbitmq", "BACKLINE_TEST_AMQP_URL", "adapters/rabbitmq", RabbitMq),
    Engine("mongo", "BACKLINE_TEST_MONGO_URL", "adapters/mongo", Mongo),
    Engine("redis", "BACKLINE_TEST_REDIS_URL", "adapters/redis", Redis),
]


def wanted(only: str | None) -> list[Engine]:
    names = only.split(",") if only else [engine.name for engine in ENGINES]
    unknown = set(names) - {engine.name for engine in ENGINES}
    if unknown:
        sys.exit(f"servers: there is no {', '.join(sorted(unknown))}")
    return [engine for engine in ENGINES if engine.name in names and not os.environ.get(engine.variable)]


def make(engine: Engine, directory: Path, tls: Certificates):
    """The server, or nothing where it cannot be had."""
    try:
        return engine.make(directory / engine.name, tls=tls)
    except Unavailable as why:
        required = os.environ.get("BACKLINE_SERVERS") == "required"
        what = "which is required" if required else f"so the suites of {engine.suites} are skipped"
        remedy = f"{why}. Or set {engine.variable} to a server of yours."
        print(f"servers: NO {engine.name.upper()}, {what}. {remedy}", file=sys.stderr)
        if required:
            sys.exit(1)
        return None


def start(engines: list[Engine], directory: Path, stack: contextlib.ExitStack) -> dict[str, str]:
    """Side by side; answers the variables. What was started ends with the stack."""
    tls = Certificates(directory / "tls")
    servers = []
    for engine in engines:
        if server := make(engine, directory, tls):
            servers.append(server)
            stack.callback(server.end)
            server.launch()
    for server in servers:
        server.wait_until_ready()
    variables = {"BACKLINE_TEST_TLS_CA": str(tls.ca)} if servers else {}
    for server in servers:
        variables |= server.variables()
    return variables


def run(command: list[str], variables: dict[str, str]) -> int:
    """The command's status, as a shell says it. Signals are handed on; the terminal's Ctrl-C reaches it by itself."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # One that comes from here on is for the command.
    try:
        process = subprocess.Popen(command, env={**os.environ, **variables}, preexec_fn=begin_command)
    except OSError as error:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        print(f"servers: {command[0]}: {error.strerror}", file=sys.stderr)
        return 127

    def hand_on(number: int, _frame) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)
        if number != signal.SIGINT:
            signal.alarm(GRACE_SECONDS)

    on_stop_signals(hand_on)
    signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    status = process.wait()
    signal.alarm(0)
    on_stop_signals(signal.SIG_IGN)
    return status if status >= 0 else 128 - status


def begin_command() -> None:
    die_with_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def on_stop_signals(handler) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, handler)


def end_of_start(number: int, _frame) -> None:
    on_stop_signals(signal.SIG_IGN)
    sys.exit(128 + number)


def end_orphans() -> None:
    """What a crashed command or server has left behind has become this process's child; it ends here."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while pids := children.read_text().split():
        for pid in map(int, pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["run"])
    parser.add_argument("--only", help="these engines alone, separated by commas")
    parser.add_argument("command", nargs="+", help="after --")
    arguments = parser.parse_args()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    on_stop_signals(end_of_start)
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backline-servers-")))
        stack.callback(end_orphans)
        try:
            variables = start(wanted(arguments.only), directory, stack)
        except (Failed, Unavailable) as failure:
            print(f"servers: {failure}", file=sys.stderr)
            return 1
        return run(arguments.command, variables)


if __name__ == "__main__":
    sys.exit(main())
