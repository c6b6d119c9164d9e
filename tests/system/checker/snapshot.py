"""Everything that a shop tells about itself and that others tell about it, at one moment, in one file."""

import dataclasses
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shop import Shop

ORDER_STATUSES = [
    "placing", "authorising", "committing", "capturing", "confirmed",
    "cancelling", "releasing", "cancelled", "rejected",
]
MAILS_MAX = 1000  # What the mailbox keeps.
# Replicas keep answers and take turns; so often each is asked, so that all of them are heard.
READINGS = 4
LINES_MAX = 100  # Of a cart.
COUNTERS_PAGE = 1000


@dataclass
class Snapshot:
    """As the API gives it, by id. Only an order's `number` and the like are what they are called there."""

    orders: dict[str, dict] = field(default_factory=dict)
    stock: dict[str, dict] = field(default_factory=dict)  # By SKU.
    movements: dict[str, list[dict]] = field(default_factory=dict)  # By SKU, in the order of their numbers.
    payments: dict[str, dict] = field(default_factory=dict)
    transactions: dict[str, list[dict]] = field(default_factory=dict)  # By payment.
    refunds: dict[str, dict] = field(default_factory=dict)  # Of those that the provider was asked for.
    provider: list[dict] = field(default_factory=list)  # The provider's own rows.
    messages: list[dict] = field(default_factory=list)
    mails: list[dict] = field(default_factory=list)  # Newest first.
    users: dict[str, dict] = field(default_factory=dict)
    products: dict[str, list[dict]] = field(default_factory=dict)  # Read several times.
    quotes: dict[str, list[int]] = field(default_factory=dict)  # By SKU: what a cart says that it costs.
    lags: dict[str, dict] = field(default_factory=dict)  # By the operators' address.
    parked: list[dict] = field(default_factory=list)
    counters: dict[str, dict] = field(default_factory=dict)  # By `orders.orders/ord_...`: how far a document has come.

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1))

    @staticmethod
    def read(path: Path) -> "Snapshot":
        return Snapshot(**json.loads(path.read_text()))

    def variants(self) -> dict[str, dict]:
        """By SKU, as the first reading of its product has it."""
        return {variant["sku"]: variant for views in self.products.values() for variant in views[0]["variants"]}


def by_id(rows, name: str = "id") -> dict[str, dict]:
    return {row[name]: row for row in rows}


def collect_stock(staff: Shop) -> Snapshot:
    """The part that a later check wants to know from before."""
    stock = by_id(staff.pages("/v1/stock"), "sku")
    return Snapshot(stock=stock, movements={sku: list(staff.pages(f"/v1/stock/{sku}/movements")) for sku in stock})


def collect(staff: Shop, visitor: Shop, operators: dict[str, Shop]) -> Snapshot:
    """What an administrator, a passer-by and the operators see. `visitor` has not said who it is."""
    now = collect_stock(staff)
    for status in ORDER_STATUSES:
        now.orders |= by_id(staff.pages(f"/v1/orders?status={status}"))
    now.payments = by_id(staff.pages("/v1/payments"))
    now.transactions = {payment: list(staff.pages(f"/v1/payments/{payment}/transactions")) for payment in now.payments}
    now.provider = provider_rows(visitor)
    now.refunds = refunds(staff, now.provider)
    now.messages = list(staff.pages("/v1/notifications"))
    now.mails = visitor.get(f"/v1/mailbox?limit={MAILS_MAX}")["mails"]
    now.users = by_id(staff.pages("/v1/users"))
    read_shelves(visitor, now)
    now.lags = {address: operator.get("/events/lag") for address, operator in operators.items()}
    now.parked = [each for operator in operators.values() for each in operator.get("/events/parked")["parked"]]
    now.counters = counters(list(operators.values()))
    return now


def counters(operators: list[Shop]) -> dict[str, dict]:
    """Of every document, from whoever keeps its collection. A shop from before there were such routes has none."""
    owners = {name: operator for operator in operators
              for name in (operator.get("/collections") or {"collections": []})["collections"]}
    return {f"{name}/{row['id']}": row for name, operator in owners.items() for row in rows_of(operator, name)}


def rows_of(operator: Shop, collection: str) -> Iterator[dict]:
    start = f"/collections/{collection}/counters?limit={COUNTERS_PAGE}"
    page = operator.get(start)
    while page:
        yield from page["counters"]
        after = urllib.parse.quote(page.get("next") or "", safe="")
        page = operator.get(f"{start}&after={after}") if after else None


def read_shelves(visitor: Shop, now: Snapshot) -> None:
    """What passers-by are shown, which may be a little old at first."""
    for row in visitor.pages("/v1/products"):
        now.products[row["id"]] = [visitor.get(f"/v1/products/{row['id']}") for _ in range(READINGS)]
    now.quotes = quotes(visitor, [sku for sku, variant in now.variants().items() if variant["sellable"]])


def provider_rows(visitor: Shop) -> list[dict]:
    rows: list[dict] = []
    while page := visitor.get(f"/v1/sandbox/ledger?after={rows[-1]['number'] if rows else 0}")["rows"]:
        rows += page
    return rows


def refunds(staff: Shop, rows: list[dict]) -> dict[str, dict]:
    asked = {row["refund"]: row["payment"] for row in rows if row["operation"] == "refund"}
    states = {refund: staff.get(f"/v1/payments/{payment}/refunds/{refund}") for refund, payment in asked.items()}
    return {refund: state for refund, state in states.items() if state}


def quotes(visitor: Shop, skus: list[str]) -> dict[str, list[int]]:
    """The prices that orders knows. They show in carts only, so the visitor fills some, which are never placed."""
    visitor.begin_as_guest()
    told: dict[str, list[int]] = {}
    for start in range(0, len(skus), LINES_MAX):
        cart = f"/v1/carts/{visitor.ask('POST', '/v1/carts')['id']}"
        for sku in skus[start:start + LINES_MAX]:
            visitor.ask("PUT", f"{cart}/lines/{sku}", {"quantity": 1})
        for line in (line for _ in range(READINGS) for line in visitor.get(cart)["lines"]):
            told.setdefault(line["sku"], []).append(line["unit_price"]["amount"] if "unit_price" in line else -1)
    return told

