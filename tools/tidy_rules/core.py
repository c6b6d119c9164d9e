"""What every rule stands on: findings, the table of rules, and the tree of files under judgement."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tidy_rules.cpp import Cpp


@dataclass(frozen=True, order=True)
class Finding:
    """One offence. `weight` is what the ratchet counts: 1, or a length."""

    path: str
    line: int
    message: str
    weight: int = 1


@dataclass(frozen=True)
class Rule:
    name: str
    sentence: str
    check: Callable[["Tree"], Iterator[Finding]]
    ratcheted: bool = False


RULES: dict[str, Rule] = {}


def rule(sentence: str, ratcheted: bool = False):
    """Puts the decorated function into the table of rules. A ratcheted rule tolerates what tidy_ratchet.json lists."""

    def register(check: Callable[["Tree"], Iterator[Finding]]):
        name = check.__name__
        assert name not in RULES, f"two rules are called {name}"
        RULES[name] = Rule(name, sentence, check, ratcheted)
        return check

    return register


class Tree:
    """Every file of the project by its path, as text. Files that are not UTF-8 have no text."""

    def __init__(self, files: dict[str, str]):
        self.files = files

    @cached_property
    def cpp(self) -> list[Cpp]:
        return [Cpp(path, text) for path, text in sorted(self.files.items()) if path.endswith((".cpp", ".hpp"))]

    def headers(self) -> list[Cpp]:
        return [source for source in self.cpp if source.path.endswith(".hpp")]

    def ending(self, *suffixes: str) -> Iterator[tuple[str, str]]:
        for path, text in sorted(self.files.items()):
            if path.endswith(suffixes):
                yield path, text


def is_test(path: str) -> bool:
    """Tests, and what is built only for tests, may reach further than the code that they test."""
    return path.startswith("tests/") or path.endswith(("_test.cpp", "_test.hpp"))


def under(path: str, homes: tuple[str, ...]) -> bool:
    """True if `path` lies in one of the homes, which are beginnings of paths."""
    return path.startswith(homes)
