"""A server that is a process of ours: started, asked until it answers, stopped by its pid."""

import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
# Below what the kernel gives to outgoing connections, so that the port of a server that is down stays free for it. No
# port is given twice, and processes that run side by side begin at different ones: a port that is free now may be
# somebody's who has not bound it yet.
PORTS = range(10240, 32768)
PORTS_EACH = 64
NEXT_PORT = itertools.count(os.getpid() * PORTS_EACH)


class Unavailable(Exception):
    """A server cannot be had on this machine. The text says why and what would help."""


class Failed(Exception):
    """A server was there and did not work."""


def program(name: str, package: str, folder: str = "") -> str:
    """The path of an installed program; `folder` is looked at first."""
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PATH", os.defpath), "/usr/sbin"]))
    found = shutil.which(name, path=path)
    if not found:
        raise Unavailable(f"{name} is not installed: sudo apt-get install --no-install-recommends {package}")
    return found


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on, and that this process has not got before."""
    ports: list[int] = []
    while len(ports) < count:
        port = PORTS[next(NEXT_PORT) % len(PORTS)]
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            ports.append(port)
    return ports


def die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def poll(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Asks until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} seconds")
        time.sleep(0.02)


class Started:
    """A context manager: what has `start` and `end` is started on the way in and ended on the way out, also where the
    start fails in its middle."""

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.end()


class Server(Started):
    """One process with a folder of its own. Start it from the main thread: it dies with the thread that started it.
    A server that was stopped or killed can be started again, on the same data and port.
    """

    def __init__(self, directory: Path, command: list[str], env: dict[str, str] | None = None):
        self.directory, self.command = directory, command
        self.env = {**os.environ, **(env or {})}
        self.log = directory / "log"
        self.process: subprocess.Popen | None = None
        directory.mkdir(parents=True, exist_ok=True)

    def ready(self) -> bool:
        """Whether it answers; an OSError counts as no."""
        raise NotImplementedError

    def launch(self) -> None:
        """Starts the process and does not wait, so that several servers can start side by side."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.directory,
                env=self.env, start_new_session=True, preexec_fn=die_with_parent,
            )

    def wait_until_ready(self) -> None:
        try:
            poll(self.answers, START_SECONDS_MAX, f"{self.name} does not answer")
        except Failed as failure:
            tail = self.log.read_text(errors="replace").splitlines()[-20:]
            raise Failed("\n".join([f"{failure}; its log ends:", *tail])) from failure

    def answers(self) -> bool:
        if not self.running():
            raise Failed(f"{self.name} ended with status {self.process.returncode}")
        with contextlib.suppress(OSError):
            return self.ready()
        return False

    @property
    def name(self) -> str:
        return Path(self.command[0]).name

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def ask_to_stop(self) -> None:
        """Without waiting, so that several can stop side by side."""
        if self.running():
            self.process.terminate()
            self.resume()

    def stop(self) -> None:
        """Asks it to end, even a paused one, and waits for the process."""
        if not self.running():
            return
        self.ask_to_stop()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{self.name} does not stop when asked to") from error

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL to it and its workers: the server has no last word, and keeps what is on the disk."""
        if self.running():
            self.signal_all(signal.SIGKILL)
            self.process.wait()

    def pause(self) -> None:
        """It keeps its connections and answers nothing."""
        self.signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def end(self) -> None:
        """For good: nothing that it holds is wanted any more."""
        self.kill()
