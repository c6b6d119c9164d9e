"""Who may include whom. Dependencies run one way: apps -> adapters -> platform, apps -> services -> platform."""

import re
from collections.abc import Iterator

from tidy_rules.core import Finding, Tree, is_test, rule, under
from tidy_rules.cpp import Cpp

# What each folder of platform/ stands on, beside itself; CMakeLists.txt links the same.
PLATFORM = {
    "base": set(),
    "schema": {"base"},
    "async": {"base"},
    "store": {"base", "schema", "async"},
    "bus": {"base", "schema", "async", "store"},
    "cache": {"base", "schema", "async"},
    "security": {"base", "schema", "async"},
    "observe": {"base"},
    "http": {"base", "schema", "async", "security", "observe"},
    "render": {"base"},
    "service": {"base", "schema", "async", "store", "bus", "cache", "security", "observe", "http"},
}

# Ports that a service declares for the outside; an adapter may include these and nothing else of a service.
SERVICE_PORTS = r"services/\w+/(provider|mailer|texter|identity_provider)\.hpp"

# What a service tells the world: the one header that other services may include.
EVENTS = r"services/\w+/events\.hpp"

# Where a vendor's headers may be included, by the longest prefix that fits. The empty home is everywhere.
EVERYWHERE = ("",)
ADAPTERS = ("adapters/",)
VENDORS = {
    "boost/describe": EVERYWHERE,
    "boost/mp11": ("platform/base/", "platform/schema/"),
    "boost/json": ("platform/schema/", "adapters/mongo/"),
    "boost/asio": ("platform/http/", "adapters/"),
    "boost/beast": ("platform/http/",),
    "boost/system": ("platform/http/", "adapters/"),
    "fmt/": EVERYWHERE,
    "sqlite3.h": ("adapters/sqlite/", "adapters/sandbox_pay/"),
    "xxhash.h": ("adapters/sqlite/",),
    "mongoc/": ("adapters/mongo/",),
    "bson/": ("adapters/mongo/",),
    "amqp": ("adapters/rabbitmq/",),
    "rabbitmq-c/": ("adapters/rabbitmq/",),
    "hiredis/": ("adapters/redis/",),
    "sodium": ("platform/security/",),
    "rhonabwy.h": ("platform/security/",),
    "jansson.h": ("platform/security/",),
    "openssl/": ("platform/security/",),
    "curl/": ADAPTERS,
    "spdlog/": ("platform/observe/",),
    "prometheus/": ("platform/observe/",),
    "kainjow/": ("platform/render/",),
    "CLI/": ("apps/", "tests/load/"),
    "toml++/": ("apps/",),
    "gtest/": ("tests/",),
    "gmock/": ("tests/",),
    "rapidcheck": ("tests/",),
    "benchmark/": ("tests/",),
}
POSIX = re.compile(r"(sys|arpa|netinet|linux)/\w+\.h|(unistd|fcntl|signal|poll|netdb|dirent|pthread|spawn|termios)\.h")
POSIX_HOMES = ("adapters/", "apps/", "tests/")
TEST_VENDORS = ("gtest/", "gmock/", "rapidcheck")
PURE = ("boost/describe",)


def folder(path: str) -> str:
    """`platform/base` of `platform/base/time.hpp`."""
    return "/".join(path.split("/")[:2])


def allowed_project_include(path: str, name: str) -> bool:
    top = path.split("/")[0]
    test = is_test(path)
    if top == "tests":
        return True
    if folder(name) == folder(path) or (test and name.startswith(("adapters/", "tests/"))):
        return True
    if top == "platform":
        own = folder(path).removeprefix("platform/")
        return name.startswith("platform/") and name.split("/")[1] in PLATFORM.get(own, set())
    if top == "adapters":
        return name.startswith("platform/") or re.fullmatch(SERVICE_PORTS, name) is not None
    if top == "services":
        return name.startswith("platform/") or re.fullmatch(EVENTS, name) is not None
    return top == "apps"


@rule("Includes follow the layers: platform below adapters and services, and of another service only events.hpp.")
def layers(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for include in source.includes:
            if include.quoted and not allowed_project_include(source.path, include.name):
                yield Finding(source.path, include.line, f"{folder(source.path)} may not include {include.name}")


@rule("Project headers are included by their full path, in quotes, and exist.")
def include_paths(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for include in source.includes:
            exists = include.name in tree.files
            if include.quoted and not exists:
                yield Finding(source.path, include.line, f'no file "{include.name}"; write its path from the top')
            if not include.quoted and exists:
                yield Finding(source.path, include.line, f'write "{include.name}" in quotes')


def vendor_homes(name: str) -> tuple[str, ...] | None:
    known = [prefix for prefix in VENDORS if name.startswith(prefix)]
    if known:
        return VENDORS[max(known, key=len)]
    return POSIX_HOMES if POSIX.fullmatch(name) else None


@rule("A vendor's headers stay in the one folder that wraps the vendor; an unlisted vendor is refused.")
def vendors(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        for include in source.includes:
            name = include.name
            if include.quoted or re.fullmatch(r"[a-z0-9_]+", name) or name in tree.files:
                continue
            if is_test(source.path) and name.startswith(TEST_VENDORS):
                continue
            homes = vendor_homes(name)
            if homes is None:
                yield Finding(source.path, include.line, f"<{name}> is no known vendor; see tools/tidy_rules/layers.py")
            elif not under(source.path, homes):
                yield Finding(source.path, include.line, f"<{name}> belongs in {', '.join(homes)}")


def impure(source: Cpp, allowed: str) -> Iterator[Finding]:
    """Includes of a pure file that are neither standard, Describe, platform/base nor match `allowed`."""
    for include in source.includes:
        name = include.name
        pure = re.fullmatch(r"[a-z0-9_]+", name) or name.startswith(PURE) if not include.quoted else (
            name.startswith("platform/base/") or re.fullmatch(allowed, name)
        )
        if not pure:
            yield Finding(source.path, include.line, f"a pure file may not include {name}")


@rule("model and saga are pure: standard headers, platform/base, Describe, events, own api, errors, config, models.")
def pure_models(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        match = re.match(r"services/(\w+)/\w+/(?:(?:model|saga)\.[ch]pp|(?:model|saga)/)", source.path)
        if match and not is_test(source.path):
            own = rf"services/{match[1]}"
            models = rf"{own}/\w+/(api|model|saga)\.hpp|{own}/\w+/(model|saga)/\w+\.hpp"
            yield from impure(source, rf"{EVENTS}|{own}/(errors|config)\.hpp|{models}")


@rule("api, events, errors and config headers include only standard headers, platform/base, Describe and events.")
def lean_headers(tree: Tree) -> Iterator[Finding]:
    for source in tree.headers():
        match = re.fullmatch(r"services/(\w+)/((\w+/)?api|events|errors|config)\.hpp", source.path)
        if match:
            yield from impure(source, rf"{EVENTS}|services/{match[1]}/(\w+/)?api\.hpp")


@rule("Within a feature, handlers and reactions know the store and the model, never the other way round.")
def feature_order(tree: Tree) -> Iterator[Finding]:
    for source in tree.cpp:
        if re.fullmatch(r"services/\w+/\w+/store\.[ch]pp", source.path):
            for include in source.includes:
                if re.search(r"/(handlers|reactions)\.hpp$|/service\.hpp$", include.name):
                    yield Finding(source.path, include.line, f"store may not include {include.name}")
