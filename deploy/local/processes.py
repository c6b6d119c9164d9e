"""The processes of a split shop: one service each, and the sandbox that all of them share."""

import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from process import Server, free_ports

PASSWORDS = 0o600


def answers(url: str) -> bool:
    """Whether it answers 200; an OSError if nobody does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError:
        return False


def secret(path: Path, text: str) -> Path:
    path.touch(PASSWORDS)
    path.write_text(text + "\n")
    return path


class Sandbox(Server):
    def __init__(self, directory: Path, binary: Path):
        [self.port] = free_ports(1)
        super().__init__(directory, [
            str(binary), "sandbox", "--data", str(directory / "data"), "--port", str(self.port), "--log", "stderr",
        ])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        return answers(f"{self.url}/readyz")


class Replica(Server):
    """One process that runs one service."""

    def __init__(self, directory: Path, binary: Path, service: str, config: Path):
        self.service = service
        self.port, self.operator_port = free_ports(2)
        super().__init__(directory, [
            str(binary), "serve", service, "--config", str(config), "--data", str(directory / "data"),
            "--port", str(self.port), "--operator-port", str(self.operator_port), "--log", "stderr",
        ])

    @property
    def name(self) -> str:
        return self.directory.name

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ready(self) -> bool:
        return answers(f"http://{self.address}/readyz")


def make_keys(binary: Path, path: Path) -> Path:
    subprocess.run([binary, "keys", path], check=True, stdout=subprocess.DEVNULL)
    return path
