"""At stake: a replica set that nobody can use, that everybody can, or that loses what it has confirmed. How: `backline
mongo-init` on real servers that nobody has initiated, and `backline serve` on a set that was configured weakly."""

import contextlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "deploy/local"))

from topology import without_password  # It brings tests/servers along.

from certificates import Certificates
from mongo import Mongo
from process import Unavailable
from processes import secret
from program import free_port, left_out, refused

BINARY = ""


class MongoInitTest(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.tls = Certificates(self.folder / "tls")
        try:
            self.mongo = Mongo(self.folder / "mongo", members=3, tls=self.tls)
        except Unavailable as why:
            left_out(self, f"NO MONGODB, so `mongo-init` is not tried. {why}")
        for member in self.mongo.members:
            stack.callback(member.end)
            member.launch()
        for member in self.mongo.members:
            member.wait_until_ready()

    def command(self, password: str) -> list[str]:
        """With a configuration that holds this password."""
        hosts = ",".join(f"localhost:{member.port}" for member in self.mongo.members)
        file, config = secret(self.folder / "password", password), self.folder / "shop.toml"
        url = f"mongodb://backline@{hosts}/?replicaSet=rs0&authSource=admin&tls=true"
        settings = {"url": url, "password_file": str(file), "ca_file": str(self.tls.ca)}
        config.write_text("[mongo]\n" + "\n".join(f"{name} = {json.dumps(word)}" for name, word in settings.items()))
        return [BINARY, "mongo-init", "--config", str(config)]

    def run_command(self, password: str) -> None:
        subprocess.run(self.command(password), check=True, timeout=150)

    def client(self, password: str = ""):
        import pymongo

        port = self.mongo.members[0].port
        login = {"username": "backline", "password": password} if password else {}
        return pymongo.MongoClient(f"mongodb://localhost:{port}/?replicaSet=rs0&tls=true", tlsCAFile=str(self.tls.ca),
                                   **login)

    def test_makes_the_set_and_a_user_who_can_work_and_no_more_and_locks_the_door(self):
        self.run_command("a first password")
        with self.client("a first password") as shop:
            self.assertEqual(len(shop.admin.command("replSetGetConfig")["config"]["members"]), 3)
            shop.backline_orders.orders.create_index("number", unique=True)
            shop.backline_orders.orders.insert_one({"number": 1})
            self.assert_refused(lambda: shop.admin.command("createUser", "eve", pwd="x", roles=["root"]))
        with self.client() as stranger:
            self.assert_refused(lambda: stranger.backline_orders.orders.find_one())
            self.assert_refused(lambda: stranger.admin.command("createUser", "eve", pwd="x", roles=["root"]))

    def assert_refused(self, act) -> None:
        import pymongo

        with self.assertRaises(pymongo.errors.OperationFailure) as refusal:
            act()
        self.assertEqual(refusal.exception.code, 13)

    def test_again_it_does_nothing_whoever_leads(self):
        self.run_command("pw")
        with self.client("pw") as shop:
            before = shop.admin.command("replSetGetConfig")["config"]
            self.mongo.members[0].restart()
            self.run_command("pw")
            self.assertEqual(shop.admin.command("replSetGetConfig")["config"]["version"], before["version"])

    def test_says_in_a_sentence_what_is_wrong(self):
        self.run_command("pw")
        self.assertIn("uthentication failed", refused(self, self.command("another")))


class WeakSetTest(unittest.TestCase):
    def test_a_set_that_confirms_before_it_has_written_its_journal_is_refused(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            mongo = Mongo(folder / "mongo")
        except Unavailable as why:
            left_out(self, f"NO MONGODB, so a weak one is not tried. {why}")
        stack.enter_context(mongo)
        with mongo.client() as admin:
            config = admin.admin.command("replSetGetConfig")["config"]
            weak = {**config, "writeConcernMajorityJournalDefault": False, "version": config["version"] + 1}
            admin.admin.command("replSetReconfig", weak, force=True)
        keys = folder / "keys.json"
        subprocess.run([BINARY, "keys", keys], check=True, stdout=subprocess.DEVNULL)
        password = secret(folder / "password", mongo.password)
        nobody = f"127.0.0.1:{free_port()}"
        settings = {
            "MONGO__URL": without_password(mongo.url), "MONGO__PASSWORD_FILE": str(password),
            "RABBITMQ__URL": f"amqp://{nobody}", "REDIS__URL": f"redis://{nobody}",
            "SANDBOX__URL": f"http://{nobody}", "SIGNING_KEYS__FILE": str(keys),
            "SIGNING_KEYS__URL": f"http://{nobody}/jwks",
        }
        command = [BINARY, "serve", "users", "--data", folder / "data", "--port", "0", "--operator-port", "0"]
        why = refused(self, command, {f"BACKLINE_{name}": value for name, value in settings.items()})
        self.assertIn("writeConcernMajorityJournalDefault", why)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
