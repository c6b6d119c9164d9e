"""RabbitMQ: one node with the management plugin, with a private cookie and a private epmd."""

import base64
import json
import secrets
import socket
import urllib.request
from pathlib import Path

from certificates import Certificates
from process import Server, free_ports, program

SCRIPTS = "/usr/lib/rabbitmq/bin"
# Erlang's schedulers spin for work by default, which a small machine full of tests feels.
ERLANG_FLAGS = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
USER = "backline"


class RabbitMq(Server):
    """A trap for fault tests: a *quorum* queue that was declared less than some seconds before `kill()` comes back
    empty, confirmed messages and all, because Ra had not yet written its directory. Declare the topology, `restart()`
    once, and only then publish and kill.
    """

    def __init__(self, directory: Path, tls: Certificates | None = None):
        self.port, self.tls_port, self.api_port, self.node_port, self.epmd_port = free_ports(5)
        self.tls, self.password = tls, secrets.token_hex(8)
        command = [program("rabbitmq-server", "rabbitmq-server", SCRIPTS)]
        super().__init__(directory, command, self.environment(directory))
        self.epmd = Epmd(directory / "epmd", self.epmd_port)
        (directory / "rabbitmq.conf").write_text("\n".join(self.settings()) + "\n")
        (directory / "enabled_plugins").write_text("[rabbitmq_management].\n")
        (directory / "env.conf").write_text("")
        cookie = directory / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)

    def environment(self, directory: Path) -> dict[str, str]:
        return {
            "HOME": str(directory),
            "RABBITMQ_NODENAME": "backline@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.node_port),
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(directory / "env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(directory / "feature_flags"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(directory / "generated"),
            "RABBITMQ_LOG_BASE": str(directory / "logs"),
            "RABBITMQ_MNESIA_BASE": str(directory / "mnesia"),
            "RABBITMQ_PID_FILE": str(directory / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_FLAGS,
            "ERL_CRASH_DUMP": str(directory / "crash_dump"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.epmd_port),
            # The script then becomes the node instead of waiting for it, and the pid is the node's.
            "RUNNING_UNDER_SYSTEMD": "yes",
        }

    def settings(self) -> list[str]:
        settings = [
            f"listeners.tcp.1 = 127.0.0.1:{self.port}",
            "management.tcp.ip = 127.0.0.1", f"management.tcp.port = {self.api_port}",
            f"default_user = {USER}", f"default_pass = {self.password}", "loopback_users = none",
            "vm_memory_high_watermark.absolute = 256MB", "disk_free_limit.absolute = 50MB",
            "raft.wal_max_size_bytes = 64000000", "collect_statistics_interval = 1000",
            "log.console = true", "log.file = false",
        ]
        if self.tls:
            settings += [
                f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}", f"ssl_options.cacertfile = {self.tls.ca}",
                f"ssl_options.certfile = {self.tls.certificate}", f"ssl_options.keyfile = {self.tls.key}",
                "ssl_options.verify = verify_none", "ssl_options.fail_if_no_peer_cert = false",
            ]
        return settings

    def api(self, method: str, path: str, body=None):
        """The management API: the answer's JSON, or None where there is none. Raises urllib.error.HTTPError."""
        secret = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.api_port}/api{path}", data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def ready(self) -> bool:
        ports = [self.port] + ([self.tls_port] if self.tls else [])
        for check in ("local-alarms", "virtual-hosts", *(f"port-listener/{port}" for port in ports)):
            self.api("GET", f"/health/checks/{check}")
        return True

    def launch(self) -> None:
        if not self.epmd.running():
            self.epmd.start()
        super().launch()

    def end(self) -> None:
        super().end()
        self.epmd.end()

    @property
    def api_url(self) -> str:
        return f"http://{USER}:{self.password}@127.0.0.1:{self.api_port}/api"

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.password}@127.0.0.1:{self.port}/"

    @property
    def tls_url(self) -> str:
        """By name: librabbitmq finds no addresses in a certificate."""
        return f"amqps://{USER}:{self.password}@localhost:{self.tls_port}/"

    def variables(self) -> dict[str, str]:
        plain = {"BACKLINE_TEST_AMQP_URL": self.url, "BACKLINE_TEST_RABBITMQ_API": self.api_url}
        return plain | ({"BACKLINE_TEST_AMQPS_URL": self.tls_url} if self.tls else {})


class Epmd(Server):
    """Erlang's port mapper. A node that finds none starts one that outlives it, so it gets one of ours."""

    def __init__(self, directory: Path, port: int):
        self.port = port
        super().__init__(directory, [program("epmd", "erlang-base"), "-port", str(port), "-address", "127.0.0.1"])

    def ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5):
            return True
