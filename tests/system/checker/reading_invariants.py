"""Invariants 37 to 41: who may read what, and that all of them read the same."""

from collections.abc import Iterator

from evidence import Evidence, invariant

SHOWN_MAX = 10  # Ten stands for ten or more.


@invariant(37)
def who_has_logged_out_stays_out(seen: Evidence) -> Iterator[str]:
    for session, answers in seen.journal.logged_out.items():
        for what, status in answers.items():
            if status < 300:
                yield f"a {what} of session {session} was answered {status} after its log-out"


@invariant(38)
def nobody_sees_what_is_somebody_elses(seen: Evidence) -> Iterator[str]:
    for attempt in seen.journal.intrusions:
        if attempt["status"] != 404:
            yield f"{attempt['customer']} asked for {attempt['order']} of somebody else and got {attempt['status']}"


@invariant(39)
def versions_never_go_back(seen: Evidence) -> Iterator[str]:
    for order, versions in seen.journal.versions.items():
        if versions != sorted(versions):
            yield f"the customer of order {order} saw its versions {versions}"
        if order in seen.now.orders and seen.now.orders[order]["version"] < max(versions, default=0):
            yield f"order {order} was seen at version {max(versions)} and is now at {seen.now.orders[order]['version']}"


@invariant(41)
def copies_agree_with_their_owner(seen: Evidence) -> Iterator[str]:
    variants = seen.now.variants()
    for product, views in seen.now.products.items():
        for variant in (variant for view in views for variant in view["variants"]):
            sku, stock = variant["sku"], seen.now.stock.get(variant["sku"], {"available": 0})
            if variant["available"] != min(stock["available"], SHOWN_MAX):
                yield f"{sku} has {stock['available']}, the catalog shows {variant['available']}"
        if any(view["version"] != views[0]["version"] for view in views):
            yield f"product {product} is shown in versions {[view['version'] for view in views]}"
    for sku, prices in seen.now.quotes.items():
        right = variants[sku]["price"]["amount"]
        if any(price != right for price in prices):
            yield f"{sku} costs {right}, a cart says {prices}"
