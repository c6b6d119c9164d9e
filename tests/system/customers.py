"""People who use a shop from many sides at once, while it is broken on purpose, and who write down what they were told.

Customers are guests who fill a cart and place it: with cards that are declined or slow, twice with one key, from two
tabs, with second thoughts. Now and then they ask for somebody else's order, or log out and try to come back. One member
of the staff receives goods, gives money back and changes prices. And where that is wished, the demo runs beside them,
again and again.
"""

import json
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "checker"))

from journal import Journal

# Not what the demo buys, which counts its stock while these people buy.
SKUS = ["MIC-V58-3", "CBL-XLR-3", "LGT-PAR64-W", "TRS-290-1M", "MIX-MINI12", "CSE-MIX32"]
TOKENS = ["tok_ok"] * 6 + ["tok_declined", "tok_twice", "tok_timeout_after_charge", "tok_timeout_before_charge"]
ENDED = {"confirmed", "rejected", "cancelled"}
PASSWORD = "backline demo 2026"
ADDRESS = {"name": "G", "street": "S 1", "postal_code": "1", "city": "C", "country": "DE"}
INSIST_SECONDS_MAX = 120
WATCH_SECONDS_MAX = 5
DEMO = Path(__file__).resolve().parents[2] / "tools/demo.py"
RESTOCKED_BELOW = 20


class Unanswered(Exception):
    """The shop is down, or went down over this request, or asks to come again."""


@dataclass
class Answer:
    status: int
    text: str

    def json(self):
        return json.loads(self.text)


class Client:
    """One person's requests. A patient one asks again until there is an answer; another takes none for a failure."""

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __init__(self, url: str, patient: bool = True):
        self.url, self.patient, self.token = url, patient, None

    def once(self, method: str, path: str, body=None, **headers: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = json.dumps(body).encode() if body is not None else None
        try:
            request = urllib.request.Request(self.url + path, data, headers, method=method)
            with self.opened(request) as answer:
                status, text = answer.status, answer.read().decode(errors="replace")
        except Exception as cut:  # Nobody listens, or http.client's own exceptions for an answer that was cut off.
            raise Unanswered(repr(cut)) from cut
        assert status != 500, f"{method} {path} answered 500: {text}"
        if status > 500:
            raise Unanswered(f"{status} {text}")
        return Answer(status, text)

    def opened(self, request: urllib.request.Request):
        """The answer, which may be a refusal."""
        try:
            return self.opener.open(request, timeout=35)
        except urllib.error.HTTPError as refusal:
            return refusal

    def insist(self, method: str, path: str, body=None, also: tuple[int, ...] = (), **headers: str) -> Answer:
        """A success, or one of the refusals in `also`; anything else fails the test."""
        deadline = time.monotonic() + INSIST_SECONDS_MAX
        while True:
            try:
                answer = self.once(method, path, body, **headers)
                assert answer.status < 300 or answer.status in also, (
                    f"{method} {path} answered {answer.status}: {answer.text}"
                )
                return answer
            except Unanswered as why:
                if not self.patient or time.monotonic() > deadline:
                    raise AssertionError(f"{method} {path} got no answer: {why}") from why
                time.sleep(0.02)

    def log_in(self, email: str) -> None:
        self.token = self.insist("POST", "/v1/sessions", {"email": email, "password": PASSWORD}).json()["access_token"]


@dataclass
class Guest:
    """A customer on one visit."""

    client: Client
    id: str
    session: str
    refresh_token: str


class Customers:
    """Threads that buy, one that is the staff, and what all of them were told. `start` and `stop` it again and again:
    the journal goes on."""

    def __init__(self, url: str, count: int, seed: int, purchases_per_second: float | None = None, demo: bool = False):
        self.url, self.count, self.seed, self.demo = url, count, seed, demo
        self.pause = count / purchases_per_second if purchases_per_second else 0.0
        self.journal = Journal()
        self.acknowledged: dict[str, Guest] = {}
        self.confirmed: list[str] = []
        self.gone: list[Guest] = []  # Who has logged out.
        self.patient = True
        self.in_flight = self.watched = 0
        self.acknowledged_at = 0.0
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []
        self.rounds = self.demos = 0

    # --- from the test's side ----------------------------------------------------------------------------------

    def start(self, patient: bool = True) -> None:
        self.patient = patient
        self.rounds += 1
        self.failures.clear()
        self.stopping.clear()
        works = [(self.shop_around, number) for number in range(self.count)] + [(self.serve, self.count)]
        if self.demo and patient:
            works.append((self.demonstrate, self.count + 1))
        self.threads = [threading.Thread(target=self.work, args=work) for work in works]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Raises what went wrong with any of them."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    def under_way(self) -> str:
        """What a fault would hit right now; nothing if it would hit nothing."""
        with self.lock:
            young = time.monotonic() - self.acknowledged_at < 0.03
            if self.in_flight or self.watched or young:
                return f"{self.in_flight} placements in flight, {self.watched} open orders watched, young one: {young}"
            return ""

    def come_back(self, seconds: float) -> None:
        """In a shop at rest: whoever has logged out shows the old access token. All may take a moment to hear of it."""
        deadline = time.monotonic() + seconds
        for guest in self.gone:
            while (status := self.visit(guest)) < 300 and time.monotonic() < deadline:
                time.sleep(0.1)
            self.journal.logged_out[guest.session]["visit"] = status
        self.gone.clear()

    def visit(self, guest: Guest) -> int:
        """The kindest answer that an old access token gets."""
        return min(guest.client.insist("GET", path, also=(401,)).status for path in ("/v1/me", "/v1/orders"))

    # --- a thread's work ---------------------------------------------------------------------------------------

    def work(self, what, number: int) -> None:
        chance = random.Random((self.seed * 1000 + self.rounds) * 1000 + number)
        try:
            what(chance)
        except Exception as failure:
            self.failures.append(repr(failure))

    def shop_around(self, chance: random.Random) -> None:
        while not self.stopping.is_set():
            began = time.monotonic()
            self.buy(chance)
            left = began + self.pause * chance.uniform(0.5, 1.5) - time.monotonic()
            if left > 0:
                self.stopping.wait(left)

    def demonstrate(self, _: random.Random) -> None:
        while not self.stopping.is_set():
            command = [sys.executable, str(DEMO), "--url", self.url, "--patience", str(INSIST_SECONDS_MAX)]
            demo = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            assert demo.returncode == 0, demo.stdout
            self.demos += 1

    def client(self) -> Client:
        return Client(self.url, self.patient)

    def guest(self) -> Guest:
        client = self.client()
        tokens = client.insist("POST", "/v1/sessions/guest").json()
        client.token = tokens["access_token"]
        email = f"guest-{uuid.uuid4().hex[:8]}@example.com"
        client.insist("PUT", "/v1/me", {"name": "Guest", "email": email})
        self.journal.addresses[tokens["customer"]] = email
        return Guest(client, tokens["customer"], tokens["session"], tokens["refresh_token"])

    def buy(self, chance: random.Random) -> None:
        guest = self.guest()
        cart = guest.client.insist("POST", "/v1/carts").json()["id"]
        lines = {sku: chance.randint(1, 2) for sku in chance.sample(SKUS, 2)}
        for sku, quantity in lines.items():
            guest.client.insist("PUT", f"/v1/carts/{cart}/lines/{sku}", {"quantity": quantity})
        guest.client.insist("PUT", f"/v1/carts/{cart}/shipping_address", ADDRESS)
        placement = {"customer": guest.id, "cart": cart, "lines": lines, "answers": []}
        body = {"cart": cart, "payment_token": chance.choice(TOKENS)}
        order = self.place(guest, placement, body, chance)
        if not order:
            return
        if chance.random() < 0.3:
            self.watch(guest, order, cancels=chance.random() < 0.4)
        if chance.random() < 0.3 and not self.refresh(guest):
            return
        if chance.random() < 0.1:
            self.intrude(guest, chance)
        if chance.random() < 0.15:
            self.log_out(guest)

    def place(self, guest: Guest, placement: dict, body: dict, chance: random.Random) -> str:
        """The order, if it was taken. Some customers press the button twice, some have two tabs open."""
        keys = [uuid.uuid4().hex]
        if chance.random() < 0.15:
            keys.append(chance.choice([keys[0], uuid.uuid4().hex]))
        for key in keys:
            self.journal.placements.setdefault(key, {**placement, "answers": []})
        others = [threading.Thread(target=self.submit, args=(guest, key, body)) for key in keys[1:]]
        for other in others:
            other.start()
        order = self.submit(guest, keys[0], body)
        for other in others:
            other.join()
        return order

    def submit(self, guest: Guest, key: str, body: dict) -> str:
        with self.lock:
            self.in_flight += 1
        try:
            answer = guest.client.insist("POST", "/v1/orders", body, also=(409,), Idempotency_Key=key)
        except AssertionError as failure:
            self.failures.append(str(failure))
            return ""
        finally:
            with self.lock:
                self.in_flight -= 1
        self.journal.placements[key]["answers"].append({"status": answer.status, "body": answer.text})
        if answer.status == 409:
            return ""
        with self.lock:
            self.acknowledged[answer.json()["id"]] = guest
            self.acknowledged_at = time.monotonic()
        return answer.json()["id"]

    def watch(self, guest: Guest, order: str, cancels: bool) -> None:
        """Until it has come to its end, or for some time, or the shop closes. Some change their mind."""
        versions = self.journal.versions.setdefault(order, [])
        until = time.monotonic() + WATCH_SECONDS_MAX
        with self.lock:
            self.watched += 1
        try:
            while not self.stopping.is_set() and time.monotonic() < until:
                after = versions[-1] if versions else 0
                view = guest.client.insist("GET", f"/v1/orders/{order}?wait=1&after_version={after}").json()
                versions.append(view["version"])
                if cancels:
                    guest.client.insist("POST", f"/v1/orders/{order}/cancel", also=(409,))
                    cancels = False
                elif view["status"] in ENDED:
                    self.confirmed += [order] if view["status"] == "confirmed" else []
                    return
        finally:
            with self.lock:
                self.watched -= 1

    def refresh(self, guest: Guest) -> bool:
        """Whether the guest is still somebody. Of a refresh whose answer is lost nobody knows whether its token is used
        up, and to use it again would end the session."""
        try:
            answer = guest.client.once("POST", "/v1/sessions/refresh", {"refresh_token": guest.refresh_token})
        except Unanswered as why:
            assert guest.client.patient, f"a refresh got no answer: {why}"
            return False
        assert answer.status == 200, f"a refresh was answered {answer.status}: {answer.text}"
        guest.client.token, guest.refresh_token = (answer.json()[name] for name in ("access_token", "refresh_token"))
        return True

    def intrude(self, guest: Guest, chance: random.Random) -> None:
        with self.lock:
            others = [order for order, owner in self.acknowledged.items() if owner.id != guest.id]
        if others:
            order = chance.choice(others)
            status = guest.client.insist("GET", f"/v1/orders/{order}", also=(403, 404)).status
            self.journal.intrusions.append({"customer": guest.id, "order": order, "status": status})

    def log_out(self, guest: Guest) -> None:
        """Whoever is out already, since the first answer was lost, is told 401."""
        guest.client.insist("DELETE", "/v1/sessions/current", also=(401,))
        body = {"refresh_token": guest.refresh_token}
        again = guest.client.insist("POST", "/v1/sessions/refresh", body, also=(401,))
        self.journal.logged_out[guest.session] = {"refresh": again.status}
        self.gone.append(guest)

    # --- the staff ---------------------------------------------------------------------------------------------

    def serve(self, chance: random.Random) -> None:
        staff = self.client()
        staff.log_in("staff@example.com")
        products = {}
        for row in staff.insist("GET", "/v1/products?limit=100").json()["items"]:
            for variant in staff.insist("GET", f"/v1/products/{row['id']}").json()["variants"]:
                products[variant["sku"]] = row["id"]
                self.journal.prices.setdefault(variant["sku"], []).append(variant["price"]["amount"])
        while not self.stopping.wait(0.3):
            self.restock(staff, chance.choice(SKUS), chance)
            if chance.random() < 0.3:
                self.change_price(staff, products[chance.choice(SKUS)])
            if self.confirmed and chance.random() < 0.5:
                self.refund(staff, chance.choice(self.confirmed))

    def restock(self, staff: Client, sku: str, chance: random.Random) -> None:
        low = staff.insist("GET", f"/v1/stock/{sku}").json()["available"] < RESTOCKED_BELOW
        quantity, reason = (50, "received") if low else (chance.choice([-1, 1]), "counted")
        key = uuid.uuid4().hex
        attempt = self.journal.adjustments[key] = {"sku": sku, "quantity": quantity, "answers": []}
        body = {"location": "main", "quantity": quantity, "reason": reason, "reference": key}
        answer = staff.insist("POST", f"/v1/stock/{sku}/adjustments", body, also=(409,), Idempotency_Key=key)
        attempt["answers"].append({"status": answer.status, "body": answer.text})

    def change_price(self, staff: Client, product: str) -> None:
        view = staff.insist("GET", f"/v1/products/{product}").json()
        fields = ("slug", "name", "description", "category", "status", "variants", "attributes")
        body = {name: view[name] for name in fields}
        for variant in body["variants"]:
            del variant["available"]
            variant["price"]["amount"] += 1
            self.journal.prices[variant["sku"]].append(variant["price"]["amount"])
        # 412: the first attempt was done, and its answer lost.
        staff.insist("PUT", f"/v1/products/{product}", body, also=(412,), If_Match=f'"{view["version"]}"')

    def refund(self, staff: Client, order: str) -> None:
        key, payment = uuid.uuid4().hex, "pay_" + order.removeprefix("ord_")
        attempt = self.journal.refunds[key] = {"payment": payment, "amount": 100, "answers": []}
        body = {"amount": {"amount": 100, "currency": "EUR"}, "reason": "a dent"}
        answer = staff.insist("POST", f"/v1/payments/{payment}/refunds", body, also=(409,), Idempotency_Key=key)
        attempt["answers"].append({"status": answer.status, "body": answer.text})
