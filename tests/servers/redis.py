"""Redis: one server that keeps its data through crashes, as the sessions' server does."""

import secrets
import socket
from pathlib import Path

from certificates import Certificates
from process import Server, free_ports, program


class Redis(Server):
    def __init__(self, directory: Path, tls: Certificates | None = None):
        self.port, self.tls_port = free_ports(2)
        self.tls, self.password = tls, secrets.token_hex(8)
        super().__init__(directory, [program("redis-server", "redis-server"), "redis.conf"])
        (directory / "redis.conf").write_text("\n".join(self.settings()) + "\n")

    def settings(self) -> list[str]:
        settings = [
            f"port {self.port}", "bind 127.0.0.1", "daemonize no", f"requirepass {self.password}",
            "save \"\"", "appendonly yes", "maxmemory 64mb", "maxmemory-policy noeviction", "enable-debug-command yes",
        ]
        if self.tls:
            settings += [
                f"tls-port {self.tls_port}", f"tls-ca-cert-file {self.tls.ca}", "tls-auth-clients no",
                f"tls-cert-file {self.tls.certificate}", f"tls-key-file {self.tls.key}",
            ]
        return settings

    def ask(self, *words: str) -> str:
        """The first line of the reply to one command."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(encode("AUTH", self.password) + encode(*words))
            replies = connection.makefile("rb")
            replies.readline()
            return replies.readline().decode().rstrip()

    def ready(self) -> bool:
        return self.ask("PING") == "+PONG"

    def flush(self) -> None:
        self.ask("FLUSHALL")

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"rediss://:{self.password}@127.0.0.1:{self.tls_port}"

    def variables(self) -> dict[str, str]:
        return {"BACKLINE_TEST_REDIS_URL": self.url} | ({"BACKLINE_TEST_REDISS_URL": self.tls_url} if self.tls else {})


def encode(*words: str) -> bytes:
    """A command as Redis reads it."""
    sized = [b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)]
    return b"*%d\r\n%s" % (len(sized), b"".join(sized))
