"""A certificate authority of our own and a certificate that it signed for this machine."""

import subprocess
from pathlib import Path

from process import program


class Certificates:
    def __init__(self, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.ca, self.certificate, self.key = (directory / name for name in ("ca.pem", "server.pem", "server.key"))
        self.certificate_and_key = directory / "server-with-key.pem"
        ca_key = directory / "ca.key"
        make(self.ca, ca_key, "Backline's test authority", "basicConstraints=critical,CA:TRUE")
        make(
            self.certificate, self.key, "localhost", "basicConstraints=critical,CA:FALSE",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", signed_by=("-CA", str(self.ca), "-CAkey", str(ca_key)),
        )
        self.certificate_and_key.write_text(self.certificate.read_text() + self.key.read_text())


def make(certificate: Path, key: Path, name: str, *extensions: str, signed_by: tuple[str, ...] = ()) -> None:
    command = [program("openssl", "openssl"), "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", str(key)]
    command += ["-out", str(certificate), *signed_by]
    for extension in extensions:
        command += ["-addext", extension]
    subprocess.run(command, check=True, capture_output=True)
