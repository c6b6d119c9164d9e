"""MongoDB: a replica set with authentication, of one member or of several that can be killed one by one."""

import secrets
import sys
from pathlib import Path

import fetch
from certificates import Certificates
from process import Failed, Server, Started, free_ports, poll

SET = "rs0"
USER = "backline"
ELECTION_SECONDS_MAX = 60
HELLO_MS_MAX = 2000
# A clean stop would otherwise wait 15 seconds for its clients to go.
STOP = "shutdownTimeoutMillisForSignaledShutdown=100"
PARAMETERS = ("diagnosticDataCollectionEnabled=false", "enableTestCommands=1", STOP)


class Member(Server):
    """One `mongod`. With `enableTestCommands` it takes `configureFailPoint`, so that any outcome can be had."""

    def __init__(self, directory: Path, mongodb: Path, key: Path, port: int, tls: Certificates | None):
        self.port = port
        command = [str(mongodb / "mongod"), "--dbpath", str(directory), "--port", str(port), "--bind_ip", "127.0.0.1"]
        command += ["--nounixsocket", "--noscripting", "--replSet", SET, "--keyFile", str(key)]
        command += ["--wiredTigerCacheSizeGB", "0.25"]
        for parameter in PARAMETERS:
            command += ["--setParameter", parameter]
        if tls:
            command += ["--tlsMode", "allowTLS", "--tlsCertificateKeyFile", str(tls.certificate_and_key)]
            command += ["--tlsCAFile", str(tls.ca), "--tlsAllowConnectionsWithoutCertificates"]
        super().__init__(directory, command, fetch.environment(mongodb))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def hello(self) -> dict:
        """What it says of itself; an OSError if it says nothing."""
        with self.client() as connection:
            try:
                return connection.admin.command("hello")
            except pymongo().errors.PyMongoError as error:
                raise OSError(str(error)) from error

    def ready(self) -> bool:
        return bool(self.hello())

    def client(self):
        """Of this member alone, without a user."""
        return client(f"mongodb://{self.address}/?directConnection=true", HELLO_MS_MAX)


class Mongo(Started):
    """`members[n]` can be killed, paused and started again."""

    def __init__(self, directory: Path, members: int = 1, tls: Certificates | None = None):
        mongodb = fetch.mongodb()
        if str(mongodb) not in sys.path:
            sys.path.append(str(mongodb))
        self.tls, self.password, self.initiated = tls, secrets.token_hex(8), False
        directory.mkdir(parents=True, exist_ok=True)
        key = directory / "key"
        key.write_text(secrets.token_hex(48))
        key.chmod(0o400)
        self.members = [
            Member(directory / f"member-{number}", mongodb, key, port, tls)
            for number, port in enumerate(free_ports(members))
        ]

    def launch(self) -> None:
        for member in self.members:
            member.launch()

    def wait_until_ready(self) -> None:
        """Until there is a primary; the first time the set and its user are made."""
        for member in self.members:
            member.wait_until_ready()
        if not self.initiated:
            self.initiate()
        self.primary()

    def initiate(self) -> None:
        """Until there is a user, a set takes commands from its own machine."""
        config = {
            "_id": SET,
            "members": [{"_id": number, "host": member.address} for number, member in enumerate(self.members)],
            "settings": {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500},
        }
        with self.members[0].client() as connection:
            connection.admin.command("replSetInitiate", config)
        with self.primary().client() as connection:
            connection.admin.command("createUser", USER, pwd=self.password, roles=["root"])
        self.initiated = True

    def primary(self) -> Member:
        """Waits until one member is."""
        found: list[Member] = []

        def elected() -> bool:
            found[:] = [member for member in self.members if writable(member)]
            return bool(found)

        poll(elected, ELECTION_SECONDS_MAX, "the replica set elects no primary")
        return found[0]

    def step_down(self) -> Member:
        """Makes the primary give up; answers the next one, which is another."""
        if len(self.members) == 1:
            raise Failed("a set of one member has nobody to step down for")
        before = self.primary()
        with self.client() as connection:
            connection.admin.command("replSetStepDown", 5, secondaryCatchUpPeriodSecs=4)
        poll(lambda: self.primary() is not before, ELECTION_SECONDS_MAX, "the primary does not change")
        return self.primary()

    def fail(self, times: int, **data) -> None:
        """The primary's next so many commands fail as `data` says (fail point `failCommand`); 0 ends it."""
        mode = {"times": times} if times else "off"
        with self.client() as connection:
            connection.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)

    def client(self):
        """A `pymongo.MongoClient` that may do everything."""
        return client(self.url)

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def stop(self) -> None:
        for member in self.members:
            member.ask_to_stop()
        for member in self.members:
            member.stop()

    def end(self) -> None:
        for member in self.members:
            member.end()

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def url(self) -> str:
        hosts = ",".join(member.address for member in self.members)
        return f"mongodb://{USER}:{self.password}@{hosts}/?replicaSet={SET}&authSource=admin"

    @property
    def tls_url(self) -> str:
        return self.url + "&tls=true"

    def variables(self) -> dict[str, str]:
        plain = {"BACKLINE_TEST_MONGO_URL": self.url}
        return plain | ({"BACKLINE_TEST_MONGO_TLS_URL": self.tls_url} if self.tls else {})


def pymongo():
    """From the cache, and therefore not before a `Mongo` has fetched it."""
    import pymongo

    return pymongo


def client(url: str, wait_ms: int = 30_000):
    return pymongo().MongoClient(url, serverSelectionTimeoutMS=wait_ms, connectTimeoutMS=HELLO_MS_MAX)


def writable(member: Member) -> bool:
    try:
        return member.running() and member.hello()["isWritablePrimary"]
    except OSError:
        return False
