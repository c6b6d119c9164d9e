"""The program as a stranger sees it: started, asked over HTTP, and stopped by a signal."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PASSWORD = "backline demo 2026"
START_SECONDS_MAX = 60
# Or libmongoc complains where a process that was killed has left a file of counters under the same number: one of an
# older program, or of another one on this machine.
os.environ["MONGOC_DISABLE_SHM"] = "1"


class Answer:
    def __init__(self, status: int, text: str):
        self.status, self.text = status, text

    def json(self):
        return json.loads(self.text)


def ask(url: str, method: str = "GET", body=None, token: str | None = None, key: str | None = None,
        headers: dict | None = None) -> Answer:
    headers = {**(headers or {}), **({"Content-Type": "application/json"} if body is not None else {})}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return Answer(answer.status, answer.read().decode())
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, refusal.read().decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def refused(test: unittest.TestCase, command: list[str], env: dict | None = None, **how) -> str:
    """Runs a command, which must end with status 1 and one sentence; answers the sentence."""
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})}, **how
    )
    test.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
    test.assertRegex(ended.stderr, r"\Abackline: [^\n]+\n\Z")
    test.assertEqual(ended.stdout, "")
    return ended.stderr


def left_out(test: unittest.TestCase, sentence: str) -> None:
    """Loudly; a failure where everything is to be had (tests/servers)."""
    if os.environ.get("BACKLINE_SERVERS") == "required":
        test.fail(sentence)
    test.skipTest(sentence)


class Program:
    """A running `backline serve`, on free ports unless the arguments say otherwise. Usable as a context manager."""

    def __init__(self, binary: str, data: Path, *args: str, before: list[str] | None = None):
        command = [*(before or []), binary, "serve", "--data", str(data)]
        command += ["--port", "0", "--operator-port", "0", "--log", "stderr", *args]
        self.errors = open(f"{data}.stderr", "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.greeting = self.read_greeting("  curl -H" if "--demo" in args else "Operators:")
        self.url = re.search(r"serves (http://\S+)", self.greeting)[1].replace("localhost", "127.0.0.1")
        self.operator = re.search(r"Operators: (http://[^/]+)", self.greeting)[1]

    def read_greeting(self, last: str) -> str:
        """Up to the line that begins like this."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(last):
                return "".join(lines)
        self.process.wait(timeout=START_SECONDS_MAX)
        said = Path(self.errors.name).read_text()
        raise AssertionError(f"the program did not start: {''.join(lines)} {said}")

    def ask(self, path: str, *args, **named) -> Answer:
        return ask(self.url + path, *args, **named)

    def log_in(self, email: str = "customer@example.com") -> str:
        answer = self.ask("/v1/sessions", "POST", {"email": email, "password": PASSWORD})
        assert answer.status in (200, 201), answer.text
        return answer.json()["access_token"]

    def send_signal(self, number: int) -> None:
        """To the program itself: strace, if it runs under that, would let it go and leave it behind."""
        if self.process.poll() is None:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            for pid in children or [self.process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), number)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.send_signal(number)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.errors.close()
        return status

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_) -> None:
        self.send_signal(signal.SIGKILL)
        self.stop()
