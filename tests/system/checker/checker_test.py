"""At stake: a checker that finds nothing because it is blind, or that accuses a sound shop.

How: a small sound shop made by hand, and for every invariant ways to break it, one by one. The invariant of that number
must find each; no other may, unless the row says so, since some wrongs show in several places.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import event_violations  # noqa: F401  (they fill the table)
import money_violations  # noqa: F401
import order_violations  # noqa: F401
import snapshot
import sound_shop
import stock_violations  # noqa: F401
import told
from event_invariants import LED_BY
from evidence import INVARIANTS, Evidence
from invariants import check
from journal import Journal
from order_invariants import PATHS
from snapshot import MAILS_MAX, Snapshot
from violations import VIOLATIONS

ROOT = Path(__file__).resolve().parents[3]


class Operator:
    """One process's operator address, with one collection or from before there were such routes."""

    def __init__(self, collection: str | None, pages: dict[str, tuple[list[str], str | None]]):
        self.collection, self.pages, self.asked = collection, pages, 0

    def get(self, path: str) -> dict | None:
        self.asked += 1
        if path == "/collections":
            return {"collections": [self.collection]} if self.collection else None
        ids, after = self.pages[path.removeprefix(f"/collections/{self.collection}/counters?limit=1000")]
        return {"counters": [{"id": id} for id in ids]} | ({"next": after} if after else {})


class CheckerTest(unittest.TestCase):
    def test_a_sound_shop_has_no_findings(self):
        self.assertEqual(check(sound_shop.evidence()), [])

    def test_a_shop_whose_clients_kept_no_journal_has_no_findings(self):
        self.assertEqual(check(Evidence(sound_shop.snapshot())), [])

    def test_a_shop_whose_events_nobody_heard_has_no_findings(self):
        seen = sound_shop.evidence()
        seen.events = None
        self.assertEqual(check(seen), [])
        seen.now.counters = {}
        self.assertEqual(check(seen), [])

    def test_a_shop_that_has_no_counters_to_show_has_no_findings(self):
        seen = sound_shop.evidence()
        seen.now.counters = {}
        self.assertEqual(check(seen), [])

    def test_events_are_sound_in_whatever_order_and_number_they_come(self):
        seen = sound_shop.evidence()
        for seed in range(20):
            chance = random.Random(seed)
            seen.events += chance.sample(seen.events, 10)
            chance.shuffle(seen.events)
            self.assertEqual(check(seen), [])

    def test_no_event_can_be_lost_unseen(self):
        for event in sound_shop.evidence().events:
            seen = sound_shop.evidence()
            event_violations.silence(seen, event["id"])
            self.assertTrue(list(INVARIANTS[26](seen)), event["id"])

    def test_every_violation_is_found_by_its_invariant_and_by_no_other(self):
        for each in VIOLATIONS:
            with self.subTest(f"{each.number}: {each.what}"):
                seen = sound_shop.evidence()
                each.commit(seen)
                finders = {number for number, check_one in INVARIANTS.items() if list(check_one(seen))}
                self.assertEqual(finders, {each.number} | each.also)

    def test_every_invariant_has_a_violation(self):
        self.assertEqual({each.number for each in VIOLATIONS}, set(INVARIANTS))

    def test_every_finding_begins_with_its_number_and_is_one_line(self):
        for each in VIOLATIONS:
            seen = sound_shop.evidence()
            each.commit(seen)
            for finding in check(seen):
                self.assertRegex(finding, r"\Ainv \d+: [^\n]+\Z")

    def test_mails_may_be_under_way_where_nobody_has_waited_for_them(self):
        seen = sound_shop.evidence()
        seen.now.messages[0]["status"] = "sending"
        self.assertTrue(check(seen))
        seen.mails_under_way = True
        self.assertEqual(check(seen), [])
        seen.now.messages[0]["status"] = "failed"
        self.assertTrue(check(seen))

    def test_a_full_mailbox_has_forgotten_old_mails_and_no_new_ones(self):
        seen = sound_shop.evidence()
        newer = {**seen.now.mails[0], "sent_at": "2026-01-02"}
        seen.now.mails = [{**newer, "id": f"welcome/{number}"} for number in range(MAILS_MAX)]
        self.assertEqual(list(INVARIANTS[32](seen)), [])
        seen.now.messages[0]["raised_at"] = "2026-01-03"
        self.assertEqual(len(list(INVARIANTS[32](seen))), 1)

    def test_the_paths_are_those_that_orders_publishes(self):
        text = (ROOT / "services/orders/README.md").read_text()
        published: dict[str, set[str]] = {}
        for before, after in re.findall(r"^    (\w+) --> (\w+)", text, re.MULTILINE):
            ends = {"cancelled", "rejected"} if after == "ended" else {after}
            published[before] = published.get(before, set()) | ends
        self.assertEqual(published, {before: after for before, after in PATHS.items() if after})

    def test_the_answers_that_lead_on_are_those_that_orders_publishes(self):
        text = (ROOT / "services/orders/README.md").read_text()
        published = {}
        for before, after, heard in re.findall(r"^    (\w+) --> (\w+) : ([\w, ]+)$", text, re.MULTILINE):
            if "cancel_asked" not in heard:
                ends = ["cancelled", "rejected"] if after == "ended" else [after]
                published |= {(before, end): heard for end in ends}
        self.assertEqual(published, LED_BY)

    def test_the_guide_names_exactly_the_invariants_that_are_checked(self):
        text = (ROOT / "docs/guide/invariants.md").read_text()
        named = re.search(r"verifies the numbers ([\d, and\n]+)", text)[1]
        self.assertEqual({int(number) for number in re.findall(r"\d+", named)}, set(INVARIANTS))

    def test_the_command_prints_what_it_finds_and_says_so_by_its_status(self):
        with tempfile.TemporaryDirectory() as folder:
            file, seen = Path(folder) / "snapshot.json", sound_shop.evidence()
            command = [sys.executable, str(Path(__file__).with_name("checker.py")), "--read-snapshot", str(file)]
            seen.now.write(file)
            sound = subprocess.run(command, capture_output=True, text=True, timeout=30)
            self.assertEqual((sound.returncode, sound.stdout, sound.stderr), (0, "", ""))
            seen.now.lags["operators"]["backlog"] = 3
            seen.now.write(file)
            broken = subprocess.run(command, capture_output=True, text=True, timeout=30)
            self.assertEqual(broken.returncode, 1)
            self.assertEqual(broken.stdout, "inv 30: operators has (outbox, in flight, queues) (3, 0, 0)\n")

    def test_the_command_reads_what_a_witness_has_heard(self):
        with tempfile.TemporaryDirectory() as folder:
            file, heard, seen = Path(folder) / "snapshot.json", Path(folder) / "events.jsonl", sound_shop.evidence()
            command = [sys.executable, str(Path(__file__).with_name("checker.py")), "--read-snapshot", str(file)]
            seen.now.write(file)
            heard.write_text("".join(json.dumps(event) + "\n" for event in seen.events))
            self.assertEqual(told.read(heard), seen.events)
            event_violations.silence(seen, "users.sessions/session/1")
            heard.write_text("".join(json.dumps(event) + "\n" for event in seen.events))
            broken = subprocess.run([*command, "--events", str(heard)], capture_output=True, text=True, timeout=30)
            self.assertEqual((broken.returncode, broken.stderr), (1, ""))
            told_of = "inv 26: users.sessions/session has raised 1 events, nobody was told of those after 0\n"
            self.assertEqual(broken.stdout, told_of)

    def test_counters_are_read_page_by_page_from_one_of_the_replicas(self):
        ids = ["a/b", "c d", "e"]
        pages = {"": (ids[:2], "c d"), "&after=c%20d": (ids[2:], None)}
        first, second = Operator("orders.orders", pages), Operator("orders.orders", pages)
        counters = snapshot.counters([first, second, Operator(None, {})])
        self.assertEqual(counters, {f"orders.orders/{id}": {"id": id} for id in ids})
        self.assertEqual(sorted([first.asked, second.asked]), [1, 3])

    def test_what_is_written_down_is_read_again(self):
        with tempfile.TemporaryDirectory() as folder:
            seen, file = sound_shop.evidence(), Path(folder) / "file.json"
            seen.now.write(file)
            self.assertEqual(Snapshot.read(file), seen.now)
            seen.journal.write(file)
            self.assertEqual(Journal.read(file), seen.journal)


if __name__ == "__main__":
    unittest.main(verbosity=2)
