"""What a shop told the world: the events that a witness on its bus has heard, in whatever order and number."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def read(path: Path) -> list[dict]:
    """One event in each line, as they came."""
    with path.open() as lines:
        return [json.loads(line) for line in lines if line.strip()]


def name_of(event: dict) -> str:
    """`stock_held` of `backline.inventory.stock_held.v1`."""
    return event["type"].split(".")[2]


def aggregate_of(event: dict) -> str:
    """`orders.orders/ord_...` of `orders.orders/ord_.../3`."""
    return event["id"].rpartition("/")[0]


def newest(events: list[dict]) -> dict:
    return max(events, key=lambda event: (event["epoch"], event["sequence"]))


def order_of(data: dict) -> str | None:
    """Questions and answers name their order in `ref`, news by itself."""
    return data["ref"]["order"] if "ref" in data else data.get("order")


class Told:
    """Every event once, and where to find it."""

    def __init__(self, heard: list[dict]):
        self.events = list({event["id"]: event for event in reversed(heard)}.values())
        self.by_name: dict[str, list[dict]] = defaultdict(list)
        self.by_order: dict[tuple[str, str | None], list[dict]] = defaultdict(list)
        for event in self.events:
            self.by_name[name_of(event)].append(event)
            self.by_order[name_of(event), order_of(event["data"])].append(event)

    def data(self, name: str) -> Iterator[dict]:
        return (event["data"] for event in self.by_name.get(name, []))

    def of_order(self, order: str, *names: str) -> list[dict]:
        """What those of these names say."""
        return [event["data"] for name in names for event in self.by_order.get((name, order), [])]

    def states(self, name: str, key: str) -> dict[str, list[dict]]:
        """By what the key says of whom it is about: all that was told, the newest last."""
        about: dict[str, list[dict]] = defaultdict(list)
        for event in sorted(self.by_name.get(name, []), key=lambda event: (event["epoch"], event["sequence"])):
            about[event["data"][key]].append(event)
        return about
