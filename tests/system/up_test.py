"""At stake: the commands that begin, renew and end a split shop on a developer's machine. How: as they are typed, on a
folder and a port of the test's own, and what is left of it all afterwards."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "deploy/local"), str(ROOT / "tests/servers")]

from process import Unavailable
from program import ask, free_port
from topology import Topology

BINARY = ""
SKIPPED = 77


class UpTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="backline-up-")
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name) / "up"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.env = {
            **os.environ, "BACKLINE_TEST_UP_HOME": str(self.home), "BACKLINE_TEST_UP_PROGRAM": BINARY,
            "BACKLINE_TEST_UP_PORT": self.url.rpartition(":")[2],
        }

    def run_up(self, word: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(ROOT / "deploy/local/up.py"), word]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=300)

    def processes(self) -> dict[str, str]:
        """The commands that name the folder, by process."""
        lines = {}
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines[path.parent.name] = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:  # It has ended.
                continue
        return {process: line for process, line in lines.items() if str(self.home) in line}

    def replicas(self) -> set[str]:
        return {process for process, line in self.processes().items() if " serve " in line}

    def test_begins_sells_is_renewed_and_ends(self):
        begun = self.run_up("up")
        self.assertEqual(begun.returncode, 0, begun.stderr)
        self.addCleanup(self.run_up, "down")
        self.assertIn("The split shop serves", begun.stdout)
        self.assertEqual(sum("mongod" in line for line in self.processes().values()), 3)
        self.assertIn("runs already", self.run_up("up").stdout)
        subprocess.run([sys.executable, ROOT / "tools/demo.py", "--url", self.url], check=True)
        before, replicas = self.processes(), self.replicas()
        renewed = self.run_up("roll")
        self.assertEqual(renewed.returncode, 0, renewed.stderr)
        after = self.processes()
        self.assertCountEqual(after.values(), before.values(), "each process has the command of the one before")
        self.assertEqual(len(replicas), 12)
        self.assertEqual(replicas & self.replicas(), set(), "a process was not renewed")
        self.assertEqual(len(ask(self.url + "/v1/products?limit=100").json()["items"]), 24)
        ended = self.run_up("down")
        self.assertEqual((ended.returncode, ended.stdout), (0, ""), ended.stderr)
        self.assertFalse(self.home.exists())
        self.assertEqual(self.processes(), {})
        again = self.run_up("down")
        self.assertEqual((again.returncode, again.stdout), (1, "Nothing runs.\n"))

if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            Topology(Path(folder), Path(BINARY))  # Starts nothing, but misses what is missing.
    except Unavailable as why:
        print(f"SKIPPED: {why}")
        sys.exit(1 if os.environ.get("BACKLINE_SERVERS") == "required" else SKIPPED)
    unittest.main(verbosity=2)
