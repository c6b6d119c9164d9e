"""The checker's own way to a shop: reads over HTTP, nothing else of the project's."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator

DEMO_PASSWORD = "backline demo 2026"
PATIENCE_SECONDS = 30
PAGE = 100


class Unreadable(Exception):
    """The shop does not tell what it is asked."""


class Shop:
    """One address, over one connection that is kept. Asks again while nobody answers, up to a bound."""

    def __init__(self, url: str):
        address = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=35)
        self.headers: dict[str, str] = {}

    def log_in(self, email: str, password: str) -> None:
        tokens = self.ask("POST", "/v1/sessions", {"email": email, "password": password})
        if not tokens:
            raise Unreadable(f"{email} cannot log in")
        self.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    def begin_as_guest(self) -> None:
        self.headers["Authorization"] = f"Bearer {self.ask('POST', '/v1/sessions/guest')['access_token']}"

    def ask(self, method: str, path: str, body=None):
        """The answer's JSON, or None if the shop says that there is no such thing."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, text = self.once(method, path, body)
            if status < 300:
                return json.loads(text or b"null")
            if status in (404, 409):
                return None
            if status < 500 or time.monotonic() > deadline:
                raise Unreadable(f"{method} {path} answered {status}: {text.decode(errors='replace')}")
            time.sleep(0.05)

    def once(self, method: str, path: str, body) -> tuple[int, bytes]:
        """Whoever does not answer has answered 599."""
        data = json.dumps(body) if body is not None else None
        headers = self.headers | ({"Content-Type": "application/json"} if data else {})
        try:
            self.connection.request(method, path, data, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as cut:
            self.connection.close()
            return 599, str(cut).encode()

    def get(self, path: str):
        return self.ask("GET", path)

    def pages(self, path: str) -> Iterator[dict]:
        """Everything that a list holds."""
        start = f"{path}{'&' if '?' in path else '?'}limit={PAGE}"
        page = self.get(start)
        while page:
            yield from page["items"]
            page = self.get(f"{start}&after={page['next']}") if page.get("next") else None
