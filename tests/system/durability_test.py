"""At stake: an answer that says "done" before the disk has it. How: the real program under strace, eight customers at
once: every 2xx to a write must leave after an fdatasync of the database that began after the request had come. Then
fdatasync is made to fail: from then on no write may be answered with 2xx, and the program ends with one sentence.

The same by hand:
    strace -f -y -s 64 -e trace=fdatasync,fsync,recvmsg,sendmsg -o trace.txt backline serve --data /tmp/shop
"""

import http.client
import re
import shutil
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from program import Program

BINARY = ""
CUSTOMERS = 8
WRITES_EACH = 12
CALLS = ["-e", "trace=fdatasync,fsync,recvmsg,recvfrom,read,sendmsg,sendto,write,writev"]


def strace(trace: Path, *more: str) -> list[str]:
    return ["strace", "-f", "-y", "-s", "64", "-o", str(trace), *CALLS, *more]


class Call:
    """One system call, by the lines where it began and ended."""

    def __init__(self, began: int, name: str, descriptor: str, path: str):
        self.began, self.ended, self.name, self.descriptor, self.path = began, began, name, descriptor, path
        self.text, self.result = "", ""


def calls_of(trace: Path) -> list[Call]:
    begun, calls = {}, []
    for number, line in enumerate(trace.read_text(errors="replace").splitlines()):
        thread, _, rest = line.partition(" ")
        rest = rest.strip()
        if start := re.match(r"(\w+)\((\d+)<(.*?)>", rest):
            call = Call(number, *start.groups())
            begun[thread] = call
            calls.append(call)
        elif not rest.startswith("<... ") or thread not in begun:
            continue
        call = begun[thread]
        call.ended = number
        call.text += rest
        if result := re.search(r"= (-?\d+)[^=]*$", rest):
            call.result = result[1]
    return calls


def early_answers(calls: list[Call]) -> tuple[int, int, list[str]]:
    """How many writes were answered with 2xx, how many syncs of the database there were, and which answers left too
    early."""
    syncs = [c for c in calls if c.name in ("fdatasync", "fsync") and "backline.db" in c.path and c.result == "0"]
    asked: dict[str, int] = {}
    answered, early = 0, []
    for call in calls:
        if '"POST /v1/' in call.text:
            asked[call.descriptor] = call.ended
        elif '"HTTP/1.1 ' in call.text and call.descriptor in asked:
            since = asked.pop(call.descriptor)
            if not re.search(r'"HTTP/1\.1 2\d\d', call.text):
                continue
            answered += 1
            if not any(since < sync.began and sync.ended < call.began for sync in syncs):
                early.append(call.text)
    return answered, len(syncs), early


class Customer(threading.Thread):
    """Opens guest sessions, which are writes, one after the other on one connection."""

    def __init__(self, port: int):
        super().__init__()
        self.port, self.statuses = port, []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for _ in range(WRITES_EACH):
                connection.request("POST", "/v1/sessions/guest")
                answer = connection.getresponse()
                answer.read()
                self.statuses.append(answer.status)
        except (OSError, http.client.HTTPException):
            self.statuses.append(0)
        finally:
            connection.close()


def statuses_of(shop: Program) -> list[int]:
    customers = [Customer(int(shop.url.rsplit(":", 1)[1])) for _ in range(CUSTOMERS)]
    for customer in customers:
        customer.start()
    for customer in customers:
        customer.join()
    return [status for customer in customers for status in customer.statuses]


class TraceTest(unittest.TestCase):
    """The reading of traces is worth something only if it sees an answer that left too early."""

    ASKED = '1 recvmsg(7<socket:[1]>, {msg_iov=[{iov_base="POST /v1/orders HTTP/1.1"...}]}, 0) = 90'
    SYNC_BEGINS = "2 fdatasync(5</data/backline.db-wal> <unfinished ...>"
    SYNC_ENDS = "2 <... fdatasync resumed>) = 0"
    OTHER_SYNC = "2 fdatasync(6</data/sandbox-provider.db-wal>) = 0"
    FAILED_SYNC = "2 fdatasync(5</data/backline.db-wal>) = -1 EIO (Input/output error)"
    ANSWERED = '1 sendmsg(7<socket:[1]>, {msg_iov=[{iov_base="HTTP/1.1 201 Created"...}]}, 0) = 90'

    def early(self, *lines: str) -> int:
        with tempfile.NamedTemporaryFile("w") as trace:
            trace.write("\n".join(lines))
            trace.flush()
            return len(early_answers(calls_of(Path(trace.name)))[2])

    def test_sees_what_is_early(self):
        self.assertEqual(self.early(self.ASKED, self.SYNC_BEGINS, self.SYNC_ENDS, self.ANSWERED), 0)
        self.assertEqual(self.early(self.ASKED, self.SYNC_BEGINS, self.ANSWERED, self.SYNC_ENDS), 1)
        self.assertEqual(self.early(self.SYNC_BEGINS, self.ASKED, self.SYNC_ENDS, self.ANSWERED), 1)
        self.assertEqual(self.early(self.ASKED, self.OTHER_SYNC, self.ANSWERED), 1)
        self.assertEqual(self.early(self.ASKED, self.FAILED_SYNC, self.ANSWERED), 1)


class DurabilityTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data, self.trace = Path(folder.name) / "data", Path(folder.name) / "trace.txt"

    def start(self, *more: str) -> Program:
        program = Program(BINARY, self.data, "--demo", before=strace(self.trace, *more))
        self.addCleanup(program.__exit__)
        return program

    def test_no_2xx_for_a_write_leaves_before_its_fdatasync(self):
        with self.start() as shop:
            statuses = statuses_of(shop)
            self.assertTrue(all(200 <= status < 300 for status in statuses), statuses)
        answered, syncs, early = early_answers(calls_of(self.trace))
        print(f"{answered} writes answered with 2xx, {syncs} syncs of the database, {len(early)} answers too early")
        self.assertEqual(answered, CUSTOMERS * WRITES_EACH)
        self.assertEqual(early, [])

    def test_a_failed_fdatasync_ends_the_program_and_is_never_called_done(self):
        with Program(BINARY, self.data, "--demo") as shop:
            self.assertEqual(shop.stop(), 0)
        with self.start("-e", "inject=fdatasync:error=EIO:when=6+") as shop:
            statuses = statuses_of(shop)
            self.assertIn(0, statuses, "somebody was cut off")
            self.assertEqual(shop.process.wait(timeout=30), 1)
            said = Path(shop.errors.name).read_text().splitlines()
            self.assertTrue(any(line.startswith("backline: ") for line in said), said)
        answered, _, early = early_answers(calls_of(self.trace))
        self.assertEqual(early, [])
        self.assertLess(answered, CUSTOMERS * WRITES_EACH)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    if shutil.which("strace") is None:
        print("SKIPPED: no strace on this machine, so NOTHING was shown about durability")
        sys.exit(77)
    unittest.main(verbosity=2)
