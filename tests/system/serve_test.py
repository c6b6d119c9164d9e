"""At stake: the one command that a newcomer types. How: the real program in a temporary directory, from outside."""

import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import PASSWORD, Program, ask, refused

BINARY = ""
NOBODY_THERE = {
    "BACKLINE_MONGO__URL": "mongodb://127.0.0.1:9/?replicaSet=rs0",
    "BACKLINE_RABBITMQ__URL": "amqp://127.0.0.1:9",
    "BACKLINE_REDIS__URL": "redis://127.0.0.1:9",
    "BACKLINE_SANDBOX__URL": "http://127.0.0.1:9",
    "BACKLINE_SIGNING_KEYS__URL": "http://127.0.0.1:9/jwks.json",
}


class ServeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = self.folder / "data"
        self.guesses = 0

    def start(self) -> Program:
        program = Program(BINARY, self.data, "--demo")
        self.addCleanup(program.__exit__)
        return program

    def refused(self, *args: str, **how) -> str:
        return refused(self, [BINARY, *args], **how)

    def serve_refused(self, *args: str, **named) -> str:
        return self.refused("serve", "--port", "0", "--operator-port", "0", *args, **named)

    # --- a running shop ----------------------------------------------------------------------------------------

    def test_answers_probes_documents_and_the_lines_that_it_prints(self):
        with self.start() as shop:
            self.assertEqual(shop.ask("/livez").status, 200)
            self.assertEqual(shop.ask("/readyz").status, 200)
            self.assertEqual(shop.ask("/docs").status, 200)
            paths = shop.ask("/openapi.json").json()["paths"]
            for path in ("/v1/sessions", "/v1/products", "/v1/stock/{sku}", "/v1/orders", "/v1/templates"):
                self.assertIn(path, paths)
            lines = [line for line in shop.greeting.splitlines() if line.startswith("  curl")]
            self.assertEqual(len(lines), 3)
            for line in lines:
                ended = subprocess.run([*shlex.split(line), "-sf", "--noproxy", "*"], capture_output=True, timeout=30)
                self.assertEqual(ended.returncode, 0, line)

    def test_a_probe_says_whether_an_address_answers(self):
        with self.start() as shop:
            ready = shop.url + "/readyz"
            self.assertEqual(subprocess.run([BINARY, "probe", ready], timeout=30).returncode, 0)
            self.assertIn("answers 404", self.refused("probe", shop.url + "/nothing"))
        self.assertIn("backline: ", self.refused("probe", ready))

    def test_has_the_sample_store(self):
        with self.start() as shop:
            self.assertEqual(len(shop.ask("/v1/products?limit=100").json()["items"]), 24)
            staff = shop.log_in("staff@example.com")
            self.assertGreater(len(shop.ask("/v1/stock?limit=100", token=staff).json()["items"]), 23)

    def test_shows_each_mail_once_and_escaped(self):
        with self.start() as shop:
            name = "<script>alert(1)</script>"
            person = {"email": "eve@example.com", "password": "a long enough secret", "name": name}
            self.assertEqual(shop.ask("/v1/users", "POST", person).status, 201)
            for _ in range(100):
                mails = shop.ask("/v1/mailbox?to=eve@example.com").json()["mails"]
                if mails:
                    break
                time.sleep(0.1)
            self.assertEqual(len(mails), 1)
            page = shop.ask("/mailbox").text
            self.assertIn("eve@example.com", page)
            self.assertNotIn("<script", page)

    def test_shows_operators_and_nobody_else_what_is_under_way(self):
        with self.start() as shop:
            self.assertIn("backline_", ask(shop.operator + "/metrics").text)
            self.assertEqual(shop.ask("/metrics").status, 404)
            rebound = ask(shop.operator + "/metrics", headers={"Host": "shop.example.com:8081"})
            self.assertIn("host_unknown", rebound.text, "a web page is no operator")
            self.assertEqual(shop.ask("/events/parked").status, 404)
            for words, expected in (["parked"], '"parked":[]'), (["lag"], "backlog"), (["replay", "--all"], ":0"):
                command = [BINARY, "events", *words, "--operator", shop.operator]
                ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertIn(expected, ended.stdout)
            command = [BINARY, "events", "replay", "orders.orders/none/1", "orders", "--operator", shop.operator]
            ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
            self.assertEqual(ended.returncode, 1)
            self.assertIn("nothing is parked", ended.stderr)

    def test_stops_on_either_signal_and_keeps_its_data(self):
        with self.start() as shop:
            token = shop.log_in()
            before = shop.ask("/v1/products?limit=100").text
            self.assertEqual(shop.stop(signal.SIGINT), 0)
        with self.start() as shop:
            self.assertEqual(shop.ask("/v1/products?limit=100").text, before)
            self.assertEqual(shop.ask("/v1/me", token=token).status, 200, "the signing key is the same")
            shop.log_in()
            self.assertEqual(shop.stop(signal.SIGTERM), 0)

    def test_a_real_shop_has_no_demo_accounts_and_no_mailbox(self):
        with Program(BINARY, self.data) as shop:
            known = {"email": "admin@example.com", "password": PASSWORD}
            self.assertEqual(shop.ask("/v1/sessions", "POST", known).status, 401)
            for page in ("/mailbox", "/v1/mailbox", "/v1/sandbox/ledger"):
                self.assertEqual(shop.ask(page).status, 404)
            self.assertEqual(shop.ask("/v1/products").json()["items"], [])

    def test_operators_make_the_first_admin_of_a_real_shop(self):
        with Program(BINARY, self.data) as shop:
            grant = ["users", "grant", "eve@example.com", "admin", "--operator", shop.operator]
            self.assertIn("Nobody has registered", self.refused(*grant))
            eve = {"email": "eve@example.com", "password": "a long enough secret"}
            self.assertEqual(shop.ask("/v1/users", "POST", {**eve, "name": "Eve"}).status, 201)
            before = shop.ask("/v1/sessions", "POST", eve).json()["access_token"]
            self.assertEqual(shop.ask("/v1/users", token=before).status, 403)
            ended = subprocess.run([BINARY, *grant], capture_output=True, text=True, timeout=30)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(ended.stdout, "eve@example.com is admin from the next log-in on.\n")
            after = shop.ask("/v1/sessions", "POST", eve).json()["access_token"]
            self.assertEqual(shop.ask("/v1/users", token=after).status, 200)
            wanted = {"email": "eve@example.com", "role": "staff"}
            self.assertEqual(shop.ask("/users/grants", "POST", wanted, token=after).status, 404)
        said = Path(f"{self.data}.stderr").read_text()
        self.assertRegex(said, '"roles_changed".*"roles":"customer admin".*"by":"operator"')
        self.assertNotIn("eve@example.com", said)

    def test_what_it_keeps_is_for_nobody_else_on_the_machine(self):
        self.data.mkdir(mode=0o755)
        with self.start() as shop:
            shop.log_in()
            shop.stop()
        for path in self.data.iterdir():
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_a_shop_that_is_killed_leaves_no_shared_memory_behind(self):
        with Program(BINARY, self.data, before=["env", "-u", "MONGOC_DISABLE_SHM"]) as shop:
            shared = [path for path in Path("/dev/shm").iterdir() if path.name.endswith(f"-{shop.process.pid}")]
            self.assertEqual(shared, [])

    def test_can_have_many_files_open_and_says_that_it_is_behind_tls(self):
        before = ["env", "BACKLINE_BEHIND_TLS=true", "prlimit", "--nofile=64:4096"]
        with Program(BINARY, self.data, before=before) as shop:
            limits = Path(f"/proc/{shop.process.pid}/limits").read_text()
            self.assertRegex(limits, r"Max open files +4096 +4096")
            connection = http.client.HTTPConnection(shop.url.removeprefix("http://"))
            connection.request("GET", "/livez")
            self.assertIn("max-age", connection.getresponse().getheader("Strict-Transport-Security"))
            connection.close()

    def test_counts_guesses_by_the_client_that_its_own_proxies_name(self):
        file = self.folder / "backline.toml"
        file.write_text('proxies = ["127.0.0.0/8"]\n')
        with Program(BINARY, self.data, "--config", str(file)) as shop:
            self.assertEqual(self.guess(shop, "1.2.3.4", 21), 429)
            self.assertEqual(self.guess(shop, "9.9.9.9, 1.2.3.4", 1), 429)
            self.assertEqual(self.guess(shop, "1.2.3.4, 9.9.9.9", 1), 401)
            self.assertEqual(shop.stop(), 0)
        with Program(BINARY, self.data) as shop:
            self.assertEqual([self.guess(shop, f"1.2.3.{i}", 1) for i in range(21)], [401] * 20 + [429])

    def guess(self, shop: Program, client: str, times: int) -> int:
        """Tries to log in as so many people; answers the last status."""
        for _ in range(times):
            self.guesses += 1
            guess = {"email": f"guess{self.guesses}@example.com", "password": PASSWORD}
            answer = shop.ask("/v1/sessions", "POST", guess, headers={"X-Forwarded-For": client})
        return answer.status

    # --- what cannot be served ---------------------------------------------------------------------------------

    def test_refuses_a_port_that_is_taken(self):
        with self.start() as shop:
            port = shop.url.rsplit(":", 1)[1]
            other = str(self.folder / "other")
            self.assertIn(port, self.refused("serve", "--data", other, "--port", port, "--operator-port", "0"))
            self.assertIn(port, self.refused("serve", "--data", other, "--port", "0", "--operator-port", port))

    def test_refuses_a_directory_that_another_process_has(self):
        with self.start():
            self.assertIn("another process", self.serve_refused("--demo", "--data", str(self.data)))

    def test_keeps_demos_and_shops_apart(self):
        shop = self.folder / "shop"
        with self.start() as demo:
            demo.stop()
        with Program(BINARY, shop) as real:
            real.stop()
        self.assertIn("holds a demo", self.serve_refused("--data", str(self.data)))
        self.assertIn("holds a shop", self.serve_refused("--data", str(shop), "--demo"))

    def test_refuses_directories_that_it_cannot_use(self):
        self.serve_refused("--data", "/proc/backline")
        self.serve_refused("--data", "/proc/backline", "--demo")
        in_the_way = self.folder / "file"
        in_the_way.write_text("not a directory")
        self.serve_refused("--data", str(in_the_way))
        self.data.mkdir()
        (self.data / "backline.db").write_bytes(b"not a database, " * 1000)
        self.assertIn("backline.db", self.serve_refused("--data", str(self.data)))

    def test_refuses_a_damaged_database(self):
        with self.start() as shop:
            self.assertEqual(shop.stop(), 0)
        database = self.data / "backline.db"
        content = bytearray(database.read_bytes())
        content[100:4096] = b"\xff" * 3996
        database.write_bytes(content)
        self.serve_refused("--data", str(self.data))

    def test_refuses_a_directory_that_is_read_only(self):
        self.data.mkdir(mode=0o555)
        self.folder.chmod(0o755)
        if os.geteuid() != 0:
            self.serve_refused("--data", str(self.data))
        elif subprocess.run(["test", "-x", BINARY], user=65534, group=65534).returncode == 0:
            self.serve_refused("--data", str(self.data), user=65534, group=65534)
        else:
            self.skipTest("root may write everywhere, and nobody may not run the program")

    def test_refuses_signing_keys_that_others_may_read(self):
        with self.start() as shop:
            self.assertEqual(shop.stop(), 0)
        (self.data / "signing-keys.json").chmod(0o644)
        self.serve_refused("--data", str(self.data))

    # --- configuration -----------------------------------------------------------------------------------------

    def test_refuses_settings_that_nobody_knows(self):
        file = self.folder / "backline.toml"
        file.write_text("[orders]\ntax_rat = 700\n")
        self.assertIn("tax_rat", self.serve_refused("--config", str(file)))
        self.assertIn("tax_rates", self.serve_refused(env={"BACKLINE_ORDERS__TAX_RATES": "700"}))
        self.assertIn("tax_rate", self.serve_refused(env={"BACKLINE_ORDERS__TAX_RATE": "9000"}))
        self.assertIn("server_port", self.serve_refused(env={"BACKLINE_SERVER_PORT": "80"}))
        self.assertIn("missing.toml", self.serve_refused("--config", str(self.folder / "missing.toml")))
        file.write_text('proxies = ["localhost"]\n')
        self.assertIn("/proxies/0", self.serve_refused("--config", str(file)))
        file.write_text("[orders\n")
        self.assertIn("line 1", self.serve_refused("--config", str(file)))

    def test_a_part_of_the_shop_needs_what_all_parts_share(self):
        part = ["orders", "--data", str(self.data)]
        needed = {name: value for name, value in NOBODY_THERE.items() if "SIGNING" not in name}
        for missing, named in (
            ([*needed], "mongo.url is missing"), (["BACKLINE_RABBITMQ__URL"], "rabbitmq.url"),
            (["BACKLINE_REDIS__URL"], "redis.url"), (["BACKLINE_SANDBOX__URL"], "sandbox.url"),
            ([], "signing_keys.url"),
        ):
            env = {name: value for name, value in needed.items() if name not in missing}
            self.assertIn(named, self.serve_refused(*part, env=env))
        with_password = {"BACKLINE_MONGO__URL": "mongodb://user:secret@127.0.0.1:9/"}
        said = self.serve_refused("--data", str(self.data), env=with_password)
        self.assertIn("password_file", said)
        self.assertNotIn("secret", said)

    def test_a_container_can_be_told_to_end_before_it_serves(self):
        """The kernel passes over a signal to the first process of a container that has no handler for it."""
        container = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
        if subprocess.run([*container, "true"], capture_output=True).returncode != 0:
            self.skipTest("this kernel lets us begin no process namespace")
        command = [*container, BINARY, "serve", "orders", "--data", str(self.data), "--port", "0"]
        process = subprocess.Popen(command, env={**os.environ, **NOBODY_THERE}, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (process.kill(), process.wait()))
        first = self.eventually(lambda: self.first_process_that_hears(process.pid, signal.SIGTERM))
        os.kill(first, signal.SIGTERM)
        self.assertEqual(process.wait(timeout=10), 128 + signal.SIGTERM)

    def first_process_that_hears(self, parent: int, number: int) -> int | None:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for child in children:
            caught = re.search(r"SigCgt:\s+(\w+)", Path(f"/proc/{child}/status").read_text())
            if int(caught[1], 16) & 1 << number - 1:
                return int(child)
        return None

    def eventually(self, found):
        """What it finds within ten seconds."""
        for _ in range(1000):
            if what := found():
                return what
            time.sleep(0.01)
        self.fail("it never came to that")

    def test_keys_are_made_once_and_for_their_owner_only(self):
        path = self.folder / "keys.json"
        made = []
        for _ in range(2):
            subprocess.run([BINARY, "keys", str(path)], check=True, stdout=subprocess.DEVNULL)
            made.append(path.read_text())
        self.assertEqual(made[0], made[1])
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_flags_beat_the_environment_which_beats_the_file(self):
        file = self.folder / "backline.toml"
        file.write_text("[orders]\ntax_rate = 1\nshipping_fee = 2\n[server]\nport = 3\n")
        env = {**os.environ, "BACKLINE_ORDERS__SHIPPING_FEE": "20", "BACKLINE_SERVER__PORT": "30"}
        env |= {"BACKLINE_USERS__SHOP_NAME": "2026", "BACKLINE_DATA": str(self.data)}
        command = [BINARY, "serve", "--print-config", "--config", str(file), "--port", "300"]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=30, env=env).stdout
        parts = (f'"data":"{self.data}"', '"tax_rate":1,', '"shipping_fee":20,', '"port":300,', '"shop_name":"2026"')
        for part in parts:
            self.assertIn(part, shown)
        self.assertFalse((self.folder / "data").exists(), "showing settings touches nothing")

    def test_says_so_when_no_operator_answers(self):
        self.refused("events", "lag", "--operator", "http://127.0.0.1:9")
        self.refused("events", "replay", "--operator", "http://127.0.0.1:9")


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
