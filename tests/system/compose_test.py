#!/usr/bin/env python3
"""At stake: the one command that starts the shop in containers. How: deploy/compose.yaml on a real Docker engine of
our own, with the engines' real servers; nothing is left behind.

The published images cannot be had everywhere, so others stand for them under their names, made of Debian's packages
(images/); MongoDB's server is mounted into its. The program's image is made by deploy/Dockerfile from the program as it
is built here, which saves the quarter of an hour that compiling takes in there; `--compile` compiles.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/servers"))

import fetch
from docker_engine import Engine
from process import LIBC, Failed, Started, Unavailable, free_ports, poll, program
from program import PASSWORD, ask
from servers import PR_SET_CHILD_SUBREAPER, end_of_start, end_orphans, on_stop_signals

IMAGES = Path(__file__).with_name("images")
SKIPPED = 77
TLS_ALERT = b"\x15"
UP_SECONDS_MAX = 300
PASSWORDS = ("mongo.password", "rabbitmq.password", "redis.password")


class Compose(Started):
    """deploy/compose.yaml on this engine."""

    def __init__(self, engine: Engine):
        self.engine = engine
        [port] = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.mounts = mount_mongod(engine.directory)
        self.settings = {"SHOP_PORT": str(port), "COMPOSE_PROJECT_NAME": "shop"}

    def run(self, *words: str) -> str:
        files = ("-f", str(ROOT / "deploy/compose.yaml"), "-f", str(self.mounts))
        return self.engine.output(program("docker-compose", "docker-compose"), *files, *words, **self.settings)

    def start(self) -> None:
        try:
            self.run("up", "-d")
            poll(lambda: not self.unwell(), UP_SECONDS_MAX, "the shop is not up")
        except Failed as failure:
            raise Failed(f"{failure}\n{self.run('ps')}\n{self.run('logs', '--no-color', '--tail=15')}") from None

    def unwell(self) -> list[str]:
        """What neither runs and is healthy nor has done what it was there for."""
        return [container["Name"] for container in self.inspect() if not is_well(container["State"])]

    def inspect(self) -> list[dict]:
        return json.loads(self.engine.run("inspect", *self.engine.run("ps", "--all", "--quiet").split()))

    def address(self, name: str) -> str:
        [container] = [one for one in self.inspect() if one["Name"] == f"/shop_{name}_1"]
        return container["NetworkSettings"]["Networks"]["shop_default"]["IPAddress"]

    def secret(self, path: str) -> str:
        """A file of a volume, read on the engine's own disk."""
        volume, _, name = path.partition("/")
        return (self.engine.directory / "data/volumes" / f"shop_{volume}" / "_data" / name).read_text().strip()

    def end(self) -> None:
        """With its network, which is an interface of this machine."""
        self.run("down", "--volumes", "--timeout", "20")


def mount_mongod(folder: Path) -> Path:
    """For the members of the set, whose image has none."""
    member = {"volumes": [f"{fetch.mongodb()}:/opt/mongodb:ro"]}
    file = folder / "mounts.json"
    file.write_text(json.dumps({"services": {name: member for name in ("mongo1", "mongo2", "mongo3")}}))
    return file


def is_well(state: dict) -> bool:
    if "Health" in state:
        return state["Health"]["Status"] == "healthy"
    return state["Status"] == "exited" and state["ExitCode"] == 0


class Traffic:
    """Customers who look, and open carts, one request after the other, until they are told to stop."""

    def __init__(self, url: str):
        self.url, self.stopping = url, threading.Event()
        self.answered, self.refused = 0, Counter()
        login = {"email": "customer@example.com", "password": PASSWORD}
        self.token = ask(url + "/v1/sessions", "POST", login).json()["access_token"]
        self.threads = [threading.Thread(target=self.go_on, args=request) for request in (
            ("GET", "/v1/products?limit=3"), ("POST", "/v1/carts"), ("GET", "/.well-known/jwks.json"),
        )]

    def go_on(self, method: str, path: str) -> None:
        while not self.stopping.is_set():
            try:
                status = ask(self.url + path, method, token=self.token).status
            except (OSError, http.client.HTTPException) as error:
                status = str(error)
            self.answered += 1
            if status not in (200, 201):
                self.refused[method, path, status] += 1

    def __enter__(self) -> "Traffic":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()


class ComposeTest(unittest.TestCase):
    shop: Compose

    def test_a_purchase_and_the_mishaps(self):
        ended = subprocess.run([sys.executable, ROOT / "tools/demo.py", "--url", self.shop.url])
        self.assertEqual(ended.returncode, 0)

    def test_no_password_is_to_be_seen_from_outside(self):
        seen = json.dumps(self.shop.inspect()) + self.shop.run("config") + self.shop.run("logs", "--no-color")
        for name in PASSWORDS:
            self.assertNotIn(self.shop.secret(f"shop-secrets/{name}"), seen)

    def test_only_the_gateway_is_reached_from_outside(self):
        published = {one["Name"]: one["NetworkSettings"]["Ports"] for one in self.shop.inspect()}
        open_ones = [name for name, ports in published.items() if any((ports or {}).values())]
        self.assertEqual(open_ones, ["/shop_gateway_1"])

    def test_engines_take_nothing_from_strangers(self):
        redis = ("exec", "-T", "redis", "redis-cli", "--tls", "--cacert", "/secrets/ca.pem")
        self.assertIn("NOAUTH", self.shop.run(*redis, "get", "x"))
        self.assertIn("WRONGPASS", self.shop.run(*redis, "auth", "backline", "guess"))
        users = self.shop.run("exec", "-T", "rabbitmq", "rabbitmqctl", "-q", "list_users")
        self.assertNotIn("guest", users)
        self.assert_refused_by_mongo("requires authentication", tls=True, tlsAllowInvalidHostnames=True)

    def test_engines_speak_tls_only(self):
        for name, port, greeting in (("rabbitmq", 5671, b"AMQP\0\0\x09\x01"), ("redis", 6379, b"PING\r\n")):
            with socket.create_connection((self.shop.address(name), port), timeout=30) as connection:
                connection.sendall(greeting)
                with contextlib.suppress(ConnectionResetError):
                    self.assertIn(connection.recv(1), (b"", TLS_ALERT), name)
        self.assert_refused_by_mongo("connection closed")

    def assert_refused_by_mongo(self, why: str, **how) -> None:
        sys.path.append(str(fetch.mongodb()))
        import pymongo

        if how:
            how["tlsCAFile"] = str(self.shop.engine.directory / "data/volumes/shop_shop-secrets/_data/ca.pem")
        url = f"mongodb://{self.shop.address('mongo2')}/?directConnection=true"
        with pymongo.MongoClient(url, serverSelectionTimeoutMS=10_000, **how) as stranger:
            with self.assertRaisesRegex(pymongo.errors.PyMongoError, why):
                stranger.backline_orders.list_collection_names()

    def test_replicas_are_replaced_one_by_one_and_no_request_is_refused(self):
        with Traffic(self.shop.url) as traffic:
            for name in ("catalog-1", "catalog-2", "orders-1", "orders-2", "users-1", "users-2"):
                self.shop.run("up", "-d", "--no-deps", "--force-recreate", name)
                poll(lambda: not self.shop.unwell(), UP_SECONDS_MAX, f"{name} is not up again")
        self.assertEqual(traffic.refused, Counter())
        self.assertGreater(traffic.answered, 100)

    def test_what_was_there_is_there_after_an_end_and_a_new_start(self):
        before = ask(self.shop.url + "/v1/products?limit=100").json()
        passwords = [self.shop.secret(f"shop-secrets/{name}") for name in PASSWORDS]
        self.shop.run("down", "--timeout", "30")
        self.shop.start()
        self.assertEqual(ask(self.shop.url + "/v1/products?limit=100").json(), before)
        self.assertEqual([self.shop.secret(f"shop-secrets/{name}") for name in PASSWORDS], passwords)


def make_images(engine: Engine, binary: Path, compile_it: bool) -> None:
    engine.make_base()
    engine.run_one()
    for name, tag, context in (
        ("mongo", "mongo:6.0.27", IMAGES), ("rabbitmq", "rabbitmq:3.10.25-management", IMAGES),
        ("redis", "redis:7.0.15", IMAGES), ("nginx", "nginx:1.22.1", IMAGES),
    ):
        engine.build(tag, IMAGES / f"{name}.Dockerfile", context)
    dockerfile = ROOT / "deploy/Dockerfile"
    if compile_it:
        engine.build("backline", dockerfile, ROOT)
        return
    with tempfile.TemporaryDirectory(dir=engine.directory) as context:
        for name, source in (("dev", ROOT / "dev"), ("tools/packages.txt", ROOT / "tools/packages.txt"),
                             ("build/release/backline", binary)):
            (Path(context) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, Path(context) / name)
        engine.build("backline", dockerfile, Path(context), "--build-arg", "PROGRAM=prebuilt")


def run(binary: Path, compile_it: bool) -> bool:
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backline-engine-")))
        stack.callback(end_orphans)
        engine = stack.enter_context(Engine(directory))
        make_images(engine, binary, compile_it)
        ComposeTest.shop = stack.enter_context(Compose(engine))
        tests = unittest.defaultTestLoader.loadTestsFromTestCase(ComposeTest)
        return unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--compile", action="store_true", help="compile the program in the image's own first stage")
    parser.add_argument("--if-wanted", action="store_true", help="only where BACKLINE_CONTAINERS is set")
    arguments = parser.parse_args()
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    on_stop_signals(end_of_start)
    try:
        if arguments.if_wanted and not os.environ.get("BACKLINE_CONTAINERS"):
            raise Unavailable("BACKLINE_CONTAINERS=wanted (or required) or ./dev containers tries it, in some minutes")
        return 0 if run(arguments.binary, arguments.compile) else 1
    except Unavailable as why:
        print(f"SKIPPED: deploy/compose.yaml is not tried on a Docker engine. {why}.", file=sys.stderr)
        return 1 if os.environ.get("BACKLINE_CONTAINERS") == "required" else SKIPPED
    except Failed as failure:
        print(f"compose: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
