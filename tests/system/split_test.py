"""At stake: a split shop that loses or doubles something when one of its parts dies, and a gateway that knows less than
the shop.

How: the whole topology on this machine (three MongoDB members, RabbitMQ, Redis, all with TLS and passwords; two
replicas of each service, nginx), customers who buy through the gateway while the demo runs beside them, and one kind of
fault in each test. A fault that hits nothing under way does not count, and at least half of each test's faults must
count. A queue of the test's own hears every event. Every test ends with the checker.

    python3 tests/system/split_test.py PROGRAM [--seconds 60] [--seed 1] [--rate 6] [TEST...]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "deploy/local"))

from topology import Topology  # It brings tests/servers along.

from customers import Customers
from certificates import Certificates
from process import Unavailable
from processes import Replica
from program import ask
from redis import Redis
from siege import Fault, Siege, for_seconds
from unread import stop_over_work
from witness import Witness

SKIPPED = 77
PLACED_PER_SECOND_MIN = 0.5
REPEATED = 1500
GUESSES_FREE = 5
OF_THE_CHECKER = ("users.sessions/", "orders.carts/")  # It logs in, and looks at prices in a cart.
# What stands in a path where the description of a route gives no example.
NAMES = {"code": "route_not_found", "name": "order_confirmed"}
STRANGERS = {"route_not_found", "method_not_allowed"}


class SplitTest(unittest.TestCase):
    options: argparse.Namespace
    shop: "WitnessedShop"
    siege: Siege

    def setUp(self):
        self.chance = random.Random(self.options.seed)

    def besiege(self, fault: Fault, turns_min: int = 1) -> None:
        try:
            self.siege.round(fault, for_seconds(self.options.seconds, turns_min))
        finally:
            print("", *self.siege.faults, sep="\n", flush=True)
        faults, hits, placed = len(self.siege.faults), self.siege.hits(), self.siege.placed
        print(f"{faults} faults, {hits} over work, {placed} orders meanwhile; {self.siege.outcome()}", flush=True)
        self.assertGreaterEqual(hits * 2, faults, "most faults hit nothing")
        self.assertGreater(placed, self.options.seconds * PLACED_PER_SECOND_MIN, "there was no load to speak of")

    # --- while nothing is broken -------------------------------------------------------------------------------

    def test_every_route_reaches_a_service_that_knows_it(self):
        paths = ask(f"{self.shop.url}/openapi.json").json()["paths"]
        for path, operations in paths.items():
            for method, operation in operations.items():
                answer = ask(self.shop.url + filled(path, operation["parameters"]), method.upper())
                code = json.loads(answer.text).get("code") if answer.status in (404, 405) else ""
                self.assertNotIn(code, STRANGERS, f"{method} {path}: {answer.text}")
                self.assertLess(answer.status, 500, f"{method} {path}: {answer.text}")

    def test_the_demo_runs_through_the_gateway(self):
        subprocess.run([sys.executable, str(ROOT / "tools/demo.py"), "--url", self.shop.url], check=True)
        self.siege.check()

    def test_operators_see_each_queue_and_what_was_given_up(self):
        for replica in self.shop.replicas:
            lag, parked = (self.events(replica, word) for word in ("lag", "parked"))
            self.assertIn("orders", [queue["subscriber"] for queue in lag["queues"]], replica.name)
            self.assertEqual(parked["parked"], [])
            metrics = ask(f"http://127.0.0.1:{replica.operator_port}/metrics").text
            self.assertIn(f'backline_outbox_fullest_events{{collection="{replica.service}.', metrics)

    def events(self, replica: Replica, word: str) -> dict:
        command = [self.shop.binary, "events", word, "--operator", f"http://127.0.0.1:{replica.operator_port}"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)

    def test_replicas_share_what_lies_on_redis(self):
        one, other = (f"http://{replica.address}/v1/sessions" for replica in self.shop.replicas[:2])
        stranger = {"X-Forwarded-For": "203.0.113.9"}  # Whose guesses nobody else has to answer for.
        guess = {"email": f"{uuid.uuid4().hex}@example.com", "password": "a guess of mine"}
        for _ in range(GUESSES_FREE):
            self.assertEqual(ask(one, "POST", guess, headers=stranger).status, 401)
        self.assertEqual(ask(other, "POST", guess, headers=stranger).status, 429)
        tokens = ask(f"{one}/guest", "POST").json()
        copies = ("KEYS", f"*session:{tokens['session']}*")
        self.assertEqual(self.shop.redis.ask(*copies), "*0")
        for replica in (one, other):
            answer = ask(f"{replica}/refresh", "POST", {"refresh_token": tokens["refresh_token"]})
            self.assertEqual(answer.status, 200, answer.text)
            self.assertEqual(self.shop.redis.ask(*copies), "*1")
            tokens = answer.json()

    def test_events_that_come_again_change_nothing(self):
        """Of any age, in any order, long after they have had their effect."""
        customers = self.siege.customers
        customers.start()
        time.sleep(self.options.seconds / 6)
        customers.stop()
        self.siege.check()
        before = self.siege.counters()
        repeated = self.shop.witness.repeat(self.chance, REPEATED)
        self.siege.check()
        print(f"\n{repeated} events came again", flush=True)
        self.assertGreater(repeated, 0)
        after = self.siege.counters()
        changed = {name for name in before | after if before.get(name) != after.get(name)}
        self.assertGreater(len(before), repeated / 20)
        self.assertEqual({name for name in changed if not name.startswith(OF_THE_CHECKER)}, set())
        self.assertEqual({name for name in changed if name in before}, set())

    def test_a_rolling_restart_fails_no_request(self):
        customers = self.siege.customers
        placed = len(customers.acknowledged)
        customers.start(patient=False)
        try:
            for replica in self.shop.replicas:
                self.shop.roll(replica)
        finally:
            customers.stop()
        placed = len(customers.acknowledged) - placed
        self.assertGreater(placed, len(self.shop.replicas), "too few orders were placed meanwhile to show anything")
        self.siege.check()

    # --- one part dies -----------------------------------------------------------------------------------------

    def test_the_broker_is_killed(self):
        broker = self.shop.rabbitmq
        self.besiege(Fault(lambda: killed(broker), broker.start))

    def test_the_primary_is_killed(self):
        victims = []

        def strike() -> str:
            victims.append(self.shop.mongo.primary())
            return killed(victims[-1])

        def mend() -> None:
            for victim in victims:
                victim.start()
            victims.clear()
            self.shop.mongo.primary()

        self.besiege(Fault(strike, mend))

    def test_the_primary_steps_down(self):
        def strike() -> str:
            return f"the primary stepped down for {self.shop.mongo.step_down().directory.name}"

        self.besiege(Fault(strike, self.shop.mongo.primary, pause=(3, 6)))

    def test_redis_is_flushed_and_killed(self):
        faults = RedisFaults(self.shop.redis, self.chance)
        self.besiege(Fault(faults.strike, faults.mend, aim=faults.aim))

    def test_replicas_are_killed(self):
        killings = Killings(self.shop, self.chance)
        fault = Fault(killings.strike, killings.mend, pause=(0.5, 2), aim=killings.aim)
        self.besiege(fault, turns_min=len(killings.services))
        self.assertEqual(killings.hit, killings.services, "not every service was hit over work")
        self.assertEqual(killings.aim_at_all(), [], "a service with nothing to do counts as one that works")


class RedisFaults:
    """Redis forgets something, or dies, while commands lie unread in its sockets."""

    def __init__(self, redis: Redis, chance: random.Random):
        self.redis, self.chance = redis, chance

    def aim(self) -> str:
        keys = self.redis.ask("DBSIZE").removeprefix(":")
        if keys == "0":
            return ""
        found = stop_over_work([self.redis], {self.redis.tls_port: "commands"})
        return f"{keys} keys, {found}" if found else ""

    def strike(self) -> str:
        if self.chance.random() < 0.5:
            return killed(self.redis)
        self.redis.resume()
        self.redis.flush()
        return "redis flushed"

    def mend(self) -> None:
        if self.redis.running():
            self.redis.resume()
        else:
            self.redis.start()


class Killings:
    """Kills one replica of a service, or all of it; every service has its turn. They are stopped first, and killed once
    something lies unread in a socket of theirs: a request, an event, or RabbitMQ's word on one."""

    def __init__(self, shop: Topology, chance: random.Random):
        self.shop, self.chance = shop, chance
        self.services = {replica.service for replica in shop.replicas}
        self.hit: set[str] = set()  # Services that died over work.
        self.turns: list[str] = []
        self.victims: list[Replica] = []

    def choose(self) -> list[Replica]:
        if not self.turns:
            self.turns = sorted(self.services)
            self.chance.shuffle(self.turns)
        service = self.turns.pop()
        replicas = [replica for replica in self.shop.replicas if replica.service == service]
        return [self.chance.choice(replicas)] if self.chance.random() < 0.7 else replicas

    def aim(self) -> str:
        self.victims = self.victims or self.choose()
        names = {self.shop.rabbitmq.tls_port: "RabbitMQ"} | {victim.port: "HTTP" for victim in self.victims}
        found = stop_over_work(self.victims, names)
        self.hit |= {self.victims[0].service} if found else set()
        return found

    def aim_at_all(self) -> list[str]:
        """What would be hit of any service now; all go on."""
        found = []
        for service in sorted(self.services):
            self.victims = [replica for replica in self.shop.replicas if replica.service == service]
            found.append(self.aim())
            for victim in self.victims:
                victim.resume()
        self.victims = []
        return [word for word in found if word]

    def strike(self) -> str:
        return " and ".join(killed(victim) for victim in self.victims)

    def mend(self) -> None:
        for victim in self.victims:
            if victim.running():
                victim.resume()
            else:
                victim.launch()
        for victim in self.victims:
            victim.wait_until_ready()
        self.victims = []


def killed(server) -> str:
    server.kill()
    return f"{server.directory.name} killed"


def filled(path: str, parameters: list[dict]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            value = parameter["schema"].get("examples", [NAMES.get(parameter["name"])])[0]
            path = path.replace("{" + parameter["name"] + "}", value)
    return path


class WitnessedShop(Topology):
    def start_shop(self) -> None:
        self.witness = Witness(self.rabbitmq, self.directory / "events.jsonl")
        super().start_shop()


def prepare(shop: Topology) -> None:
    """Goods to sell. And a quorum queue that was declared just now would not survive the death of the broker, whose
    directory of queues is not written at once; a clean restart writes it."""
    shop.fill()
    shop.rabbitmq.restart()
    for replica in shop.replicas:
        replica.wait_until_ready()


def run(options: argparse.Namespace, folder: Path) -> bool:
    tls = Certificates(folder / "tls")
    with WitnessedShop(folder / "shop", Path(options.program).resolve(), members=3, tls=tls) as shop:
        began = time.monotonic()
        prepare(shop)
        operators = [f"http://127.0.0.1:{replica.operator_port}" for replica in shop.replicas]
        customers = Customers(shop.url, options.customers, options.seed, options.rate, demo=True)
        SplitTest.options, SplitTest.shop = options, shop
        SplitTest.siege = Siege(folder, customers, operators, options.seed, shop.witness)
        print(f"the shop is ready after {time.monotonic() - began:.1f} s more", flush=True)
        program = unittest.main(argv=[sys.argv[0], *options.tests], verbosity=2, exit=False)
        return program.result.wasSuccessful()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("tests", nargs="*", help="SplitTest.test_...; all without")
    parser.add_argument("--seconds", type=float, default=60, help="how long each kind of fault goes on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=6)
    parser.add_argument("--rate", type=float, default=6, help="purchases per second, at most")
    parser.add_argument("--keep", type=Path, help="a folder for logs, journal and snapshot, which stay there")
    options = parser.parse_intermixed_args()
    try:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            return 0 if run(options, options.keep.resolve()) else 1
        with tempfile.TemporaryDirectory(prefix="backline-split-") as folder:
            return 0 if run(options, Path(folder)) else 1
    except Unavailable as why:
        print(f"split: NO SPLIT SHOP, so nothing is shown of it. {why}", file=sys.stderr)
        return 1 if os.environ.get("BACKLINE_SERVERS") == "required" else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
