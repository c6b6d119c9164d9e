"""A C++ file as the rules see it: code without comments and literals, includes, brackets, functions, structs.

This is no parser. It knows enough of the language for code that clang-format has laid out and the compiler accepts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<raw>R"(?P<tag>[^\s()\\]*)\(.*?\)(?P=tag)")"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<char>(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+')""",
    re.S | re.X,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")', re.M)
PAIRS = {")": "(", "]": "[", "}": "{"}


def blank(text: str) -> str:
    """Spaces of the same shape, so that offsets and line numbers stay."""
    return re.sub(r"[^\n]", " ", text)


@dataclass(frozen=True)
class Function:
    """Offsets of a function's first character and of its body's two braces."""

    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Include:
    line: int
    name: str
    quoted: bool


class Cpp:
    def __init__(self, path: str, text: str):
        self.path = path
        self.text = text

    @cached_property
    def uncommented(self) -> str:
        return TOKEN.sub(lambda match: blank(match[0]) if match["comment"] else match[0], self.text)

    @cached_property
    def code(self) -> str:
        """The text with comments and preprocessor lines blank, and literals reduced to their quotes."""

        def replace(match: re.Match) -> str:
            inside = match[0]
            if match["comment"]:
                return blank(inside)
            return inside[0] + blank(inside[1:-1]) + inside[-1] if not match["raw"] else '"' + blank(inside[1:-1]) + '"'

        scrubbed = TOKEN.sub(replace, self.text)
        return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda match: blank(match[0]), scrubbed, flags=re.M)

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def find(self, pattern: str) -> Iterator[tuple[int, re.Match]]:
        """Line and match of every occurrence in the code."""
        for match in re.finditer(pattern, self.code, re.M):
            yield self.line(match.start()), match

    @cached_property
    def includes(self) -> list[Include]:
        return [
            Include(self.line(match.start()), match[1][1:-1], match[1][0] == '"')
            for match in INCLUDE.finditer(self.uncommented)
        ]

    @cached_property
    def brackets(self) -> dict[int, int]:
        """Offset of every bracket to the offset of its partner."""
        partner: dict[int, int] = {}
        stack: list[int] = []
        for match in re.finditer(r"[()\[\]{}]", self.code):
            at, char = match.start(), match[0]
            if char in "([{":
                stack.append(at)
            elif stack and self.code[stack[-1]] == PAIRS[char]:
                opened = stack.pop()
                partner[opened], partner[at] = at, opened
        return partner

    def enclosing(self, offset: int) -> int | None:
        """Offset of the innermost bracket that is open at `offset`."""
        at = offset - 1
        while at >= 0:
            char = self.code[at]
            if char in ")]}" and at in self.brackets:
                at = self.brackets[at]
            elif char in "([{" and at in self.brackets:
                return at
            at -= 1
        return None

    def statement_start(self, offset: int) -> int:
        """Where the statement (or list element) that holds `offset` begins, within its innermost bracket."""
        at = offset - 1
        while at >= 0:
            char = self.code[at]
            if char in ")]" and at in self.brackets:
                at = self.brackets[at]
            elif char in ";{}([":
                break
            at -= 1
        return at + 1

    @cached_property
    def functions(self) -> list[Function]:
        """Function bodies at namespace or class level, whole; a lambda belongs to the function that holds it."""
        found: list[Function] = []
        at = self.code.find("{")
        while at != -1:
            if at not in self.brackets:
                break
            start = self.statement_start(at)
            head = self.code[start:at]
            if is_function_head(head):
                while self.code[self.brackets[at] + 1 :].lstrip()[:1] in (",", "{"):  # a constructor's `: a_{1}, b_{2}`
                    at = self.code.find("{", self.brackets[at])
                found.append(Function(start + len(head) - len(head.lstrip()), at, self.brackets[at]))
                at = self.brackets[at]
            elif not is_scope_head(head):
                at = self.brackets[at]
            at = self.code.find("{", at + 1)
        return found

    def struct_fields(self, name: str) -> tuple[int, list[str]] | None:
        """Line and non-static data members, in order, of the struct or class called `name`."""
        match = re.search(rf"\b(?:struct|class)\s+{name}\b[^;{{()]*{{", self.code)
        if not match or match.end() - 1 not in self.brackets:
            return None
        body = self.code[match.end() : self.brackets[match.end() - 1]]
        return self.line(match.start()), fields_of(body)

    def enumerators(self, name: str) -> tuple[int, list[str]] | None:
        match = re.search(rf"\benum\s+(?:class\s+|struct\s+)?{name}\b[^;{{]*{{([^}}]*)}}", self.code)
        if not match:
            return None
        names = [re.match(r"\s*(\w*)", part)[1] for part in match[1].split(",")]
        return self.line(match.start()), [word for word in names if word]


def is_scope_head(head: str) -> bool:
    return re.search(r"\b(namespace|class|struct|union|extern)\b", head) is not None and "(" not in re.sub(
        r"\b(alignas|decltype)\s*\(", "", head
    )


def is_function_head(head: str) -> bool:
    """`int f(int a) const`, `X::X() : a_(1)`, `auto f() -> T`; not `int a[] =`, not `struct A`."""
    if is_scope_head(head) or "(" not in head:
        return False
    return re.search(r"(?<![=!<>])=(?!=)", re.sub(r"\([^()]*\)|operator\s*\S+", "", head)) is None


def fields_of(body: str) -> list[str]:
    """The names of the data members that a class body declares, in order."""
    fields = []
    for statement in members(body):
        statement = re.sub(r"\[\[.*?\]\]|\b(?:public|private|protected)\s*:", " ", statement).strip()
        if not statement or re.match(r"(using|typedef|static|friend|enum|struct|class|union|template)\b", statement):
            continue
        declarator = re.split(r"(?<![=!<>])=(?!=)|\{", statement)[0]
        without_arguments = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", declarator)))
        if "(" in without_arguments or "operator" in without_arguments:
            continue
        name = re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", without_arguments)
        if name:
            fields.append(name[1])
    return fields


def members(body: str) -> Iterator[str]:
    """Splits a class body into its member declarations; a function's body ends its declaration."""
    depth, start, parens = 0, 0, 0
    for at, char in enumerate(body):
        if char in "([":
            parens += 1
        elif char in ")]":
            parens -= 1
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            head = body[start:at].split("{")[0]
            if depth == 0 and parens == 0 and is_function_head(head):
                yield head + "{"
                start = at + 1
        elif char == ";" and depth == 0 and parens == 0:
            yield body[start:at]
            start = at + 1
