"""At stake: an acknowledged order that a crash loses, an order that is stuck, money or stock that does not add up.

Tested on the real program: customers buy in parallel while it is killed with SIGKILL at random moments and started
again on the same data. At the end the checker, which knows what the customers were told, must find nothing.

    python3 tests/system/kill_test.py PROGRAM [--kills 50] [--seed 1]
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from customers import Customers
from program import free_port
from siege import Fault, Siege


class Shop:
    """The program on one data directory, killed and started again."""

    def __init__(self, program: str, data: Path):
        ports = free_port(), free_port()
        self.command = [program, "serve", "--demo", "--data", str(data)]
        self.command += ["--port", str(ports[0]), "--operator-port", str(ports[1])]
        self.url, self.operators = (f"http://127.0.0.1:{port}" for port in ports)
        self.process = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("Backline serves"), f"the shop did not start again: {line!r}"

    def kill(self) -> str:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        return "killed"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        return status


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backline-kill-") as folder:
        shop = Shop(options.program, Path(folder) / "data")
        shop.start()
        try:
            siege = Siege(Path(folder), Customers(shop.url, 6, options.seed), [shop.operators], options.seed)
            death = Fault(shop.kill, shop.start, pause=(0.05, 0.6), outage=(0, 0))
            siege.round(death, range(options.kills), "--mails-under-way")
            assert shop.stop() == 0
        finally:
            shop.process.kill()
        hits = siege.hits()
        print(f"{options.kills} kills, {hits} of them over work; {siege.outcome()}")
    assert hits * 2 >= options.kills, "most kills hit nothing"
    return 0


if __name__ == "__main__":
    sys.exit(main())
