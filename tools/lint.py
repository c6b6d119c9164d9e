#!/usr/bin/env python3
"""What stands behind `./dev lint` and `./dev fmt`: clang-format, the house rules, clang-tidy.

    lint.py          format check and clang-tidy on the files changed since main; house rules on the whole tree
    lint.py --all    the same on every file
    lint.py --fix    format every file in place

clang-tidy reads the compile commands (and the precompiled header) of build/dev, or of the tree that --build names.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tidy_rules.cpp import Cpp
from tidy_rules.shape import with_braces

ROOT = Path(__file__).resolve().parent.parent
CLANG_FORMAT = "clang-format-19"
CLANG_TIDY = "clang-tidy-19"
HOUSE_RULES = [sys.executable, "tools/tidy.py"]


def git(*arguments: str) -> list[str]:
    """The lines that git prints."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def sources() -> list[str]:
    """Every C++ file that is tracked, or new and not ignored."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard", "*.cpp", "*.hpp")
    return sorted({name for name in names if (ROOT / name).exists()})


def base() -> str:
    """Where this branch left main; on main itself the commit before, in a clone without history the commit itself."""
    for guess in (["merge-base", "HEAD", "main"], ["rev-parse", "HEAD~1"]):
        try:
            found = git(*guess)[0]
        except subprocess.CalledProcessError:
            continue
        if found != git("rev-parse", "HEAD")[0]:
            return found
    return "HEAD"


def changed_sources() -> list[str]:
    """Those that differ from the base, committed or not."""
    changed = set(git("diff", "--name-only", base())) | set(git("ls-files", "--others", "--exclude-standard"))
    return [name for name in sources() if name in changed]


def run(command: list[str]) -> bool:
    return subprocess.run(command, cwd=ROOT).returncode == 0


def fix(names: list[str]) -> bool:
    """Formats, then puts in the braces that the new line breaks ask for and formats those files again."""
    formatted = run([CLANG_FORMAT, "-i", *names])
    for name in names:
        text = (ROOT / name).read_text()
        braced = with_braces(Cpp(name, text))
        if braced != text:
            (ROOT / name).write_text(braced)
            formatted &= run([CLANG_FORMAT, "-i", name])
    return formatted


def tidy_one(source: str, build: str) -> list[str]:
    """What clang-tidy finds in one file and its headers, one text per finding."""
    command = [CLANG_TIDY, "--quiet", "--warnings-as-errors=*", "-p", build, source]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    found = re.split(r"^(?=/\S+:\d+:\d+: (?:error|warning))", done.stdout, flags=re.M)
    return [text for text in found if text.strip()] or [f"{source}: clang-tidy failed\n{done.stderr}"]


def clang_tidy(names: list[str], build: str) -> bool:
    """Prints each finding once, though many files include the same header."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for texts in pool.map(lambda name: tidy_one(name, build), names) for text in texts]
    for text in sorted({text.splitlines()[0]: text for text in found}.values()):
        print(text, end="")
    return not found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="check every file, not only the changed ones")
    parser.add_argument("--fix", action="store_true", help="format every file in place and stop")
    parser.add_argument("--build", default="build/dev", help="the tree whose compile commands clang-tidy reads")
    parser.add_argument("--only", choices=["format", "house", "clang-tidy"], help="run this part alone")
    arguments = parser.parse_args()

    if arguments.fix:
        return 0 if fix(sources()) else 1

    names = sources() if arguments.all else changed_sources()
    failed = []
    if arguments.only in (None, "format") and names:
        if not run([CLANG_FORMAT, "--dry-run", "--Werror", *names]):
            failed.append("format (./dev fmt mends it)")
    if arguments.only in (None, "house") and not run(HOUSE_RULES):
        failed.append("house rules")
    if arguments.only in (None, "clang-tidy"):
        if not clang_tidy([name for name in names if name.endswith(".cpp")], arguments.build):
            failed.append("clang-tidy")
    print(f"lint: {len(names)} files" + (", failed: " + ", ".join(failed) if failed else ", clean"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
