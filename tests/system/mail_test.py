"""At stake: a shop whose mails go nowhere, or twice. How: the real program and a real mail server (aiosmtpd)."""

import json
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import Program, free_port, refused

BINARY = ""
SERVER = Path(__file__).parents[2] / "adapters/smtp/test_server.py"
PYTHON = "/usr/bin/python3"  # Which has Debian's python3-aiosmtpd.


class MailServer:
    """`adapters/smtp/test_server.py` in a process of its own."""

    def __init__(self, mode: str, port: int = 0):
        command = [PYTHON, str(SERVER), "--port", str(port), mode]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline())

    def next(self) -> dict:
        """Waits for it."""
        return json.loads(self.process.stdout.readline())

    def stop(self) -> list[dict]:
        """What came and was not yet looked at."""
        self.process.kill()
        rest = self.process.stdout.read()
        self.process.wait()
        self.process.stdout.close()
        return [json.loads(line) for line in rest.splitlines()]


class MailTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.config = self.folder / "backline.toml"
        self.password = self.folder / "password"
        self.password.write_text("pw\n")
        self.password.chmod(0o600)

    def configure(self, **settings) -> None:
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        self.config.write_text("\n".join(["[smtp]", *lines, ""]))

    def configure_for(self, port: int, **more) -> None:
        self.configure(host="127.0.0.1", port=port, security="none", **{"from": "shop@backline.example"}, **more)

    def start(self) -> Program:
        program = Program(BINARY, self.folder / "data", "--demo", "--config", str(self.config))
        self.addCleanup(program.__exit__)
        return program

    def server(self, mode: str, port: int = 0) -> MailServer:
        server = MailServer(mode, port)
        self.addCleanup(lambda: server.process.poll() is None and server.stop())
        return server

    def register(self, shop: Program) -> None:
        person = {"email": "eve@example.com", "password": "a long enough secret", "name": "Eve"}
        self.assertEqual(shop.ask("/v1/users", "POST", person).status, 201)

    def message(self, shop: Program, until) -> dict:
        """The one message to Eve, as soon as it is so."""
        staff = shop.log_in("staff@example.com")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            messages = shop.ask("/v1/notifications?limit=1", token=staff).json()["items"]
            if messages and until(messages[0]):
                return messages[0]
            time.sleep(0.1)
        raise AssertionError(f"it never came to that: {messages}")

    def test_greets_a_new_customer_over_smtp(self):
        server = self.server("auth")
        more = {"user": "shop", "password_file": str(self.password), "from_name": "Our shop"}
        self.configure_for(server.port, **more)
        with self.start() as shop:
            self.register(shop)
            mails = [mail for mail in (server.next() for _ in range(4)) if mail["envelope_to"] == ["eve@example.com"]]
            self.assertEqual(len(mails), 1, "the demo's three accounts are greeted, too")
            mail = mails[0]
            self.assertTrue(mail["login"])
            self.assertEqual(mail["envelope_from"], "shop@backline.example")
            self.assertEqual(mail["headers"]["subject"], "Welcome to Backline")
            self.assertEqual(mail["headers"]["from"], "Our shop <shop@backline.example>")
            self.assertIn("Hello Eve", mail["text"])
            self.assertIn("Hello Eve", mail["html"])
            self.assertEqual(shop.ask("/v1/mailbox").json()["mails"], [])
            self.assertEqual(shop.stop(), 0)
        said = (self.folder / "data.stderr").read_text()
        self.assertNotIn("eve@example.com", said)

    def test_waits_for_a_mail_server_that_is_away_over_a_crash(self):
        port = free_port()
        self.configure_for(port)
        with self.start() as shop:
            self.register(shop)
            waiting = self.message(shop, lambda message: message["status"] == "waiting")
            self.assertTrue(waiting["problem"])
            shop.process.kill()
            shop.process.wait()
        server = self.server("plain", port)
        with self.start() as shop:
            sent = self.message(shop, lambda message: message["status"] == "sent")
            self.assertEqual(sent["id"], waiting["id"])
            self.assertGreater(sent["attempts"], waiting["attempts"])
            self.assertEqual(shop.stop(), 0)
        to_eve = [mail for mail in server.stop() if mail["envelope_to"] == ["eve@example.com"]]
        self.assertEqual(len(to_eve), 1)

    def test_refuses_settings_that_cannot_work(self):
        sender = {"from": "shop@backline.example"}
        whole = {"host": "mail.example.com", **sender}
        for settings, words in (
            ({"host": "mail.example.com"}, "/smtp/from"),
            (sender, "/smtp/host"),
            ({**whole, "user": "shop"}, "/smtp/password_file"),
            ({**whole, "password_file": str(self.password)}, "/smtp/user"),
            ({**whole, "security": "ssl"}, "/smtp/security"),
            ({**whole, "from": "the shop"}, "/smtp/from"),
            ({**whole, "user": "shop", "password_file": "/nowhere"}, "/nowhere"),
        ):
            self.configure(**settings)
            self.assertIn(words, self.refused(), settings)
        self.configure(**whole, user="shop", password_file=str(self.password))
        self.password.chmod(0o644)
        self.assertIn("0600", self.refused())

    def refused(self) -> str:
        return refused(self, [BINARY, "serve", "--data", str(self.folder / "data"), "--config", str(self.config)])


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    if subprocess.run([PYTHON, "-c", "import aiosmtpd"], capture_output=True).returncode != 0:
        print("SKIPPED: no python3-aiosmtpd on this machine, so NOTHING was shown about mail")
        sys.exit(77)
    unittest.main(verbosity=2)
