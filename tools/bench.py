"""Measures the embedded shop, beside the floor it stands on (nginx answering the same bytes; the disk's fsync), and the
split shop beside the embedded one.

    ./dev bench                  everything, some minutes
    ./dev bench --quick          the same in short, to try it
    ./dev bench --only NAME      one of: start, pages, login, checkout, split

The server has one core for itself and the load another; the shop is the release build on a data directory of its own
below build/, with every commit fsynced. Each figure is the median of several rounds. CPU is what the server's process
took per request: the figure that a busy machine disturbs least. Ends with 1 where any answer was not what it should be.
docs/performance.md says how to read it.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from demo import PASSWORD, Client
from split_shop import SplitShop

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/release/backline"
LOAD = ROOT / "build/release/load"
CUSTOMERS = (1, 8, 32)
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
ACCOUNT = {"email": "customer@example.com", "password": PASSWORD}

REPORT_LUA = """
done = function(summary, latency)
    local e = summary.errors
    io.write(string.format("REPORT %d %d %d %d %d\\n", summary.duration, summary.requests,
        e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"""


def pinned(core: int) -> dict:
    """For `subprocess`: everything that this process starts stays on that core."""
    return {"preexec_fn": lambda: os.sched_setaffinity(0, {core})}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Round:
    """What one run of load came to. Latencies are of whole pieces of work: a request, or a checkout."""

    done: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


@dataclass
class Table:
    """Rows as they come; printed under each other."""

    rows: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        print(f"\n{text}")
        columns = f"{'customers':>9}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU us each':>13}{'(least)':>9}"
        print(f"  {'':<30}{columns}", flush=True)

    def add(self, work: str, customers: int, rounds: list[Round], *, may_refuse: bool = False) -> None:
        median = {name: statistics.median(getattr(each, name) for each in rounds) for name in Round.__annotations__}
        line = f"  {work:<30}{customers:>9}{median['per_second']:>12,.0f}{median['p50_ms']:>9.2f}"
        line += f"{median['p99_ms']:>9.2f}{median['cpu_us']:>13,.1f}{min(each.cpu_us for each in rounds):>9,.1f}"
        failed = sum(each.failed for each in rounds)
        if failed:
            line += f"  {failed} refused or failed"
        if failed and not may_refuse:
            self.failures.append(f"{work}, {customers} customers: {failed} answers were not what they should be")
        print(line, flush=True)


class Server:
    """A process on the server's core, and what it costs."""

    def __init__(self, command: list[str], **how):
        self.process = subprocess.Popen(command, **pinned(SERVER_CORE), **how)

    def cpu_us(self) -> float:
        """What all its threads have spent so far; a thread that ended takes its share with it."""
        total = 0
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
        return total / 1000

    def memory_mib(self) -> tuple[float, float]:
        """PSS and RSS."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return tuple(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) / 1024 for name in ("Pss", "Rss"))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Shop(Server):
    def __init__(self, data: Path):
        self.port, operator_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [str(PROGRAM), "serve", "--demo", "--data", str(data)]
        command += ["--port", str(self.port), "--operator-port", str(operator_port)]
        begun = time.monotonic()
        super().__init__(command, stdout=subprocess.DEVNULL)
        self.visitor = Client(self.url)
        self.first_answer_ms = self.wait_for_answer(begun)

    def wait_for_answer(self, begun: float) -> float:
        while time.monotonic() < begun + 60:
            with contextlib.suppress(OSError):
                self.visitor.ask("GET", "/v1/products?limit=1")
                return (time.monotonic() - begun) * 1000
            if self.process.poll() is not None:
                break
            time.sleep(0.001)
        raise RuntimeError("the shop did not start")


def stock_up(shop: Shop | SplitShop) -> list[str]:
    """So that nobody finds a shelf empty; answers the SKUs."""
    staff = shop.visitor.log_in("staff@example.com")
    skus = [item["sku"] for item in staff.ask("GET", "/v1/stock?limit=100")["items"]]
    for sku in skus:
        goods = {"location": "main", "quantity": 1_000_000, "reason": "received"}
        staff.ask("POST", f"/v1/stock/{sku}/adjustments", goods, key=f"stock-up-{sku}")
    return skus


def product_path(shop: Shop | SplitShop) -> str:
    row = shop.visitor.ask("GET", "/v1/products?q=vocal&limit=1")["items"][0]
    return f"/v1/products/{row['id']}"


def body_of(shop: Shop, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read()


@contextlib.contextmanager
def running(server: Server | SplitShop) -> Iterator:
    try:
        yield server
    finally:
        server.stop()


def nginx(folder: Path, page: bytes) -> tuple[Server, str]:
    """One worker that answers `page` from a file and from memory."""
    port = free_port()
    (folder / "page.json").write_bytes(page)
    text = page.decode().replace("\\", "\\\\").replace("'", "\\'")
    if "$" in text:
        raise RuntimeError("nginx cannot return a text with a dollar sign")
    (folder / "nginx.conf").write_text(f"""
        daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 256; }}
        http {{
            access_log off; default_type application/json; keepalive_requests 1000;
            client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
            uwsgi_temp_path {folder}; scgi_temp_path {folder};
            server {{
                listen 127.0.0.1:{port}; root {folder};
                location = /memory {{ return 200 '{text}'; }}
            }}
        }}""")
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    server = Server([program, "-c", f"{folder}/nginx.conf", "-p", str(folder)], stderr=subprocess.DEVNULL)
    return server, f"http://127.0.0.1:{port}"


class Bench:
    def __init__(self, folder: Path, quick: bool):
        self.folder, self.table = folder, Table()
        self.rounds, self.seconds = (1, 1) if quick else (5, 3)

    # --- load ------------------------------------------------------------------------------------------------------

    def wrk(self, server: Server | SplitShop, url: str, customers: int, lua: str = "") -> Round:
        script = self.folder / "wrk.lua"
        script.write_text(lua + REPORT_LUA)
        command = ["wrk", "-t", "1", "-c", str(customers), "-d", str(self.seconds), "-s", str(script), url]
        before = server.cpu_us()
        text = subprocess.run(command, capture_output=True, text=True, check=True, **pinned(LOAD_CORE)).stdout
        spent = server.cpu_us() - before
        took_us, requests, failed, p50, p99 = map(int, re.search(r"REPORT (.*)", text)[1].split())
        done = requests - failed
        return Round(done, failed, done * 1e6 / took_us, p50 / 1000, p99 / 1000, spent / max(1, done))

    def buy(self, shop: Shop | SplitShop, skus: list[str], customers: int, times: int = 1) -> Round:
        """`times` as long as other works."""
        seconds = str(self.seconds * times)
        command = [str(LOAD), "--port", str(shop.port), "--customers", str(customers), "--seconds", seconds]
        command += [word for sku in skus for word in ("--sku", sku)]
        before = shop.cpu_us()
        text = subprocess.run(command, capture_output=True, text=True, **pinned(LOAD_CORE)).stdout
        spent = shop.cpu_us() - before
        report = json.loads(text)
        failed = sum(error["count"] for error in report["errors"])
        self.table.failures += [f"{error['what']} ({error['count']} times)" for error in report["errors"]]
        placed, rate = report["placed"], report["orders_per_second"]
        return Round(placed, failed, rate, report["p50_us"] / 1000, report["p99_us"] / 1000, spent / max(1, placed))

    # --- what is measured ------------------------------------------------------------------------------------------

    def start(self) -> None:
        first, later, memory = [], [], []
        for number in range(self.rounds):
            data = self.folder / f"start-{number}"
            with running(Shop(data)) as shop:
                first.append(shop.first_answer_ms)
            with running(Shop(data)) as shop:
                later.append(shop.first_answer_ms)
                time.sleep(1)
                memory.append(shop.memory_mib())
        print("\nFrom start to first answer, with the sample store")
        print(f"  first start, filling the store {statistics.median(first):>10,.0f} ms")
        print(f"  later start                    {statistics.median(later):>10,.0f} ms")
        self.show_memory("Memory of all services, idle", sorted(memory)[len(memory) // 2])

    @staticmethod
    def show_memory(text: str, memory: tuple[float, float]) -> None:
        print(f"\n{text}: PSS {memory[0]:.1f} MiB, RSS {memory[1]:.1f} MiB", flush=True)

    def pages(self) -> None:
        with running(Shop(self.folder / "pages")) as shop:
            path = product_path(shop)
            page = body_of(shop, path)
            floor, floor_url = nginx(self.folder, page)
            with running(floor):
                works = {
                    "product page": (shop, shop.url + path),
                    "product list, 20 of 24": (shop, shop.url + "/v1/products"),
                    "nginx, page from memory": (floor, floor_url + "/memory"),
                    "nginx, page from a file": (floor, floor_url + "/page.json"),
                }
                self.table.heading(f"Reading, anonymous ({len(page):,} bytes a page)")
                for customers in CUSTOMERS:
                    self.add_each(works, customers, lambda work: self.wrk(*works[work], customers))

    def login(self) -> None:
        lua = f"""
            wrk.method, wrk.body = "POST", '{json.dumps(ACCOUNT)}'
            wrk.headers["Content-Type"] = "application/json"
        """
        with running(Shop(self.folder / "login")) as shop:
            self.table.heading("Logging in (Argon2id, one thread), and what it does to others")
            url = shop.url + "/v1/sessions"
            for customers in CUSTOMERS:
                rounds = [self.wrk(shop, url, customers, lua) for _ in range(self.rounds)]
                self.table.add("login", customers, rounds, may_refuse=True)
            page = shop.url + "/v1/categories"
            calm = [self.wrk(shop, page, 8) for _ in range(self.rounds)]
            self.table.add("categories, calm", 8, calm)
            script = self.folder / "flood.lua"
            script.write_text(lua)
            command = ["wrk", "-t", "1", "-c", "32", "-d", "600", "-s", str(script), url]
            flood = subprocess.Popen(command, stdout=subprocess.DEVNULL, **pinned(LOAD_CORE))
            try:
                flooded = [self.wrk(shop, page, 8) for _ in range(self.rounds)]
            finally:
                flood.kill()
                flood.wait()
            self.table.add("categories, login flood of 32", 8, flooded)

    def checkout(self) -> None:
        data = self.folder / "checkout"
        with running(Shop(data)) as shop:
            skus = stock_up(shop)
            self.table.heading("Whole checkouts, all durable: cart, line, address, order with payment, confirmed")
            placed = 0
            for customers in CUSTOMERS:
                rounds = [self.buy(shop, skus, customers) for _ in range(self.rounds)]
                placed += sum(each.done for each in rounds)
                self.table.add("checkout", customers, rounds)
            self.check_orders(shop, placed)
            self.show_memory(f"Memory after {placed:,} orders", shop.memory_mib())
        with running(Shop(data)) as shop:
            print(f"\nFrom start to first answer, with these orders: {shop.first_answer_ms:,.0f} ms")

    def split(self) -> None:
        """Both shops side by side, each loaded while the other has nothing to do."""
        embedded = running(Shop(self.folder / "embedded"))
        with embedded as one, running(SplitShop(self.folder / "split", PROGRAM, SERVER_CORE)) as split:
            shops = {"embedded": one, "split": split}
            pages = {f"product page, {name}": (shop, shop.url + product_path(shop)) for name, shop in shops.items()}
            checkouts = {f"checkout, {name}": (shop, stock_up(shop)) for name, shop in shops.items()}
            placed = dict.fromkeys(checkouts, 0)
            self.table.heading("The split shop beside the embedded one, both on one core with all their engines")
            for customers in CUSTOMERS:
                self.add_each(pages, customers, lambda work: self.wrk(*pages[work], customers))
            for customers in CUSTOMERS:
                buy = lambda work: self.buy(*checkouts[work], customers, times=3)  # One of them takes a second.
                for work, rounds in self.add_each(checkouts, customers, buy).items():
                    placed[work] += sum(each.done for each in rounds)
            for work, (shop, _) in checkouts.items():
                self.check_orders(shop, placed[work])
                self.show_memory(f"Memory after {work}, engines included", shop.memory_mib())

    def add_each(self, works: Iterable[str], customers: int, load: Callable[[str], Round]) -> dict:
        """A row for each; the works of one round follow each other, so that a disturbance meets all of them."""
        rounds = {work: [] for work in works}
        for _ in range(self.rounds):
            for work in works:
                rounds[work].append(load(work))
        for work, results in rounds.items():
            self.table.add(work, customers, results)
        return rounds

    def check_orders(self, shop: Shop | SplitShop, placed: int) -> None:
        """Everything that was placed is confirmed, and nothing else is there."""
        staff, counts = shop.visitor.log_in("staff@example.com"), {}
        statuses = ("placing", "authorising", "committing", "capturing", "confirmed")
        for status in (*statuses, "cancelling", "releasing", "cancelled", "rejected"):
            after, counts[status] = "", 0
            while after is not None:
                page = staff.ask("GET", f"/v1/orders?status={status}&limit=100{after}")
                counts[status] += len(page["items"])
                after = f"&after={page['next']}" if page.get("next") else None
        counts = {status: count for status, count in counts.items() if count}
        print(f"  {placed:,} orders placed; as the shop has them: {counts}")
        if counts != {"confirmed": placed}:
            self.table.failures.append(f"{placed} orders were placed, but the shop has {counts}")


def fsync_latency(folder: Path) -> tuple[float, float]:
    """Of 4 KiB appended and fdatasynced: median and p99 in milliseconds."""
    took = []
    with open(folder / "fsync", "wb", buffering=0) as file:
        for _ in range(300):
            file.write(b"x" * 4096)
            begun = time.monotonic()
            os.fdatasync(file.fileno())
            took.append((time.monotonic() - begun) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


def describe_machine(folder: Path) -> None:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip() or "unknown"
    median, p99 = fsync_latency(folder)
    print(f"commit   {commit}")
    print(f"machine  {model[1] if model else platform.machine()}, {len(CORES)} cores, Linux {platform.release()}")
    print(f"disk     fdatasync of 4 KiB: median {median:.2f} ms, p99 {p99:.2f} ms")
    print(f"cores    the server's is {SERVER_CORE}, the load's {LOAD_CORE}")
    print(f"load     {os.getloadavg()[0]:.2f} before", flush=True)


def main() -> int:
    works = ("start", "pages", "login", "checkout", "split")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round of each")
    parser.add_argument("--only", choices=works, help="measure this alone")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        describe_machine(Path(folder))
        bench = Bench(Path(folder), options.quick)
        for work in [options.only] if options.only else works:
            getattr(bench, work)()
        print(f"\nload     {os.getloadavg()[0]:.2f} after")
    for failure in bench.table.failures:
        print(f"bench: {failure}", file=sys.stderr)
    return 1 if bench.table.failures else 0


if __name__ == "__main__":
    sys.exit(main())
