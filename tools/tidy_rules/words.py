"""Words that have one home, or none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tidy_rules.core import Finding, Tree, is_test, rule, under

ANY_TEST = "(any test)"


@dataclass(frozen=True)
class Word:
    """`pattern` may appear only below `homes`; `instead` says what to do."""

    pattern: str
    homes: tuple[str, ...]
    instead: str


CLOCK = ("adapters/asio_runtime/", "platform/async/thread_clock.hpp", "tests/load/")
THREADS = ("adapters/", "tests/")
WORDS = [
    Word(r"\b(system|steady|high_resolution|utc)_clock\s*::\s*now\b", CLOCK, "time comes from Runtime::now"),
    Word(r"\b(gettimeofday|clock_gettime|std::time|localtime|strftime)\s*\(", CLOCK, "time comes from Runtime::now"),
    Word(r"\b(steady_timer|system_timer|deadline_timer)\b", ("adapters/", "platform/http/"),
         "use sleep_until(runtime, ...)"),
    Word(r"\b(random_device|mt19937(_64)?|\w+_distribution)\b|\bs?rand\s*\(", ("adapters/asio_runtime/",),
         "chance comes from Runtime::random"),
    Word(r"\b(secure_)?getenv\s*\(", ("apps/", "tests/contract/test_server"), "configuration is passed in"),
    Word(r"\bstd::this_thread\b", THREADS, "service code runs on the loop; use sleep_for(runtime, ...)"),
    Word(r"\bstd::(jthread|thread|async)\b", THREADS, "threads belong to adapters; use Runtime::offload"),
    Word(r"\bstd::(\w*mutex|condition_variable\w*|atomic\w*|lock_guard|scoped_lock|unique_lock)\b",
         ("adapters/", "platform/observe/", "tests/", "apps/"), "service code has one thread"),
    Word(r"\bvolatile\b", (), "it means nothing to threads"),
    Word(r"\bdetached\b", (), "spawn into a TaskGroup, which is joined"),
    Word(r"\b(double|float)\b", ("platform/", "adapters/", "apps/", "tests/"),
         "no floating point near money; count in units"),
    Word(r"\bstd::(cout|cerr|clog)\b|\b(std::)?(printf|fprintf|puts)\s*\(", ("apps/", "tests/", ANY_TEST),
         "log through platform/observe"),
    Word(r"\bstd::(i|o)?fstream\b|\bstd::filesystem\b|\bfopen\s*\(", ("adapters/", "apps/", "tests/", ANY_TEST),
         "files are passed in, or belong to an adapter"),
    Word(r"\b(const|reinterpret)_cast\s*<", ("adapters/", "platform/security/", "platform/http/"),
         "keep the type honest"),
]


@rule("Clocks, chance, threads, environment, files and other banned words appear only in their homes.")
def words(tree: Tree) -> Iterator[Finding]:
    for word in WORDS:
        yield from forbidden(tree, word)


def forbidden(tree: Tree, word: Word) -> Iterator[Finding]:
    for source in tree.cpp:
        if under(source.path, word.homes) or (ANY_TEST in word.homes and is_test(source.path)):
            continue
        for line, match in source.find(word.pattern):
            yield Finding(source.path, line, f"`{match[0].rstrip(' ({<')}` is not for here: {word.instead}")


@rule("No <format>, <print> or <generator>: libstdc++ 12 has none of them. Use fmt, and plain loops.")
def missing_headers(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for include in source.includes:
            if include.name in ("format", "print", "generator", "flat_map", "stacktrace"):
                yield Finding(source.path, include.line, f"libstdc++ 12 has no <{include.name}>")


@rule("Macros: only INVARIANT; everything else is a function, a constant or a template.")
def macros(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", source.uncommented, re.M):
            if match[1] != "INVARIANT":
                yield Finding(source.path, source.line(match.start()), f"no macros of our own: {match[1]}")


@rule("No `default:` in a switch: the compiler then tells who forgot a new enumerator.", ratcheted=True)
def default_label(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for line, _ in source.find(r"\bdefault\s*:(?!:)"):
            yield Finding(source.path, line, "list the enumerators instead of `default:`")


@rule("catch (...) stands only at the boundaries, which the ratchet lists.", ratcheted=True)
def catch_all(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        if not is_test(source.path):
            for line, _ in source.find(r"\bcatch\s*\(\s*\.\.\.\s*\)"):
                yield Finding(source.path, line, "catch (...) swallows what nobody expected")


@rule("A catch block that does nothing says why in a comment.")
def silent_catch(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for line, match in source.find(r"\bcatch\s*\([^)]*\)\s*\{\s*\}"):
            if not re.search(r"//|/\*", source.text[match.start() : match.end()]):
                yield Finding(source.path, line, "say why nothing is to be done")


@rule("A suppressed warning names its check and its reason: NOLINT(check): reason.")
def suppressions(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for number, text in enumerate(source.text.splitlines(), 1):
            mark = re.search(r"NOLINT(NEXTLINE|BEGIN)?\b(?!END)", text)
            if mark and not re.match(r"\([\w.,* -]+\): \S+", text[mark.end() :]):
                yield Finding(source.path, number, "write NOLINT(check): reason")


@rule("A TODO carries an issue number; there is no FIXME.")
def todos(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.files.items():
        if path.startswith("tools/tidy"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"\bFIXME\b", line) or re.search(r"\bTODO\b(?!\s*\(?#\d+)", line):
                yield Finding(path, number, "say TODO #number, or do it now")
