"""A split shop on this machine, without Docker: a MongoDB replica set, RabbitMQ, Redis, the sandbox, two replicas of
every service, and nginx in front. The same as deploy/compose.yaml, from local binaries."""

import json
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/servers"))

import gateway
from certificates import Certificates
from mongo import Mongo
from nginx import Nginx
from process import Server, Started, poll
from processes import Replica, Sandbox, make_keys, secret
from rabbitmq import RabbitMq
from redis import Redis

DRAIN_SECONDS_MAX = 30


class Topology(Started):
    """Its parts can be killed and started again one by one. With `tls`, the shop reaches its engines by that alone."""

    def __init__(self, directory: Path, binary: Path, members: int = 1, replicas: int = 2, port: int | None = None,
                 tls: Certificates | None = None):
        self.directory, self.binary, self.port, self.tls = directory, binary, port, tls
        directory.mkdir(parents=True, exist_ok=True)
        self.mongo = Mongo(directory / "mongo", members=members, tls=tls)
        self.rabbitmq = RabbitMq(directory / "rabbitmq", tls=tls)
        self.redis = Redis(directory / "redis", tls=tls)
        self.sandbox = Sandbox(directory / "sandbox", binary)
        config = self.write_config()
        self.replicas = [
            Replica(directory / f"{service}-{number}", binary, service, config)
            for service in gateway.SERVICES
            for number in range(1, replicas + 1)
        ]
        self.gateway = Nginx(directory / "gateway", self.gateway_conf(self.replicas), port)

    def write_config(self) -> Path:
        """Every value is text without quotes in it, so JSON's strings are TOML's."""
        groups = {"sandbox": {"url": self.sandbox.url}}
        for name, engine in (("mongo", self.mongo), ("rabbitmq", self.rabbitmq), ("redis", self.redis)):
            file = secret(self.directory / f"{name}.password", engine.password)
            url = engine.tls_url if self.tls else engine.url
            groups[name] = {"url": without_password(url.rstrip("/")), "password_file": str(file)}
            groups[name] |= {"ca_file": str(self.tls.ca)} if self.tls else {}
        lines = ["demo = true", 'proxies = ["127.0.0.1/32"]']
        for group, settings in groups.items():
            lines += [f"[{group}]", *(f"{name} = {json.dumps(value)}" for name, value in settings.items())]
        path = self.directory / "shop.toml"
        path.write_text("\n".join(lines) + "\n")
        return path

    def gateway_conf(self, replicas: list[Replica]) -> str:
        upstreams = {
            service: [replica.address for replica in replicas if replica.service == service]
            for service in gateway.SERVICES
        }
        return gateway.http_block("127.0.0.1:{port}", upstreams, f"127.0.0.1:{self.sandbox.port}")

    @property
    def url(self) -> str:
        return self.gateway.url

    def engines(self) -> list:
        return [self.rabbitmq, self.mongo, self.redis, self.sandbox]

    def start(self) -> None:
        self.start_engines()
        self.start_shop()

    def start_engines(self) -> None:
        for server in self.engines():
            server.launch()
        for server in self.engines():
            server.wait_until_ready()

    def start_shop(self) -> None:
        keys = make_keys(self.binary, self.directory / "signing-keys.json")
        with (self.directory / "shop.toml").open("a") as config:
            config.write(f'[signing_keys]\nfile = "{keys}"\nurl = "{self.url}/.well-known/jwks.json"\n')
        for server in [self.gateway, *self.replicas]:
            server.launch()
        for server in [self.gateway, *self.replicas]:
            server.wait_until_ready()

    def fill(self) -> None:
        subprocess.run([self.binary, "sample-store", "--url", self.url], check=True)

    def stop(self) -> None:
        """Whoever needs others ends before them; those that do not need each other end together."""
        for group in ([self.gateway], self.replicas, [self.sandbox], [self.rabbitmq, *self.mongo.members, self.redis]):
            for server in group:
                server.ask_to_stop()
            for server in group:
                server.stop()

    def end(self) -> None:
        self.stop()

    def roll(self, replica: Replica) -> None:
        """A new process for this replica, with no request refused: it leaves the gateway, the gateway's old workers
        finish what they have with it, and only then it is asked to end."""
        self.route([other for other in self.replicas if other is not replica])
        replica.restart()
        self.route(self.replicas)

    def route(self, replicas: list[Replica]) -> None:
        """The gateway sends new requests to these alone, and what it has sent to others is answered."""
        before = workers(self.gateway)
        self.gateway.write(self.gateway_conf(replicas))
        self.gateway.process.send_signal(signal.SIGHUP)
        poll(lambda: not before & workers(self.gateway), DRAIN_SECONDS_MAX, "the gateway's old workers do not end")


def without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    credentials, _, place = rest.rpartition("@")
    user = credentials.partition(":")[0]
    return f"{scheme}://{user}@{place}" if user else f"{scheme}://{place}"


def workers(server: Server) -> set[str]:
    """The processes that the gateway's master has started."""
    pid = server.process.pid
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
