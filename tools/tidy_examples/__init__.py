"""For every rule of the house linter: trees that it must refuse, and trees that it must accept.

A tree is a dict of paths and texts. One example per idea; the shortest text that shows it.
"""

from dataclasses import dataclass

Files = dict[str, str]


@dataclass(frozen=True)
class Examples:
    bad: list[Files]
    good: list[Files]


def cpp(body: str, path: str = "services/orders/cart/handlers.cpp") -> Files:
    """A tree of one C++ file."""
    return {path: body}


def including(path: str, *names: str) -> Files:
    """A tree in which `path` includes `names`, and every project header among them exists."""
    text = "".join(f"#include {name}\n" for name in names)
    return {path: text} | {name.strip('"'): "#pragma once\n" for name in names if name.startswith('"')}


def task(body: str) -> Files:
    """A tree of one coroutine."""
    return cpp(f"Task<> run() {{\n{body}\n}}\n")
