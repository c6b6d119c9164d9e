"""At stake: suites that look green because their server was not there, and a machine full of servers that nobody has
stopped. How: the front door with commands that look, fail, leave things behind and are killed; each server is asked
with a client that is not ours, and hurt in every way that tests of faults will use.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import fetch
from certificates import Certificates
from mongo import Mongo
from nginx import Nginx
from process import PORTS, Failed, Unavailable, free_ports, poll
from rabbitmq import RabbitMq
from redis import Redis, encode

ROOT = Path(__file__).resolve().parents[2]
FRONT_DOOR = [sys.executable, str(Path(__file__).with_name("servers.py")), "run"]
# Tells its environment, then waits to be let go.
LOOK = [sys.executable, "-c", "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"]
NO_MONGO = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
SECONDS_MAX = 120


class PortsTest(unittest.TestCase):
    def test_none_is_given_twice_though_nobody_listens_there_yet(self):
        given = [port for _ in range(200) for port in free_ports(3)]
        self.assertEqual(len({*given}), len(given))

    def test_one_that_is_taken_is_passed_over(self):
        [last] = free_ports(1)
        taken = PORTS[(last + 1 - PORTS.start) % len(PORTS)]
        with socket.socket() as somebody:
            somebody.bind(("127.0.0.1", taken))
            self.assertNotIn(taken, free_ports(3))


class ServersTest(unittest.TestCase):
    """Everything that a test starts inherits a TMPDIR of its own, by which what is left behind is found."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLINE_TEST_")}
        self.env = {**kept, "TMPDIR": folder.name}

    def open(self, *words: str, **env: str) -> subprocess.Popen:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        run = subprocess.Popen([*FRONT_DOOR, *words], env={**self.env, **env}, text=True, **pipes)
        self.addCleanup(self.close, run)
        return run

    def close(self, run: subprocess.Popen) -> tuple[str, str]:
        """What it still said and what it complained of, once it has ended."""
        if run.returncode is not None:
            return "", ""
        return run.communicate(timeout=SECONDS_MAX)

    def run_to_the_end(self, *words: str, **env: str) -> tuple[int, str, str]:
        run = self.open(*words, **env)
        said, complained = self.close(run)
        self.assert_nothing_is_left()
        return run.returncode, said, complained

    def processes(self) -> list[str]:
        marker = f"TMPDIR={self.folder}".encode()
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if marker in environ.read_bytes():
                    found.append((environ.parent / "cmdline").read_text().replace("\0", " "))
        return found

    def assert_nothing_is_left(self) -> None:
        self.assertEqual(self.processes(), [])
        self.assertEqual(list(self.folder.iterdir()), [])


class EnginesTest(ServersTest):
    """Each server, as a command meets it."""

    @contextlib.contextmanager
    def variables(self, engine: str, variable: str):
        run = self.open("--only", engine, "--", *LOOK)
        variables = json.loads(run.stdout.readline() or "{}")
        if variable not in variables:
            _, complained = self.close(run)
            self.assertEqual(run.returncode, 0, complained)
            self.skipTest(complained)
        yield variables
        _, complained = self.close(run)
        self.assertEqual(run.returncode, 0, complained)
        self.assert_nothing_is_left()

    def ask(self, url: str, question: bytes, expected: bytes, ca: str | None = None) -> None:
        """Over a bare socket; with `ca` over TLS."""
        address = urlsplit(url)
        with contextlib.ExitStack() as stack:
            connection = stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=10))
            if ca:
                context = ssl.create_default_context(cafile=ca)
                connection = stack.enter_context(context.wrap_socket(connection, server_hostname=address.hostname))
            connection.sendall(question)
            said = b""
            while expected not in said:
                piece = connection.recv(65536)
                self.assertTrue(piece, said)
                said += piece

    def test_mongodb_answers_with_authentication_with_tls_and_with_fail_points(self):
        with self.variables("mongo", "BACKLINE_TEST_MONGO_URL") as variables:
            sys.path.append(str(fetch.mongodb()))
            import pymongo

            url, tls_url = variables["BACKLINE_TEST_MONGO_URL"], variables["BACKLINE_TEST_MONGO_TLS_URL"]
            with pymongo.MongoClient(url) as client:
                client.shop.things.insert_one({"_id": 1})
                once = {"configureFailPoint": "failCommand", "mode": {"times": 1}}
                client.admin.command(once | {"data": {"failCommands": ["find"], "errorCode": 13}})
                with self.assertRaisesRegex(pymongo.errors.OperationFailure, "failCommand"):
                    client.shop.things.find_one()
            with pymongo.MongoClient(tls_url, tlsCAFile=variables["BACKLINE_TEST_TLS_CA"]) as client:
                self.assertEqual(client.shop.things.find_one(), {"_id": 1})
            address = url.partition("@")[2]
            with pymongo.MongoClient(f"mongodb://{address}") as stranger:
                with self.assertRaisesRegex(pymongo.errors.OperationFailure, "requires authentication"):
                    stranger.shop.things.find_one()

    def test_rabbitmq_answers_on_both_ports_and_takes_virtual_hosts(self):
        with self.variables("rabbitmq", "BACKLINE_TEST_AMQP_URL") as variables:
            hello = b"AMQP\x00\x00\x09\x01"
            self.ask(variables["BACKLINE_TEST_AMQP_URL"], hello, b"RabbitMQ")
            self.ask(variables["BACKLINE_TEST_AMQPS_URL"], hello, b"RabbitMQ", variables["BACKLINE_TEST_TLS_CA"])
            api = urlsplit(variables["BACKLINE_TEST_RABBITMQ_API"])
            amqp = urlsplit(variables["BACKLINE_TEST_AMQP_URL"])
            self.assertEqual((api.username, api.password), (amqp.username, amqp.password))
            base = f"http://{api.hostname}:{api.port}{api.path}"
            passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
            passwords.add_password(None, base, api.username, api.password, is_authenticated=True)
            opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
            with opener.open(urllib.request.Request(f"{base}/vhosts/mine", method="PUT")) as made:
                self.assertEqual(made.status, 201)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{base}/vhosts")
            self.assertEqual(refused.exception.code, 401)

    def test_redis_answers_with_a_password_and_over_tls(self):
        with self.variables("redis", "BACKLINE_TEST_REDIS_URL") as variables:
            url, tls_url = variables["BACKLINE_TEST_REDIS_URL"], variables["BACKLINE_TEST_REDISS_URL"]
            ping = encode("AUTH", urlsplit(url).password) + encode("PING")
            self.ask(url, ping, b"+OK\r\n+PONG\r\n")
            self.ask(tls_url, ping, b"+OK\r\n+PONG\r\n", variables["BACKLINE_TEST_TLS_CA"])
            self.ask(url, encode("PING"), b"NOAUTH")


class EndingsTest(ServersTest):
    """Whatever becomes of the command, nothing is left behind."""

    def test_the_status_is_the_commands(self):
        self.assertEqual(self.run_to_the_end("--only", "redis", "--", "sh", "-c", "exit 7"), (7, "", ""))

    def test_a_command_that_does_not_exist_is_said(self):
        status, _, complained = self.run_to_the_end("--only", "redis", "--", "no-such-command")
        self.assertEqual(status, 127)
        self.assertIn("no-such-command", complained)

    def test_what_a_killed_command_leaves_behind_is_ended(self):
        status, _, _ = self.run_to_the_end("--only", "redis", "--", "sh", "-c", "setsid sleep 600 & kill -9 $$")
        self.assertEqual(status, 128 + signal.SIGKILL)

    def test_a_signal_reaches_the_command_which_has_the_last_word(self):
        last_word = "trap 'echo bye; exit 5' INT TERM; echo; while :; do sleep 0.05; done"
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.open("--only", "redis", "--", "sh", "-c", last_word)
            run.stdout.readline()
            run.send_signal(number)
            said, _ = self.close(run)
            self.assertEqual((run.returncode, said), (5, "bye\n"))
            self.assert_nothing_is_left()

    def test_a_signal_ends_the_start(self):
        run = self.open("--only", "rabbitmq", "--", "echo", "never")
        poll(lambda: any("beam" in line for line in self.processes()), SECONDS_MAX, "no broker")
        run.send_signal(signal.SIGTERM)
        said, _ = self.close(run)
        self.assertEqual((run.returncode, said), (128 + signal.SIGTERM, ""))
        self.assert_nothing_is_left()

    def test_everything_dies_with_a_front_door_that_is_killed(self):
        run = self.open("--only", "redis", "--", "sh", "-c", "echo; exec sleep 600")
        run.stdout.readline()
        run.kill()
        poll(lambda: not self.processes(), SECONDS_MAX, "something lives on")


class MissingTest(ServersTest):
    """A server that cannot be had, and one that is given."""

    def test_a_given_server_is_used_instead(self):
        given = {"BACKLINE_TEST_REDIS_URL": "redis://elsewhere"}
        status, said, _ = self.run_to_the_end("--only", "redis", "--", "sh", "-c", "env", **given)
        self.assertEqual(status, 0)
        self.assertIn("BACKLINE_TEST_REDIS_URL=redis://elsewhere\n", said)
        self.assertNotIn("BACKLINE_TEST_REDISS_URL", said)

    def hidden_mongo(self, **env: str) -> tuple[int, str, str]:
        with tempfile.TemporaryDirectory() as cache:
            words = ("--only", "mongo", "--", "sh", "-c", "echo ran; env")
            return self.run_to_the_end(*words, XDG_CACHE_HOME=cache, **NO_MONGO, **env)

    def test_one_that_cannot_be_had_is_missed_loudly(self):
        status, said, complained = self.hidden_mongo(BACKLINE_SERVERS="")
        self.assertEqual(status, 0)
        self.assertIn("ran\n", said)
        self.assertNotIn("BACKLINE_TEST_MONGO_URL", said)
        self.assertRegex(complained, r"servers: NO MONGO, so the suites of adapters/mongo are skipped.*\n\Z")
        self.assertIn("BACKLINE_TEST_MONGO_URL", complained)

    def test_one_that_cannot_be_had_is_a_failure_where_it_is_required(self):
        status, said, complained = self.hidden_mongo(BACKLINE_SERVERS="required")
        self.assertEqual((status, said), (1, ""))
        self.assertRegex(complained, r"servers: NO MONGO, which is required\..*\n\Z")

    def test_continuous_integration_requires_every_one(self):
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / ".ci/run"
            run.parent.mkdir()
            shutil.copy(ROOT / ".ci/run", run)
            tests = Path(folder) / "dev"
            tests.write_text('#!/bin/sh\n[ "$1" = test ] && env\n')
            tests.chmod(0o755)
            env = {name: value for name, value in os.environ.items() if name != "BACKLINE_SERVERS"}
            said = subprocess.run([run], check=True, capture_output=True, text=True, timeout=30, env=env).stdout
            self.assertIn("BACKLINE_SERVERS=required\n", said)

    def test_an_unknown_engine_is_refused(self):
        status, said, complained = self.run_to_the_end("--only", "redis,oracle", "--", "echo", "ran")
        self.assertEqual((status, said, complained), (1, "", "servers: there is no oracle\n"))


class FaultsTest(unittest.TestCase):
    """The servers as tests of faults use them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def begin(self, kind, *words, **named):
        try:
            return self.enterContext(kind(self.folder / kind.__name__, *words, **named))
        except Unavailable as why:
            if os.environ.get("BACKLINE_SERVERS") == "required":
                raise
            self.skipTest(str(why))

    def test_three_members_survive_the_loss_of_their_primary(self):
        mongo = self.begin(Mongo, members=3)
        with mongo.client() as client:
            things = client.shop.things
            first = mongo.primary()
            second = mongo.step_down()
            self.assertIsNot(second, first)
            things.insert_one({"_id": 1})
            second.kill()
            third = mongo.primary()
            self.assertIsNot(third, second)
            things.insert_one({"_id": 2})
            second.start()
            self.assertEqual(things.count_documents({}), 2)

    def test_a_member_fails_as_it_is_told(self):
        mongo = self.begin(Mongo)
        with mongo.client() as client:
            mongo.fail(1, failCommands=["insert"], errorCode=13)
            with self.assertRaisesRegex(Exception, "failCommand"):
                client.shop.things.insert_one({"_id": 1})
            mongo.fail(5, failCommands=["insert"], errorCode=13)
            mongo.fail(0)
            client.shop.things.insert_one({"_id": 1})
        mongo.restart()
        with mongo.client() as client:
            self.assertEqual(client.shop.things.count_documents({}), 1)
        with self.assertRaises(Failed):
            mongo.step_down()

    def test_a_broker_keeps_a_message_through_a_stop_and_a_crash(self):
        broker = self.begin(RabbitMq)
        quorum = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
        broker.api("PUT", "/queues/%2F/things", quorum)
        broker.restart()
        message = {"routing_key": "things", "payload": "kept", "payload_encoding": "string", "properties": {}}
        published = broker.api("POST", "/exchanges/%2F/amq.default/publish", message)
        self.assertTrue(published["routed"])
        broker.kill()
        broker.start()
        asked = {"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"}
        [kept] = broker.api("POST", "/queues/%2F/things/get", asked)
        self.assertEqual(kept["payload"], "kept")

    def test_redis_keeps_what_it_had_falls_silent_and_forgets(self):
        redis = self.begin(Redis, tls=Certificates(self.folder / "tls"))
        self.assertEqual(redis.ask("SET", "name", "Ada"), "+OK")
        redis.kill()
        with self.assertRaises(OSError):
            redis.ask("PING")
        redis.start()
        self.assertEqual(redis.ask("EXISTS", "name"), ":1")
        redis.pause()
        with socket.create_connection(("127.0.0.1", redis.port), timeout=0.2) as connection:
            connection.sendall(encode("PING"))
            self.assertRaises(TimeoutError, connection.recv, 1)
        redis.resume()
        redis.flush()
        self.assertEqual(redis.ask("EXISTS", "name"), ":0")
        redis.pause()
        redis.stop()
        self.assertFalse(redis.running())

    def test_a_gateway_is_killed_with_its_workers(self):
        gateway = self.begin(Nginx, 'server { listen 127.0.0.1:{port}; return 200 "hello"; }')
        with urllib.request.urlopen(gateway.url) as answer:
            self.assertEqual(answer.read(), b"hello")
        gateway.kill()
        with self.assertRaises(OSError):
            urllib.request.urlopen(gateway.url)
        gateway.start()
        self.assertTrue(gateway.ready())

    def test_a_server_that_ends_at_once_says_why(self):
        with self.assertRaisesRegex(Failed, "no_such_directive"):
            self.begin(Nginx, "no_such_directive;")


if __name__ == "__main__":
    unittest.main(verbosity=2)
