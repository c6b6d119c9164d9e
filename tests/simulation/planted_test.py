"""At stake: a simulator that is too kind, or an oracle that looks away: then green seeds mean nothing.

Tested by planting bugs. Each planted/NAME.patch is a mistake that real shops have made. Into a scratch directory goes a
copy of the few files that it touches; they are compiled as the release tree compiles them and linked before that tree's
libraries, so that one bug costs one or two compilations. Within 1,000 seeds the invariant that the patch names must be
found broken; the program without any bug must pass.

    python3 tests/simulation/planted_test.py BUILD [NAME...]
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANTED = ROOT / "tests/simulation/planted"
SEEDS_MAX = 1000
CONTROL_SEEDS = 50
PATIENCE_S = 400


class Failed(Exception):
    """Why a bug was not found, as a sentence."""


def run(command, where: pathlib.Path, else_say: str) -> str:
    """What the command prints; raises `else_say` and its complaints if it fails."""
    shell = isinstance(command, str)
    done = subprocess.run(command, cwd=where, shell=shell, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{else_say}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def value_of(option: str, command: list[str]) -> str:
    return command[command.index(option) + 1] if option in command else ""


class Tree:
    """A build tree, and the commands that make its simulation; brought up to date, since new objects do not fit old
    libraries."""

    def __init__(self, build: pathlib.Path):
        self.build = build
        run(["ninja", "simulation"], build, f"no simulation can be built in {build}")
        told = run(["ninja", "-t", "commands", "simulation"], build, f"{build} is no build tree")
        *compilations, self.link = told.splitlines()
        split = [shlex.split(command) for command in compilations]
        self.compilations = {value_of("-c", command): command for command in split}

    def compile(self, source: str, scratch: pathlib.Path) -> str:
        """Compiles the scratch copy of `source`, by a path below the scratch directory, which the cache knows again."""
        command = list(self.compilations.get(str(ROOT / source), []))
        if not command:
            raise Failed(f"{source} is no source of the simulation; bugs are planted in .cpp files only")
        made = source.replace("/", "_") + ".o"
        for option, value in (("-c", source), ("-o", made), ("-MT", made), ("-MF", made + ".d")):
            if option in command:
                command[command.index(option) + 1] = value
        run(command, scratch, f"{source} does not compile with the bug in it")
        return str(scratch / made)

    def link_with(self, objects: list[str], scratch: pathlib.Path) -> pathlib.Path:
        """The program with these objects instead of the libraries' members of the same content."""
        program = scratch / "simulation"
        output = " -o simulation "
        assert output in self.link, self.link
        command = self.link.replace(output, f" {shlex.join(objects)} -o {shlex.quote(str(program))} ")
        run(command, self.build, "the simulation does not link with the bug in it")
        return program


class Bug:
    """One patch: a few lines of prose, of which the last says what finds it, and the difference."""

    def __init__(self, patch: pathlib.Path):
        self.patch = patch
        text = patch.read_text()
        self.sources = re.findall(r"^\+\+\+ b/(\S+)$", text, re.MULTILINE)
        self.caught_by = re.search(r"^Caught by: (.+)$", text, re.MULTILINE)

    def plant(self, scratch: pathlib.Path) -> None:
        for source in self.sources:
            (scratch / source).parent.mkdir(parents=True, exist_ok=True)
            if not (ROOT / source).is_file():
                raise Failed(f"its patch is stale: there is no {source}")
            shutil.copy(ROOT / source, scratch / source)
        run(["git", "apply", str(self.patch)], scratch, "its patch is stale: the code has changed; plant the bug anew")

    def find(self, tree: Tree) -> str:
        """Where and how it was found."""
        if not self.caught_by or not self.sources:
            raise Failed("its patch must say `Caught by: ` and the beginning of the finding, and change something")
        with tempfile.TemporaryDirectory(prefix="planted-") as directory:
            scratch = pathlib.Path(directory)
            self.plant(scratch)
            objects = [tree.compile(source, scratch) for source in self.sources]
            return hunt(tree.link_with(objects, scratch), self.caught_by[1])


def hunt(program: pathlib.Path, finding: str) -> str:
    """Simulates until a seed breaks the invariant that is expected."""
    command = [program, "--seeds", str(SEEDS_MAX), "--until", finding]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        raise Failed(f"not found within {PATIENCE_S} s") from None
    if done.returncode not in (0, 1):
        raise Failed(f"the simulation died of it ({done.returncode}):\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    found = re.findall(r"^seed (\d+): (.+)$", done.stdout, re.MULTILINE)
    for seed, sentence in found:
        if sentence.startswith(finding):
            return f"seed {seed}: {sentence}"
    others = f"; but seed {found[0][0]}: {found[0][1]}" if found else ""
    raise Failed(f"{SEEDS_MAX} seeds did not break `{finding}`{others}")


def control(tree: Tree) -> str:
    run([tree.build / "simulation", "--seeds", str(CONTROL_SEEDS)], tree.build, "it fails without any bug")
    return f"{CONTROL_SEEDS} seeds without a bug pass"


def judge(name: str, check) -> bool:
    """Prints one line for a check, whole: several threads print."""
    try:
        verdict, told = "ok", check()
    except Failed as why:
        verdict, told = "FAILED", why
    print(f"{verdict:7} {name:38} {told}\n", end="", flush=True)
    return verdict == "ok"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", type=pathlib.Path, help="the build tree, of the release preset")
    options.add_argument("names", nargs="*", help="bugs to find; all if none is named")
    asked = options.parse_args()
    bugs = {patch.stem: Bug(patch) for patch in sorted(PLANTED.glob("*.patch"))}
    unknown = set(asked.names) - set(bugs)
    if unknown:
        options.error(f"there is no planted bug {', '.join(sorted(unknown))}; there are {', '.join(bugs)}")
    try:
        tree = Tree(asked.build.resolve())
    except Failed as why:
        options.error(str(why))
    checks = {"control": lambda: control(tree)}
    for name in asked.names or bugs:
        checks[name] = lambda bug=bugs[name]: bug.find(tree)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        passed = sum(workers.map(judge, checks.keys(), checks.values()))
    print(f"{passed} passed, {len(checks) - passed} failed")
    return 0 if passed == len(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
