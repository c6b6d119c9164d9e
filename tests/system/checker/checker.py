#!/usr/bin/env python3
"""Holds a shop that has come to rest to its invariants (docs/guide/invariants.md), seen from outside.

    checker.py --url URL [--operators URL,...] [--journal FILE] [--events FILE] [--stock-before FILE] ...
    checker.py --url URL --write-stock FILE     what a later check reads as --stock-before
    checker.py --url URL [--operators URL,...] --wait      returns when a check may begin
    checker.py --read-snapshot FILE [...]       a snapshot of earlier instead of a shop

Waits until nothing is under way, reads everything over HTTP, and prints one line for each finding. Exit status: 0 if
there is none, 1 if there are some, 2 if the shop cannot be read.
"""

import argparse
import sys
import time
from pathlib import Path

import told
from evidence import INVARIANTS, Evidence
from invariants import check
from journal import Journal
from quiescence import Watch
from shop import DEMO_PASSWORD, Shop, Unreadable
from snapshot import Snapshot, collect, collect_stock, read_shelves

CONVERGENCE_SECONDS = 2  # So old may an answer be that somebody has kept.


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="the shop's address, or its gateway's")
    source.add_argument("--read-snapshot", type=Path)
    parser.add_argument("--operators", default="", help="every process's operator address, separated by commas")
    parser.add_argument("--journal", type=Path, help="what the clients were told")
    parser.add_argument("--events", type=Path, help="what a witness on the bus has heard since before the shop began: "
                        "an event in each line, all that there were when the shop had come to rest")
    parser.add_argument("--stock-before", type=Path, help="the stock as it was before they came")
    parser.add_argument("--snapshot", type=Path, help="write down what was read, for a person or for another check")
    parser.add_argument("--write-stock", type=Path, help="write the stock down and check nothing")
    parser.add_argument("--wait", action="store_true", help="wait until nothing is under way and check nothing")
    parser.add_argument("--email", default="admin@example.com", help="an administrator's account")
    parser.add_argument("--password", default=DEMO_PASSWORD)
    parser.add_argument("--patience", type=float, default=90, help="seconds until the shop must be at rest")
    parser.add_argument("--mails-under-way", action="store_true",
                        help="do not wait for mails: one whose sender was killed goes out again after a minute")
    return parser.parse_args()


def administrator(options: argparse.Namespace) -> Shop:
    staff = Shop(options.url)
    staff.log_in(options.email, options.password)
    return staff


def operators_of(options: argparse.Namespace) -> dict[str, Shop]:
    return {address: Shop(address) for address in filter(None, options.operators.split(","))}


def wait(options: argparse.Namespace, journal: Journal) -> tuple[Shop, dict[str, Shop]]:
    """Answers whom it asked. What goes on for too long is seen by the invariants themselves."""
    staff, operators = administrator(options), operators_of(options)
    watch = Watch(staff, operators, journal.promised_refunds(), not options.mails_under_way)
    if under_way := watch.until_quiet(options.patience):
        print(f"checker: after {options.patience:g} s {under_way}", file=sys.stderr)
    return staff, operators


def look(options: argparse.Namespace, journal: Journal) -> Snapshot:
    if options.read_snapshot:
        return Snapshot.read(options.read_snapshot)
    visitor, (staff, operators) = Shop(options.url), wait(options, journal)
    until = time.monotonic() + CONVERGENCE_SECONDS
    now = collect(staff, visitor, operators)
    while any(INVARIANTS[41](Evidence(now))) and time.monotonic() < until:
        time.sleep(0.1)
        read_shelves(visitor, now)
    return now


def main() -> int:
    options = arguments()
    journal = Journal.read(options.journal) if options.journal else Journal()
    try:
        if options.write_stock:
            collect_stock(administrator(options)).write(options.write_stock)
            return 0
        if options.wait:
            wait(options, journal)
            return 0
        now = look(options, journal)
    except Unreadable as failure:
        print(f"checker: {failure}", file=sys.stderr)
        return 2
    if options.snapshot:
        now.write(options.snapshot)
    before = Snapshot.read(options.stock_before) if options.stock_before else None
    events = told.read(options.events) if options.events else None
    findings = check(Evidence(now, journal, before, options.mails_under_way, events))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
