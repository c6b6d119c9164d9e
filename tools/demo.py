"""Drives a shop through its main job over HTTP and prints each step; exits non-zero at the first surprise.

    ./dev demo               on a temporary shop of its own
    ./dev demo --url URL     on a running one (started with --demo)

May be run again on the same shop, and beside others who buy other goods.
"""

import argparse
import http.client
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "backline demo 2026"
SIGNS = {"capture": 1, "refund": -1}
ORDER_SECONDS_MAX = 120
MAIL_SECONDS_MAX = 20
STOCK_SECONDS_MAX = 5
STOCK = {"main": 24, "depot": 12}


class Surprise(Exception):
    """The shop did something else than it should."""


class Client:
    """One person's requests. Whoever gets no answer, or is told to come again, asks again for `patience` seconds."""

    def __init__(self, url: str, token: str | None = None, patience: float = 0):
        self.url, self.token, self.patience = url, token, patience

    def ask(self, method: str, path: str, body=None, expect=(200, 201, 202, 204), key: str | None = None):
        deadline = time.monotonic() + self.patience
        while True:
            status, text = self.once(method, path, body, key)
            if status <= 500 or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        if status not in expect:
            raise Surprise(f"{method} {path} answered {status}: {text.decode()}")
        return json.loads(text) if text else None

    def once(self, method: str, path: str, body, key: str | None) -> tuple[int, bytes]:
        """Whoever does not answer has answered 599."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with opened(request) as answer:
                return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as cut:
            return 599, repr(cut).encode()

    def log_in(self, email: str, password: str = PASSWORD) -> "Client":
        tokens = self.ask("POST", "/v1/sessions", {"email": email, "password": password})
        return Client(self.url, tokens["access_token"], self.patience)


def opened(request: urllib.request.Request):
    """The answer, which may be a refusal."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(request, timeout=40)
    except urllib.error.HTTPError as refusal:
        return refusal


def money(amount: dict) -> str:
    return f"{amount['amount'] / 100:,.2f} {amount['currency']}"


def payment_of(order: dict) -> str:
    return "pay_" + order["id"].removeprefix("ord_")


def say(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def show(text: str) -> None:
    print(f"   {text}", flush=True)


def check(holds: bool, sentence: str) -> None:
    if not holds:
        raise Surprise(sentence)


class Demo:
    def __init__(self, url: str, patience: float):
        self.visitor = Client(url, patience=patience)
        self.staff = self.visitor.log_in("staff@example.com")
        self.email = f"grace-{uuid.uuid4().hex[:8]}@example.com"
        self.customer = self.visitor

    def stock(self, sku: str) -> dict[str, int]:
        view = self.staff.ask("GET", f"/v1/stock/{sku}")
        return {level["location"]: level["on_hand"] for level in view["levels"]}

    def stock_of(self, sku: str, units: int) -> dict[str, int]:
        """When there are so many of it, over all locations: a sale takes them off the shelf as it is confirmed, or,
        where a process dies over it, soon after."""
        deadline = time.monotonic() + STOCK_SECONDS_MAX + self.staff.patience
        while sum((stock := self.stock(sku)).values()) != units:
            check(time.monotonic() < deadline, f"stock of {sku} is {stock}, which are not {units}")
            time.sleep(0.1)
        return stock

    def taken(self, order: dict) -> int:
        """By the provider, for this order."""
        rows, after = [], 0
        while page := self.visitor.ask("GET", f"/v1/sandbox/ledger?after={after}")["rows"]:
            rows += [row for row in page if row["payment"] == payment_of(order) and row["ok"]]
            after = page[-1]["number"]
        return sum(SIGNS.get(row["operation"], 0) * row["amount"]["amount"] for row in rows)

    def receive(self, sku: str, wanted: dict[str, int]) -> None:
        """Fills each location up to what is wanted there."""
        there = self.stock(sku)
        for location, units in wanted.items():
            if (missing := units - there.get(location, 0)) > 0:
                body = {"location": location, "quantity": missing, "reason": "received"}
                self.staff.ask("POST", f"/v1/stock/{sku}/adjustments", body, key=uuid.uuid4().hex)

    def register(self) -> None:
        say("A customer registers and logs in")
        password = "seventeen tall amplifiers"
        # 409: she is, and the answer that said so was lost.
        expect = (201, 409) if self.visitor.patience else (201,)
        body = {"email": self.email, "password": password, "name": "Grace Demo"}
        self.visitor.ask("POST", "/v1/users", body, expect)
        self.customer = self.visitor.log_in(self.email, password)
        user = self.customer.ask("GET", "/v1/me")
        show(f"{user['email']} is {user['id']}")

    def browse(self) -> None:
        say("The shop window")
        for row in self.customer.ask("GET", "/v1/products?sort=price_descending&limit=5")["items"]:
            show(f"{row['name']:<36} from {money(row['price_from'])}")
        row = self.customer.ask("GET", "/v1/products?q=vocal&limit=1")["items"][0]
        product = self.visitor.ask("GET", f"/v1/products/{row['id']}")
        show(f"-- {product['name']}: {product['description']}")
        for variant in product["variants"]:
            show(f"   {variant['sku']:<14} {money(variant['price'])}, {variant['available']} or more there")

    def cart(self, lines: dict[str, int]) -> dict:
        cart = self.customer.ask("POST", "/v1/carts")
        for sku, quantity in lines.items():
            self.customer.ask("PUT", f"/v1/carts/{cart['id']}/lines/{sku}", {"quantity": quantity})
        address = {"name": "Grace Demo", "street": "Stage Road 1", "postal_code": "10115"}
        address |= {"city": "Berlin", "country": "DE"}
        return self.customer.ask("PUT", f"/v1/carts/{cart['id']}/shipping_address", address)

    def place(self, cart: dict, token: str) -> dict:
        body = {"cart": cart["id"], "payment_token": token}
        return self.customer.ask("POST", "/v1/orders", body, key=uuid.uuid4().hex)

    def order(self, lines: dict[str, int], token: str, until: str) -> dict:
        """Placed, and followed to its end. A shop that is broken meanwhile gives an order up rather than keep money
        that it knows nothing of; whoever is patient then places it again."""
        deadline = time.monotonic() + self.customer.patience
        while True:
            cart = self.cart(lines)
            show(f"cart total {money(cart['totals']['total'])}")
            order = self.place(cart, token)
            show(f"order {order['number']} is {order['status']}")
            view = self.follow(order["id"], {until, "rejected"})
            given_up = view["status"] == "rejected" and view["reason"].endswith("_unresolved")
            if not given_up or time.monotonic() > deadline:
                check(view["status"] == until, f"order {order['id']} came to {view['status']}, not {until}")
                return view
            check(self.taken(view) == 0, "an order that was given up keeps no money")

    def follow(self, order: str, until: set[str]) -> dict:
        seen, version, deadline = [], 0, time.monotonic() + ORDER_SECONDS_MAX + self.customer.patience
        while time.monotonic() < deadline:
            view = self.customer.ask("GET", f"/v1/orders/{order}?wait=5&after_version={version}")
            version = view["version"]
            for entry in view["history"][len(seen):]:
                seen.append(entry["status"])
                show(f"{entry['at']}  {entry['status']}")
            if view["status"] in until:
                return view
        raise Surprise(f"order {order} did not come to {' or '.join(sorted(until))}")

    def mails(self, expected: str) -> None:
        deadline = time.monotonic() + MAIL_SECONDS_MAX + self.visitor.patience
        while time.monotonic() < deadline:
            mails = self.visitor.ask("GET", f"/v1/mailbox?to={self.email}")["mails"]
            if any(expected in mail["subject"] for mail in mails):
                show(f"mail: {next(mail['subject'] for mail in mails if expected in mail['subject'])}")
                return
            time.sleep(0.1)
        raise Surprise(f"no mail about '{expected}' came")

    def buy(self) -> dict:
        say("Three products, paid for")
        lines = {"MIC-V58": 2, "CBL-XLR-5": 4, "SPK-ARENA12A": 30}
        for sku in lines:
            self.receive(sku, STOCK)
        before = {sku: self.stock(sku) for sku in lines}
        view = self.order(lines, "tok_ok", "confirmed")
        after = {sku: self.stock_of(sku, sum(before[sku].values()) - lines[sku]) for sku in lines}
        for sku in lines:
            show(f"stock of {sku}: {before[sku]} -> {after[sku]}")
        speakers, now = before["SPK-ARENA12A"], after["SPK-ARENA12A"]
        fell = [place for place in speakers if now[place] < speakers[place]]
        check(len(fell) == 2, "thirty speakers come from two locations")
        check(self.taken(view) == view["totals"]["total"]["amount"], "the provider took the total once")
        self.mails("is confirmed")
        return view

    def declined(self) -> None:
        say("A card that is declined")
        self.receive("MIC-D6", STOCK)
        before = self.stock("MIC-D6")
        view = self.order({"MIC-D6": 1}, "tok_declined", "rejected")
        show(f"reason: {view['reason']} ({view['decline_reason']})")
        check(self.stock_of("MIC-D6", sum(before.values())) == before, "a declined order keeps no stock")
        self.mails("could not be completed")

    def timed_out(self) -> None:
        say("A payment that times out after charging: asked about, never charged twice")
        self.receive("MIC-C4-PAIR", STOCK)
        view = self.order({"MIC-C4-PAIR": 1}, "tok_timeout_after_charge", "confirmed")
        check(self.taken(view) == view["totals"]["total"]["amount"], "charged exactly once")
        show(f"charged exactly once: {money(view['totals']['total'])}")

    def cancelled(self) -> None:
        say("The customer cancels a confirmed order")
        self.receive("LGT-PAR64", STOCK)
        before = self.stock("LGT-PAR64")
        order = self.order({"LGT-PAR64": 4}, "tok_ok", "confirmed")
        show(f"stock {before} -> {self.stock_of('LGT-PAR64', sum(before.values()) - 4)}")
        # 409: it is under way, and the answer that said so was lost.
        expect = (200, 202, 409) if self.customer.patience else (200, 202)
        self.customer.ask("POST", f"/v1/orders/{order['id']}/cancel", expect=expect)
        view = self.follow(order["id"], {"cancelled"})
        after = self.stock_of("LGT-PAR64", sum(before.values()))
        show(f"refunded {money(view['refunded'])}; stock is {after} again")
        check(after == before and self.taken(view) == 0, "nothing is kept")
        self.mails("is cancelled")

    def refunded(self, order: dict) -> None:
        say("Staff refund a part, and put one returned unit back on the shelf")
        taken, before = self.taken(order), self.stock("MIC-V58")
        body = {"amount": {"amount": 9900, "currency": "EUR"}, "reason": "one microphone returned"}
        refund = self.staff.ask("POST", f"/v1/payments/{payment_of(order)}/refunds", body, key=uuid.uuid4().hex)
        show(f"refund {refund['id']} of {money(refund['amount'])}")
        self.mails("We have refunded")
        check(taken - self.taken(order) == 9900, "99.00 EUR went back")
        check(self.stock("MIC-V58") == before, "a refund alone moves no stock")
        body = {"location": "main", "quantity": 1, "reason": "returned", "reference": order["id"]}
        self.staff.ask("POST", "/v1/stock/MIC-V58/adjustments", body, key=uuid.uuid4().hex)
        show(f"stock of MIC-V58: {before} -> {self.stock('MIC-V58')}")

    def run(self) -> None:
        self.register()
        self.browse()
        order = self.buy()
        self.declined()
        self.timed_out()
        self.cancelled()
        self.refunded(order)
        say("All as it should be.")


class OwnShop:
    """A temporary shop on free ports, gone afterwards."""

    def __init__(self, program: str):
        self.data = tempfile.TemporaryDirectory(prefix="backline-demo-")
        command = [program, "serve", "--demo", "--data", self.data.name, "--port", "0", "--operator-port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise Surprise("the shop did not start")
        self.url = line.split()[2]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=30)
        self.data.cleanup()
        if status != 0:
            raise Surprise(f"the shop ended with status {status}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running shop, started with --demo")
    parser.add_argument("--patience", type=float, default=0, help="for how many seconds to ask a shop that is away")
    parser.add_argument("--program", default=str(ROOT / "build/release/backline"))
    options = parser.parse_args()
    shop = None
    try:
        shop = None if options.url else OwnShop(options.program)
        Demo(options.url or shop.url, options.patience).run()
        if shop:
            shop.stop()
        return 0
    except Surprise as surprise:
        print(f"\ndemo: {surprise}", file=sys.stderr)
        if shop:
            shop.process.kill()
        return 1


if __name__ == "__main__":
    sys.exit(main())
