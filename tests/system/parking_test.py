"""At stake: an event that a broken handler loses, or that counts twice once the handler is mended. How: the real
program, whose stored contact of one customer is broken, so that no news of them can be handled, and mended later.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import Program

BINARY, CONTACT = "", ""
QUICK = "[events]\nattempts_max = 3\nretry_first_for = 20\nretry_longest_for = 50\n"
BROKEN = '{"customer":7}'


class ParkingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name) / "data"
        self.config = Path(folder.name) / "backline.toml"
        self.config.write_text(QUICK)

    def start(self) -> Program:
        program = Program(BINARY, self.data, "--demo", "--config", str(self.config))
        self.addCleanup(program.__exit__)
        return program

    def contact(self, *words: str) -> tuple[int, str]:
        """Version and body, before they were changed."""
        command = [CONTACT, str(self.data), self.customer, *words]
        version, _, body = subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition(" ")
        return int(version), body.strip()

    def events(self, shop: Program, *words: str) -> subprocess.CompletedProcess:
        command = [BINARY, "events", *words, "--operator", shop.operator]
        return subprocess.run(command, capture_output=True, text=True, timeout=30)

    def parked(self, shop: Program) -> list[dict]:
        listed = self.events(shop, "parked")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return json.loads(listed.stdout)["parked"]

    def wait_until_parked(self, shop: Program) -> dict:
        deadline = time.monotonic() + 30
        while not (parked := self.parked(shop)):
            self.assertLess(time.monotonic(), deadline, "it is never parked")
            time.sleep(0.1)
        self.assertEqual(len(parked), 1)
        return parked[0]

    def rename(self, shop: Program, name: str) -> None:
        token = shop.log_in()
        self.assertEqual(shop.ask("/v1/me", "PUT", {"name": name}, token=token).status, 200)

    def wait_until_handled(self, shop: Program) -> None:
        deadline = time.monotonic() + 30
        while '"backlog":0' not in self.events(shop, "lag").stdout:
            self.assertLess(time.monotonic(), deadline, "the shop is never done")
            time.sleep(0.05)

    def test_a_message_whose_handler_always_fails_is_parked_and_replayed_once_it_is_mended(self):
        with self.start() as shop:
            answer = shop.ask("/v1/me", token=shop.log_in())
            self.customer = answer.json()["id"]
            self.wait_until_handled(shop)
            self.assertEqual(shop.stop(), 0)
        version, whole = self.contact(BROKEN)
        with self.start() as shop:
            self.rename(shop, "Ada the Renamed")
            parked = self.wait_until_parked(shop)
            self.assertEqual(parked["subscriber"], "notifications")
            self.assertEqual(parked["type"], "backline.users.contact_changed.v1")
            self.assertEqual(parked["attempts"], 3)
            self.assertIn(f"notifications.contacts/{self.customer}", parked["reason"])
            shop.stop(signal.SIGKILL)
        with self.start() as shop:
            self.assertEqual(self.parked(shop), [parked], "a crash loses nothing, and tries nothing again")
            again = self.events(shop, "replay", "--all")
            self.assertEqual(again.returncode, 1, "the handler is as broken as before")
            self.assertEqual(len(self.parked(shop)), 1)
            self.assertEqual(shop.stop(), 0)
        self.assertEqual(self.contact(whole), (version + 1, BROKEN))
        with self.start() as shop:
            self.assertEqual(len(self.parked(shop)), 1)
            replay = self.events(shop, "replay", parked["event"], parked["subscriber"])
            self.assertEqual(replay.returncode, 0, replay.stdout + replay.stderr)
            self.assertEqual(json.loads(replay.stdout)["replayed"], 1)
            self.assertEqual(self.parked(shop), [])
            again = self.events(shop, "replay", parked["event"], parked["subscriber"])
            self.assertEqual(again.returncode, 1)
            self.assertIn("nothing is parked", again.stderr)
            self.assertEqual(shop.stop(), 0)
        after, body = self.contact()
        self.assertIn("Ada the Renamed", body)
        self.assertEqual(after, version + 3, "broken, mended, and one effect")


if __name__ == "__main__":
    BINARY, CONTACT = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
