"""The project as a whole: nothing dead, nothing dangling, nothing private."""

import posixpath
import re
from collections.abc import Iterator

from tidy_rules.core import Finding, Tree, rule

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/[\w.-]+")
# Folders of this machine that a container image or a deployment may name.
MACHINE_PATH_HOMES = ("deploy/",)


@rule("Every header is included by somebody.")
def dead_headers(tree: Tree) -> Iterator[Finding]:
    included = {include.name for source in tree.cpp for include in source.includes if include.name != source.path}
    for source in tree.headers():
        own = source.path.removesuffix(".hpp")
        users = {other.path for other in tree.cpp if any(include.name == source.path for include in other.includes)}
        if source.path not in included and source.path != "tools/cmake/pch.hpp":
            yield Finding(source.path, 1, "nobody includes it")
        elif users == {own + ".cpp"} and not is_entry(own):
            yield Finding(source.path, 1, "only its own .cpp includes it")


def is_entry(path: str) -> bool:
    """Headers whose users may still be on their way are not dead: a service's and an adapter's doors."""
    return path.endswith("/service")


@rule("Every .cpp belongs to a target: CMake names it or the folder that holds it.")
def dead_sources(tree: Tree) -> Iterator[Finding]:
    cmake = "\n".join(text for _, text in tree.ending("CMakeLists.txt", ".cmake"))
    named = set(re.findall(r"[\w.-]+(?:/[\w.-]+)+", cmake))
    for source in tree.cpp:
        parts = source.path.split("/")
        if source.path.endswith(".cpp") and not any("/".join(parts[:n]) in named for n in range(2, len(parts) + 1)):
            yield Finding(source.path, 1, "no CMakeLists.txt names it or its folder")


@rule("Every tool is called by something: ./dev, CMake, CI or another tool.")
def dead_tools(tree: Tree) -> Iterator[Finding]:
    for path, _ in tree.ending(".py", ".sh"):
        if not path.startswith("tools/") or path.endswith("__init__.py"):
            continue
        name = posixpath.basename(path)
        module = name.removesuffix(".py")
        callers = (text for other, text in tree.files.items() if other != path and not other.endswith(".md"))
        if not any(name in text or re.search(rf"^\s*(from|import)\b.*\b{module}\b", text, re.M) for text in callers):
            yield Finding(path, 1, "nothing calls it")


def slug(heading: str) -> str:
    """The anchor that a heading gets on the forge."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {slug(match[1]) for match in re.finditer(r"^#+ (.*)$", FENCE.sub("", text), re.M)}


@rule("Links in Markdown to files and headings of this project resolve.")
def links(tree: Tree) -> Iterator[Finding]:
    folders = {posixpath.dirname(path) for path in tree.files}
    folders |= {parent for folder in folders for parent in parents(folder)}
    for path, text in tree.ending(".md"):
        for match in LINK.finditer(FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), text)):
            target = match[1] or match[2]
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            line = text.count("\n", 0, match.start()) + 1
            full = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            if full not in tree.files and full not in folders:
                yield Finding(path, line, f"broken link to {target}")
            elif anchor and full.endswith(".md") and anchor not in anchors(tree.files[full]):
                yield Finding(path, line, f"no heading #{anchor} in {full}")


def parents(folder: str) -> Iterator[str]:
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


@rule("A page or an ADR that code or prose mentions exists.", ratcheted=True)
def mentions(tree: Tree) -> Iterator[Finding]:
    pages = [path for path in tree.files if path.endswith(".md")]
    adrs = {match[1] for path in pages if (match := re.match(r"docs/adr/(\d{4})-", path))}
    for path, text in tree.files.items():
        if path.startswith("tools/tidy"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for adr in re.findall(r"\bADR (\d{4})\b", line):
                if adr not in adrs:
                    yield Finding(path, number, f"there is no ADR {adr}")
            for name in re.findall(r"(?<![\w/:.*-])([\w./-]+\.md)\b", line):
                if not any(f"/{page}".endswith("/" + name.lstrip("./")) for page in pages):
                    yield Finding(path, number, f"there is no page {name}")


@rule("No path of somebody's machine in anything committed.")
def machine_paths(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.files.items():
        if path.startswith(("tools/tidy", *MACHINE_PATH_HOMES)):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for match in MACHINE_PATH.finditer(line):
                yield Finding(path, number, f"a path of one machine: {match[0]}")
