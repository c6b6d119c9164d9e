"""The gateway's configuration: which service answers which path. nginx reads it; any other gateway does the same.

    python3 deploy/local/gateway.py > deploy/nginx.conf    what compose.yaml's gateway reads
"""

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


# Docker tells where the replicas of a name are; a second later the gateway knows of one that came or went.
CONTAINERS = """# Made by deploy/local/gateway.py, which a test holds it to.
worker_processes auto;
error_log stderr;
events {{}}
http {{
    access_log off;
    resolver 127.0.0.11 valid=1s ipv6=off;
{server}    server {{
        listen 8080;{headers}{locations}    }}
}}
"""


def container_conf() -> str:
    """The whole configuration of a gateway among containers, where every service has a name. A variable in `proxy_pass`
    makes nginx ask for the name's addresses again and again, not once when it starts."""
    owners = {**SERVICES, "sandbox": SANDBOX}
    paths = [(path, name) for name, owned in owners.items() for path in owned]
    locations = "".join(
        f"        location {path} {{ set $replicas {name}:8080; proxy_pass http://$replicas; }}\n"
        for path, name in paths
    )
    return CONTAINERS.format(server=SERVER.lstrip("\n"), headers=HEADERS, locations=locations)


if __name__ == "__main__":
    print(container_conf(), end="")
