"""Coroutines: name what you await, and own what you use."""

import re
from collections.abc import Iterator

from tidy_rules.core import Finding, Tree, rule
from tidy_rules.cpp import Cpp

COROUTINE = r"\bco_(await|return|yield)\b"
LABEL = re.compile(r"\s*(case\b[^:?]*(::[^:?]*)*|default|\w+)\s*:(?!:)")
HEAD = re.compile(r"\s*(if|for|while|else|do|try)\b\s*(constexpr\b)?\s*")
NAMED = re.compile(r"[\w:<>,*&\s.\[\]-]*\w\]?\s*=")


@rule("co_await is a whole statement, the value of a named variable, or what co_return answers; nothing else.")
def named_await(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for line, match in source.find(r"(?<!operator )\bco_await\b"):
            if not is_named(source, match.start()):
                yield Finding(source.path, line, "await into a named variable first")


def is_named(source: Cpp, at: int) -> bool:
    opened = source.enclosing(at)
    if opened is None or source.code[opened] != "{":
        return False
    before = strip_heads(source, source.statement_start(at), at)
    if before and before != "co_return" and not NAMED.fullmatch(before):
        return False
    return statement_end(source, at) == ";"


def strip_heads(source: Cpp, start: int, at: int) -> str:
    """What stands before the await in its statement, without labels and `if (...)` in front of it."""
    while True:
        text = source.code[start:at]
        head, label = HEAD.match(text), LABEL.match(text)
        if head:
            start += head.end()
            if source.code[start] == "(" and start in source.brackets:
                start = source.brackets[start] + 1
        elif label:
            start += label.end()
        else:
            return text.strip()


def statement_end(source: Cpp, at: int) -> str:
    """The first of ; , ? } that ends or continues the awaited expression, or `&` or `|` for an operator."""
    while at < len(source.code):
        char = source.code[at]
        if char in "([{" and at in source.brackets:
            at = source.brackets[at]
        elif char in ";?})]" or source.code[at : at + 2] in ("&&", "||", "==", "!="):
            return char
        elif char == "," and not in_template_arguments(source.code, at):
            return char
        at += 1
    return ""


def in_template_arguments(code: str, at: int) -> bool:
    """A comma between the angle brackets of `f<A, B>(x)`."""
    begin = max(code.rfind(char, 0, at) for char in ";{}(")
    return code.count("<", begin, at) > code.count(">", begin, at)


@rule("A coroutine is a named function: a lambda that captures must not be one, its captures die first.")
def capturing_coroutines(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        lambdas = list(lambda_bodies(source))
        for opened, body, captures in lambdas:
            inner = [(other, source.brackets[other]) for _, other, _ in lambdas if body < other < source.brackets[body]]
            own = source.code[body : source.brackets[body]]
            for start, end in inner:
                own = own[: start - body] + " " * (end - start) + own[end - body :]
            if captures and re.search(COROUTINE, own):
                yield Finding(source.path, source.line(opened), "a capturing lambda must not be a coroutine")


LAMBDA_TAIL = re.compile(r"\s*(?:mutable\s*|noexcept\s*|constexpr\s*)*(?:->[\w:<>,&*\s]+)?(?=\{)")


def lambda_bodies(source: Cpp) -> Iterator[tuple[int, int, str]]:
    """Offset of the introducer and of the body's brace, and what is captured, of every lambda."""
    code, partner = source.code, source.brackets
    for match in re.finditer(r"(?<![\w\])\[])\s*\[(?!\[)", code):
        opened = match.end() - 1
        if opened not in partner:
            continue
        at = partner[opened] + 1
        parameters = re.compile(r"\s*\(").match(code, at)
        if parameters and parameters.end() - 1 in partner:
            at = partner[parameters.end() - 1] + 1
        tail = LAMBDA_TAIL.match(code, at)
        if tail and tail.end() in partner:
            yield opened, tail.end(), code[opened + 1 : partner[opened]].strip()


@rule("A coroutine takes no string_view, span or char pointer: what they point to may be gone after the first await.")
def borrowed_parameters(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for match in re.finditer(r"(->\s*)?\b(?:\w+::)*(?:Task|awaitable)\s*<", source.code):
            borrowed = re.search(r"\bstring_view\b|\bspan\s*<|\bchar\s*\*", parameters(source, match))
            if borrowed:
                message = f"`{borrowed[0].rstrip('< ')}` in a coroutine's parameters; take the value"
                yield Finding(source.path, source.line(match.start()), message)


def parameters(source: Cpp, result: re.Match) -> str:
    """The parameter list of the function whose result type, trailing or leading, is matched; else nothing."""
    code = source.code
    if result[1]:
        closed = code.rfind(")", 0, result.start())
        between = code[closed + 1 : result.start()]
        return code[source.brackets[closed] : closed] if closed in source.brackets and between.split() in (
            [], ["const"], ["mutable"]
        ) else ""
    after = end_of_template(code, result.end() - 1)
    name = re.compile(r"\s*(?:[\w:]+|operator\(\))\s*(?=\()").match(code, after)
    return code[name.end() : source.brackets[name.end()]] if name and name.end() in source.brackets else ""


def end_of_template(code: str, at: int) -> int:
    depth = 0
    for end in range(at, len(code)):
        depth += {"<": 1, ">": -1}.get(code[end], 0)
        if depth == 0:
            return end + 1
    return len(code)
