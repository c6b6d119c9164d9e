"""The gateway's configuration: which service answers which path. nginx reads it; any other gateway does the same."""

SERVICES = {
    "users": ("/v1/sessions", "/v1/users", "/v1/me", "/.well-known/"),
    "catalog": ("/",),  # Also what nobody knows, so that it is refused as everything is.
    "inventory": ("/v1/stock",),
    "orders": ("/v1/carts", "/v1/orders"),
    "payments": ("/v1/payments",),
    "notifications": ("/v1/notifications", "/v1/templates"),
}
SANDBOX = ("/mailbox", "/v1/mailbox", "/v1/sandbox/")

# Limits like the services' own, so that the gateway refuses nothing that they would take. What a client says of its own
# address is dropped. Only requests that may be repeated are repeated: nginx never sends a POST twice.
SERVER = """
    server_tokens off;
    keepalive_timeout 30s;
    client_max_body_size 9m;
    client_header_timeout 5s;
    large_client_header_buffers 4 16k;
    proxy_http_version 1.1;
    proxy_connect_timeout 2s;
    proxy_read_timeout 30s;
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 2;
"""
HEADERS = """
        proxy_set_header Host $http_host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
"""


def upstream(name: str, addresses: list[str]) -> str:
    """Nobody there is an answer too: 502, at once, and not a gateway that does not start."""
    servers = [f"server {address} max_fails=0;" for address in addresses] or ["server 127.0.0.1:9 down;"]
    lines = "".join(f"\n        {line}" for line in [*servers, "keepalive 32;"])
    return f"    upstream {name} {{{lines}\n    }}\n"


def location(path: str, name: str) -> str:
    return f"        location {path} {{ proxy_pass http://{name}; }}\n"


def http_block(listen: str, upstreams: dict[str, list[str]], sandbox: str | None) -> str:
    """What stands in nginx's `http` block. `upstreams`: each service's replicas as `host:port`."""
    paths = [(path, name) for name, owned in SERVICES.items() for path in owned]
    everybody = dict(upstreams)
    if sandbox:
        everybody["sandbox"] = [sandbox]
        paths += [(path, "sandbox") for path in SANDBOX]
    pools = "".join(upstream(name, addresses) for name, addresses in everybody.items())
    locations = "".join(location(path, name) for path, name in paths)
    return f"{SERVER}{pools}    server {{\n        listen {listen};{HEADERS}{locations}    }}\n"
