"""Drives a shop through its main job over HTTP and prints each step; exits non-zero at the first surprise.

    ./dev demo               on a temporary shop of its own
    ./dev demo --url URL     on a running one (started with --demo)
"""

import argparse
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


class Surprise(Exception):
    """The shop did something else than it should."""


class Client:
    """One person's requests."""

    def __init__(self, url: str, token: str | None = None):
        self.url, self.token = url, token

    def ask(self, method: str, path: str, body=None, expect=(200, 201, 202, 204), key: str | None = None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=40) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
        if status not in expect:
            raise Surprise(f"{method} {path} answered {status}: {text.decode()}")
        return json.loads(text) if text else None

    def log_in(self, email: str, password: str = PASSWORD) -> "Client":
        tokens = self.ask("POST", "/v1/sessions", {"email": email, "password": password})
        return Client(self.url, tokens["access_token"])


def money(amount: dict) -> str:
    return f"{amount['amount'] / 100:,.2f} {amount['currency']}"


def say(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def show(text: str) -> None:
    print(f"   {text}", flush=True)


def check(holds: bool, sentence: str) -> None:
    if not holds:
        raise Surprise(sentence)


class Demo:
    def __init__(self, url: str):
        self.visitor = Client(url)
        self.staff = self.visitor.log_in("staff@example.com")
        self.email = f"grace-{uuid.uuid4().hex[:8]}@example.com"
        self.customer = self.visitor

    def stock(self, sku: str) -> dict[str, int]:
        view = self.staff.ask("GET", f"/v1/stock/{sku}")
        return {level["location"]: level["on_hand"] for level in view["levels"]}

    def taken_by_provider(self) -> int:
        rows, after, total = [], 0, 0
        while page := self.visitor.ask("GET", f"/v1/sandbox/ledger?after={after}")["rows"]:
            rows += page
            after = page[-1]["number"]
        for row in rows:
            sign = {"capture": 1, "refund": -1}.get(row["operation"], 0)
            total += sign * row["amount"]["amount"] if row["ok"] else 0
        return total

    def register(self) -> None:
        say("A customer registers and logs in")
        password = "seventeen tall amplifiers"
        user = self.visitor.ask(
            "POST", "/v1/users", {"email": self.email, "password": password, "name": "Grace Demo"}
        )
        show(f"{user['email']} is {user['id']}")
        self.customer = self.visitor.log_in(self.email, password)

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

    def follow(self, order: str, until: tuple[str, ...]) -> dict:
        seen, version, deadline = [], 0, time.monotonic() + 120
        while time.monotonic() < deadline:
            view = self.customer.ask("GET", f"/v1/orders/{order}?wait=5&after_version={version}")
            version = view["version"]
            for entry in view["history"][len(seen):]:
                seen.append(entry["status"])
                show(f"{entry['at']}  {entry['status']}")
            if view["status"] in until:
                return view
        raise Surprise(f"order {order} did not come to {until}")

    def mails(self, expected: str) -> None:
        deadline = time.monotonic() + 20
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
        before = {sku: self.stock(sku) for sku in lines}
        taken = self.taken_by_provider()
        cart = self.cart(lines)
        show(f"cart total {money(cart['totals']['total'])}")
        order = self.place(cart, "tok_ok")
        show(f"order {order['number']} is {order['status']}")
        view = self.follow(order["id"], ("confirmed",))
        for sku, quantity in lines.items():
            after = self.stock(sku)
            show(f"stock of {sku}: {before[sku]} -> {after}")
            check(sum(before[sku].values()) - sum(after.values()) == quantity, f"{sku} did not fall by {quantity}")
        speakers, now = before["SPK-ARENA12A"], self.stock("SPK-ARENA12A")
        fell = [place for place in speakers if now[place] < speakers[place]]
        check(len(fell) == 2, "thirty speakers come from two locations")
        check(self.taken_by_provider() - taken == view["totals"]["total"]["amount"], "the provider took the total once")
        self.mails("is confirmed")
        return view

    def declined(self) -> None:
        say("A card that is declined")
        before = self.stock("MIC-D6")
        order = self.place(self.cart({"MIC-D6": 1}), "tok_declined")
        view = self.follow(order["id"], ("rejected",))
        show(f"reason: {view['reason']} ({view['decline_reason']})")
        check(self.stock("MIC-D6") == before, "a declined order keeps no stock")
        self.mails("could not be completed")

    def timed_out(self) -> None:
        say("A payment that times out after charging: asked about, never charged twice")
        taken = self.taken_by_provider()
        order = self.place(self.cart({"MIC-C4-PAIR": 1}), "tok_timeout_after_charge")
        view = self.follow(order["id"], ("confirmed",))
        check(self.taken_by_provider() - taken == view["totals"]["total"]["amount"], "charged exactly once")
        show(f"charged exactly once: {money(view['totals']['total'])}")

    def cancelled(self) -> None:
        say("The customer cancels a confirmed order")
        before, taken = self.stock("LGT-PAR64"), self.taken_by_provider()
        order = self.place(self.cart({"LGT-PAR64": 4}), "tok_ok")
        self.follow(order["id"], ("confirmed",))
        show(f"stock {before} -> {self.stock('LGT-PAR64')}")
        self.customer.ask("POST", f"/v1/orders/{order['id']}/cancel")
        view = self.follow(order["id"], ("cancelled",))
        show(f"refunded {money(view['refunded'])}; stock is {self.stock('LGT-PAR64')} again")
        check(self.stock("LGT-PAR64") == before and self.taken_by_provider() == taken, "nothing is kept")
        self.mails("is cancelled")

    def refunded(self, order: dict) -> None:
        say("Staff refund a part, and put one returned unit back on the shelf")
        payment = "pay_" + order["id"].removeprefix("ord_")
        taken, before = self.taken_by_provider(), self.stock("MIC-V58")
        body = {"amount": {"amount": 9900, "currency": "EUR"}, "reason": "one microphone returned"}
        refund = self.staff.ask("POST", f"/v1/payments/{payment}/refunds", body, key=uuid.uuid4().hex)
        show(f"refund {refund['id']} of {money(refund['amount'])}")
        self.mails("We have refunded")
        check(taken - self.taken_by_provider() == 9900, "99.00 EUR went back")
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
    parser.add_argument("--program", default=str(ROOT / "build/release/backline"))
    options = parser.parse_args()
    shop = None
    try:
        shop = None if options.url else OwnShop(options.program)
        Demo(options.url or shop.url).run()
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
