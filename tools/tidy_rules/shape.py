"""Sizes and shapes of files, functions and described structs."""

import ast
import re
from collections.abc import Iterator

from tidy_rules.core import Finding, Tree, is_test, rule
from tidy_rules.cpp import Cpp

LINE_MAX = 120
FILE_MAX = 400
FUNCTION_MAX = 70
CODE = (".cpp", ".hpp", ".py", ".cmake", "CMakeLists.txt", "dev", ".ci/run")
SERVICE_FILES = {"events", "errors", "config", "service", "provider", "mailer", "texter", "identity_provider"}
FEATURE_FILES = {"model", "api", "store", "handlers", "reactions", "saga"}


@rule("Lines of code are at most 120 characters long (clang-format breaks C++ at 100; comments may be longer).")
def line_length(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.ending(*CODE):
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LINE_MAX:
                yield Finding(path, number, f"{len(line)} characters")


@rule("Files are at most 400 lines long.", ratcheted=True)
def file_length(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.ending(*CODE):
        lines = text.count("\n")
        if lines > FILE_MAX:
            yield Finding(path, 1, f"{lines} lines, at most {FILE_MAX}: split it", lines)


@rule("Functions are at most 70 lines long.", ratcheted=True)
def function_length(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for function in source.functions:
            first = source.line(function.start)
            yield from too_long(source.path, first, source.line(function.end) - first + 1)
    for path, text in tree.ending(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from too_long(path, node.lineno, node.end_lineno - node.lineno + 1)


def too_long(path: str, line: int, lines: int) -> Iterator[Finding]:
    if lines > FUNCTION_MAX:
        yield Finding(path, line, f"a function of {lines} lines, at most {FUNCTION_MAX}", lines)


@rule("Every header begins with #pragma once.")
def pragma_once(tree: Tree) -> Iterator[Finding]:
    for source in tree.headers():
        if not source.uncommented.lstrip().startswith("#pragma once\n"):
            yield Finding(source.path, 1, "no #pragma once before everything else")


@rule("A body without braces stands on the line of its condition.")
def braces(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for end in unbraced(source):
            message = "put braces around the body (./dev fmt does), or the body on this line"
            yield Finding(source.path, source.line(end), message)


def unbraced(source: Cpp) -> Iterator[int]:
    """The end of every condition (or `else`) whose body stands on the next line without braces."""
    for _, match in source.find(r"^[ \t]*(?:\} )?(?:if|for|while|else if|else)\b(?: constexpr)?"):
        end = match.end()
        opened = re.compile(r"\s*\(").match(source.code, end)
        if opened and opened.end() - 1 in source.brackets:
            end = source.brackets[opened.end() - 1] + 1
        if re.compile(r"[ \t]*\n").match(source.code, end):
            yield end


def with_braces(source: Cpp) -> str:
    """The text with those braces put in, innermost last; clang-format then lays it out."""
    text = source.text
    for end in sorted(unbraced(source), reverse=True):
        at = end
        while source.code[at] != ";":
            at = source.brackets.get(at, at) + 1 if source.code[at] in "([{" else at + 1
        line_end = text.index("\n", at)
        text = text[:end] + " {" + text[end:line_end] + "\n}" + text[line_end:]
    return text


@rule("A described struct or enum lists all its members, in the order of their declaration.")
def described(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        pattern = r"\bBOOST_DESCRIBE_(STRUCT|CLASS|ENUM)\s*\(\s*(\w+)\s*,?((?:[^()]|\([^()]*\))*)\)"
        for match in re.finditer(pattern, source.uncommented):
            if "#" in source.uncommented[source.uncommented.rfind("\n", 0, match.start()) + 1 : match.start()]:
                continue
            line = source.line(match.start())
            declared = source.enumerators(match[2]) if match[1] == "ENUM" else source.struct_fields(match[2])
            if declared is None:
                yield Finding(source.path, line, f"{match[2]} is described away from its declaration")
                continue
            groups = [match[3]] if match[1] == "ENUM" else re.findall(r"\(([^()]*)\)", match[3])[1:]
            listed = [word for group in groups for word in re.findall(r"\w+", group)]
            if listed != declared[1]:
                wanted = ", ".join(declared[1])
                yield Finding(source.path, line, f"{match[2]} declares ({wanted}), described is ({', '.join(listed)})")


@rule("What crosses a border is described: every struct with data and every enum in api, events and config headers.")
def undescribed(tree: Tree) -> Iterator[Finding]:
    for source in tree.headers():
        if not re.fullmatch(r"services/\w+/((\w+/)?api|events|config)\.hpp", source.path):
            continue
        for line, match in source.find(r"^(?:struct|enum class) (\w+)[^;{]*\{"):
            has_data = source.enumerators(match[1]) or (source.struct_fields(match[1]) or (0, []))[1]
            if has_data and not re.search(rf"\bBOOST_DESCRIBE_(STRUCT|ENUM)\s*\(\s*{match[1]}\b", source.code):
                yield Finding(source.path, line, f"{match[1]} is not described")


@rule("A service holds events, errors, config, service and its ports; a feature holds model, api, store, handlers, "
      "reactions and saga.")
def service_layout(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        parts = source.path.split("/")
        if parts[0] != "services":
            continue
        stem = re.sub(r"(_test)?\.[ch]pp$", "", parts[-1])
        test = is_test(source.path)
        if len(parts) == 3:
            known = stem in SERVICE_FILES or test
        elif len(parts) == 4:
            known = stem in FEATURE_FILES or (test and stem == "feature")
        else:
            known = len(parts) == 5 and parts[3] in FEATURE_FILES
        if not known:
            yield Finding(source.path, 1, "not one of the names that every service shares (CONTRIBUTING.md)")


@rule("A test file opens with a comment: what is at stake, how it is tested.")
def test_opening(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.ending("_test.cpp", "_test.py"):
        if not re.match(r'(#![^\n]*\n)?(//|"""|# )', text):
            yield Finding(path, 1, "open with what is at stake and how it is tested")


@rule("Files end in a newline, and no line ends in a blank or holds a tab.")
def whitespace(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.ending(*CODE, ".md", ".json", ".txt", ".yml"):
        if text and not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "no newline at the end")
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip() or "\t" in line:
                yield Finding(path, number, "a blank at the end of the line, or a tab")
