"""nginx as a gateway: one process, everything it writes in its own folder."""

import socket
from pathlib import Path

from process import Server, free_ports, program

PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx(Server):
    """`conf` is what stands in the `http` block: servers and upstreams. It writes `{port}` where nginx is to listen, on
    the loopback address."""

    def __init__(self, directory: Path, conf: str, port: int | None = None):
        self.port = port or free_ports(1)[0]
        directory.mkdir(parents=True, exist_ok=True)
        command = [program("nginx", "nginx-light"), "-p", str(directory), "-c", "nginx.conf", "-e", "stderr"]
        super().__init__(directory, command)
        self.write(conf)

    def write(self, conf: str) -> None:
        """Another configuration, for the next start or reload."""
        temporary = [f"{path}_temp_path {self.directory}/{path};" for path in PATHS]
        settings = ["daemon off;", "worker_processes 1;", "worker_shutdown_timeout 20s;"]
        settings += [f"pid {self.directory}/nginx.pid;", "error_log stderr;", "events { worker_connections 4096; }"]
        settings += ["http {", "access_log off;", *temporary, conf.replace("{port}", str(self.port)), "}"]
        (self.directory / "nginx.conf").write_text("\n".join(settings) + "\n")

    def ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5):
            return True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
