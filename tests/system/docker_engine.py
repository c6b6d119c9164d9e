"""A Docker engine of our own, which leaves nothing behind: no image, no network, no rule of a firewall."""

import contextlib
import os
import socket
import subprocess
import tempfile
from pathlib import Path

from process import Failed, Server, Unavailable, program

BASE = "debian:bookworm-slim"


class Engine(Server):
    """Needs root. Its networks have no way out, so what is built is built in this machine's (`--network host`)."""

    def __init__(self, directory: Path):
        if os.geteuid() != 0:
            raise Unavailable("it takes root")
        self.socket = directory / "socket"
        self.cgroup = f"backline-{os.getpid()}"
        self.docker = program("docker", "docker.io", "/usr/bin")
        super().__init__(directory, [
            program("dockerd", "docker.io"), "--host", f"unix://{self.socket}", "--data-root", str(directory / "data"),
            "--exec-root", str(directory / "exec"), "--pidfile", str(directory / "pid"), "--iptables=false",
            "--ip6tables=false", "--ip-forward=false", "--bridge=none", "--cgroup-parent", f"/{self.cgroup}",
        ])
        self.env |= {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_BUILDKIT": "1", "HOME": str(directory)}

    def start(self) -> None:
        try:
            super().start()
        except Failed as failure:
            raise Unavailable(f"No engine starts here: {failure}") from failure

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket))
            connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 OK" in connection.recv(100)

    def run(self, *words: str | Path) -> str:
        """What `docker WORDS...` prints."""
        return self.output(self.docker, *words)

    def output(self, *command: str | Path, **more) -> str:
        done = subprocess.run(command, env={**self.env, **more}, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def make_base(self) -> None:
        """What Debian's image is made of, too, from Debian's packages."""
        with tempfile.TemporaryDirectory(dir=self.directory) as scratch:
            archive = Path(scratch) / "base.tar"
            self.output(program("mmdebstrap", "mmdebstrap"), "--quiet", "--variant=minbase", "bookworm", archive)
            self.run("import", archive, BASE)

    def run_one(self) -> None:
        """That takes more rights than to start, which a machine may not give."""
        try:
            self.run("run", "--rm", "--network", "none", BASE, "true")
        except Failed as failure:
            raise Unavailable(f"No container runs here: {failure}") from failure

    def build(self, tag: str, dockerfile: Path, context: Path, *arguments: str) -> None:
        self.run("build", "--quiet", "--network", "host", "--tag", tag, "--file", dockerfile, *arguments, context)

    def end(self) -> None:
        """In order, so that it ends its containers; then takes away what the kernel still holds for it."""
        try:
            self.stop()
        finally:
            self.kill()
            self.forget()

    def forget(self) -> None:
        mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
        for mount in reversed([mount for mount in mounts if mount.startswith(f"{self.directory}/")]):
            subprocess.run(["umount", "--lazy", mount], check=False)
        groups = Path("/sys/fs/cgroup")  # One tree, or one for each controller.
        for root in [groups / self.cgroup, *groups.glob(f"*/{self.cgroup}")]:
            for group, _, _ in os.walk(root, topdown=False):
                with contextlib.suppress(OSError):
                    Path(group).rmdir()
