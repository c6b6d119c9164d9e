"""Who hears every event of a split shop, by a queue of its own, whatever the subscribers make of it."""

import json
import random
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "servers"))

from rabbitmq import RabbitMq

EXCHANGE, QUEUE = "backline.events", "witness"
BATCH = 500
ATTRIBUTES = {"id", "source", "type", "subject", "sequence", "epoch"}
NUMBERS = {"sequence", "epoch"}


class Witness:
    """Made before the shop's first process, so that it hears all. Its queue outlives the broker's death."""

    def __init__(self, rabbitmq: RabbitMq, file: Path):
        self.rabbitmq, self.file = rabbitmq, file
        self.heard: list[dict] = []  # As they came, copies too.
        file.touch()
        self.rabbitmq.api("PUT", f"/exchanges/%2F/{EXCHANGE}", {"type": "topic", "durable": True})
        self.rabbitmq.api("PUT", f"/queues/%2F/{QUEUE}", {"durable": True})
        self.rabbitmq.api("POST", f"/bindings/%2F/e/{EXCHANGE}/q/{QUEUE}", {"routing_key": "#"})

    def write(self) -> None:
        """What it has heard since the last time goes into its file, a line each."""
        ask = {"count": BATCH, "ackmode": "ack_requeue_false", "encoding": "auto"}
        with self.file.open("a") as file:
            while batch := self.rabbitmq.api("POST", f"/queues/%2F/{QUEUE}/get", ask):
                self.heard += batch
                file.writelines(json.dumps(event_of(message)) + "\n" for message in batch)

    def repeat(self, chance: random.Random, count: int) -> int:
        """Publishes so many events again, in any order; answers how many."""
        again = chance.sample(self.heard, min(count, len(self.heard)))
        for message in again:
            outgoing = {name: message[name] for name in ("properties", "routing_key", "payload", "payload_encoding")}
            answer = self.rabbitmq.api("POST", f"/exchanges/%2F/{EXCHANGE}/publish", outgoing)
            assert answer == {"routed": True}, answer
        return len(again)


def event_of(message: dict) -> dict:
    """A CloudEvent of AMQP's headers, as the checker reads it."""
    headers = message["properties"]["headers"]
    event = {name: headers[f"cloudEvents:{name}"] for name in ATTRIBUTES}
    return event | {name: int(event[name]) for name in NUMBERS} | {"data": json.loads(message["payload"])}
