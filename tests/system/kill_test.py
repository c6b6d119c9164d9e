"""At stake: an acknowledged order that a crash loses, an order that is stuck, money or stock that does not add up.

Tested on the real program: customers buy in parallel while it is killed with SIGKILL at random moments and started
again on the same data. At the end everything that was acknowledged must be there, every order must have come to its
end, and stock and money must agree with the orders and with the sandbox provider's own books.

    python3 tests/system/kill_test.py PROGRAM [--kills 50] [--seed 1]
"""

import argparse
import collections
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

SKUS = ["MIC-V58", "CBL-XLR-5", "LGT-PAR64", "TRS-290-1M", "MIC-D6", "CSE-MIX32"]
TOKENS = ["tok_ok"] * 6 + ["tok_declined", "tok_twice", "tok_timeout_after_charge", "tok_timeout_before_charge"]
ENDED = {"confirmed", "rejected", "cancelled"}
PASSWORD = "backline demo 2026"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Shop:
    """The program on one data directory, killed and started again."""

    def __init__(self, program: str, data: str):
        self.ports = free_port(), free_port()
        self.command = [program, "serve", "--demo", "--data", data]
        self.command += ["--port", str(self.ports[0]), "--operator-port", str(self.ports[1])]
        self.url = f"http://127.0.0.1:{self.ports[0]}"
        self.operator_url = f"http://127.0.0.1:{self.ports[1]}"
        self.process = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("Backline serves"), f"the shop did not start again: {line!r}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        return status


class Unanswered(Exception):
    """The shop is down, or went down over this request, or asks to come again."""


class Client:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __init__(self, url: str):
        self.url, self.token = url, None

    def once(self, method: str, path: str, body=None, key=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if body is not None else None
        try:
            request = urllib.request.Request(self.url + path, data, headers, method=method)
            with self.opener.open(request, timeout=15) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            text = refusal.read()
            if refusal.code == 500:
                raise AssertionError(f"{method} {path} answered 500: {text!r}") from refusal
            if refusal.code > 500:
                raise Unanswered from refusal
            return refusal.code, json.loads(text)
        except (OSError, ValueError) as down:
            raise Unanswered from down
        except Exception as cut:  # http.client's own exceptions for an answer that was cut off
            raise Unanswered from cut

    def insist(self, method: str, path: str, body=None, key=None):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                return self.once(method, path, body, key)
            except Unanswered:
                time.sleep(0.02)
        raise AssertionError(f"{method} {path} got no answer for two minutes")


class Customers:
    """Threads that buy, and what they were told."""

    def __init__(self, shop: Shop, count: int, seed: int):
        self.shop, self.seed = shop, seed
        self.acknowledged: dict[str, dict] = {}
        self.in_flight = 0
        self.acknowledged_at = 0.0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.failures: list[str] = []
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(count)]

    def at_work(self) -> bool:
        """A placement is in flight, or an order so young that its saga is: a kill now hits something."""
        with self.lock:
            return self.in_flight > 0 or time.monotonic() - self.acknowledged_at < 0.03

    def run(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)
        try:
            while not self.stopping.is_set():
                self.buy(chance)
        except AssertionError as failure:
            self.failures.append(str(failure))

    def buy(self, chance: random.Random) -> None:
        client = Client(self.shop.url)
        client.token = client.insist("POST", "/v1/sessions/guest")[1]["access_token"]
        client.insist("PUT", "/v1/me", {"name": "Guest", "email": f"guest-{uuid.uuid4().hex[:8]}@example.com"})
        _, cart = client.insist("POST", "/v1/carts")
        for sku in chance.sample(SKUS, 2):
            client.insist("PUT", f"/v1/carts/{cart['id']}/lines/{sku}", {"quantity": chance.randint(1, 2)})
        address = {"name": "G", "street": "S 1", "postal_code": "1", "city": "C", "country": "DE"}
        client.insist("PUT", f"/v1/carts/{cart['id']}/shipping_address", address)
        with self.lock:
            self.in_flight += 1
        body = {"cart": cart["id"], "payment_token": chance.choice(TOKENS)}
        status, placed = client.insist("POST", "/v1/orders", body, key=uuid.uuid4().hex)
        with self.lock:
            self.in_flight -= 1
            if status == 201:
                self.acknowledged[placed["id"]] = placed
                self.acknowledged_at = time.monotonic()
        if status not in (201, 409):
            raise AssertionError(f"placing answered {status}: {placed}")


def pages(client: Client, path: str):
    after = ""
    while True:
        _, page = client.insist("GET", f"{path}{'&' if '?' in path else '?'}limit=100{after}")
        yield from page["items"]
        if not page.get("next"):
            return
        after = f"&after={page['next']}"


def wait_for_the_end(staff: Client, acknowledged: dict, patience: float) -> dict:
    orders, deadline = {}, time.monotonic() + patience
    open_orders = set(acknowledged)
    while open_orders and time.monotonic() < deadline:
        for order in list(open_orders):
            status, view = staff.insist("GET", f"/v1/orders/{order}")
            assert status == 200, f"acknowledged order {order} is lost"
            orders[order] = view
            if view["status"] in ENDED:
                open_orders.discard(order)
        time.sleep(0.2)
    stuck = [f"{order} {orders[order]['status']}" for order in open_orders]
    assert not stuck, f"stuck orders: {stuck}"
    return orders


def check_books(visitor: Client, orders: dict) -> None:
    rows, after = [], 0
    while page := visitor.insist("GET", f"/v1/sandbox/ledger?after={after}")[1]["rows"]:
        rows += page
        after = page[-1]["number"]
    kept, captures = collections.Counter(), collections.Counter()
    for row in rows:
        order = "ord_" + row["payment"].removeprefix("pay_")
        if row["ok"] and row["operation"] in ("capture", "refund"):
            captures[order] += row["operation"] == "capture"
            kept[order] += row["amount"]["amount"] * (1 if row["operation"] == "capture" else -1)
    assert all(count <= 1 for count in captures.values()), "an order was captured twice"
    for order, view in orders.items():
        right = view["totals"]["total"]["amount"] if view["status"] == "confirmed" else 0
        assert kept[order] == right, f"{order} is {view['status']}, the provider keeps {kept[order]}, not {right}"
    assert not set(kept) - set(orders), "the provider keeps money of nobody's order"


def on_hand(staff: Client, sku: str) -> int:
    return sum(level["on_hand"] for level in staff.insist("GET", f"/v1/stock/{sku}")[1]["levels"])


def check_stock(staff: Client, start: dict, orders: dict) -> None:
    sold = collections.Counter()
    for view in orders.values():
        if view["status"] == "confirmed":
            for line in view["lines"]:
                sold[line["sku"]] += line["quantity"]
    for sku in SKUS:
        _, view = staff.insist("GET", f"/v1/stock/{sku}")
        left = sum(level["on_hand"] for level in view["levels"])
        claimed = sum(level["claimed"] for level in view["levels"])
        assert claimed == 0, f"{sku} is still claimed {claimed} times"
        assert left == start[sku] - sold[sku], f"{sku}: {start[sku]} - {sold[sku]} sold, but {left} left"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="backline-kill-") as data:
        shop = Shop(options.program, data)
        shop.start()
        staff = Client(shop.url)
        login = {"email": "staff@example.com", "password": PASSWORD}
        staff.token = staff.insist("POST", "/v1/sessions", login)[1]["access_token"]
        start = {sku: on_hand(staff, sku) for sku in SKUS}
        customers = Customers(shop, 6, options.seed)
        for thread in customers.threads:
            thread.start()
        hits = 0
        for _ in range(options.kills):
            time.sleep(chance.uniform(0.05, 0.6))
            hits += customers.at_work()
            shop.kill()
            shop.start()
        customers.stopping.set()
        for thread in customers.threads:
            thread.join()
        assert not customers.failures, customers.failures
        staff.token = staff.insist("POST", "/v1/sessions", login)[1]["access_token"]
        orders = {view["id"]: view for status in ENDED for view in pages(staff, f"/v1/orders?status={status}")}
        orders |= wait_for_the_end(staff, customers.acknowledged, 120)
        deadline = time.monotonic() + 30
        operators = Client(shop.operator_url)
        while operators.insist("GET", "/events/lag")[1]["backlog"] and time.monotonic() < deadline:
            time.sleep(0.1)
        parked = operators.insist("GET", "/events/parked")[1]["parked"]
        assert not parked, f"parked: {parked[:3]}"
        orders |= {view["id"]: view for status in ENDED for view in pages(staff, f"/v1/orders?status={status}")}
        check_books(staff, orders)
        check_stock(staff, start, orders)
        assert shop.stop() == 0
    states = dict(collections.Counter(view["status"] for view in orders.values()))
    acknowledged = len(customers.acknowledged)
    print(f"{options.kills} kills, {hits} of them over work; {acknowledged} orders acknowledged: {states}")
    assert hits * 2 >= options.kills, "most kills hit nothing"
    return 0


if __name__ == "__main__":
    sys.exit(main())
