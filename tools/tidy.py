#!/usr/bin/env python3
"""The house linter: rules that no compiler knows, each with tests (tidy_test.py).

    tidy.py            check every file of the project
    tidy.py --rules    print the table of rules
    tidy.py --shrink   lower the ratchet to what is left

Some old offences are tolerated: tools/tidy_ratchet.json counts them per rule and file. The counts may only fall.
To mend a finding is always right; to raise a count takes an edit by hand, a reason in the commit, and a reviewer.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tidy_rules import coroutines, layers, project, shape, words  # noqa: F401  (they fill the table)
from tidy_rules.core import RULES, Finding, Rule, Tree

ROOT = Path(__file__).resolve().parent.parent
RATCHET = ROOT / "tools/tidy_ratchet.json"

Ratchet = dict[str, dict[str, int]]


def read_tree() -> Tree:
    """Every text file that is tracked, or new and not ignored."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    files = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file():
            try:
                files[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                files[name] = ""
    return Tree(files)


def count(findings: list[Finding]) -> dict[str, int]:
    """Weight of the findings per file."""
    weights: dict[str, int] = defaultdict(int)
    for finding in findings:
        weights[finding.path] += finding.weight
    return dict(weights)


def judge(rule: Rule, tree: Tree, tolerated: dict[str, int]) -> list[Finding]:
    """The rule's findings that the ratchet does not tolerate, and a finding where the ratchet is too loose."""
    findings = sorted(set(rule.check(tree)))
    if not rule.ratcheted:
        return findings
    weights = count(findings)
    reported = [finding for finding in findings if weights[finding.path] > tolerated.get(finding.path, 0)]
    for path, limit in tolerated.items():
        if weights.get(path, 0) < limit:
            message = f"better than the ratchet ({weights.get(path, 0)} < {limit}): run tools/tidy.py --shrink"
            reported.append(Finding(path, 1, message))
    return reported


def shrink(ratchet: Ratchet, tree: Tree) -> Ratchet:
    """The ratchet lowered to what the tree still needs; never raised."""
    lowered: Ratchet = {}
    for name, tolerated in sorted(ratchet.items()):
        weights = count(sorted(set(RULES[name].check(tree)))) if name in RULES else {}
        kept = {path: min(limit, weights.get(path, 0)) for path, limit in sorted(tolerated.items())}
        lowered[name] = {path: limit for path, limit in kept.items() if limit > 0}
    return {name: paths for name, paths in lowered.items() if paths}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", action="store_true", help="print the rules")
    parser.add_argument("--shrink", action="store_true", help="lower the ratchet to what is left")
    arguments = parser.parse_args()
    if arguments.rules:
        for rule in RULES.values():
            print(f"{rule.name:22} {rule.sentence}{' (ratcheted)' if rule.ratcheted else ''}")
        return 0

    tree = read_tree()
    ratchet: Ratchet = json.loads(RATCHET.read_text())
    if arguments.shrink:
        RATCHET.write_text(json.dumps(shrink(ratchet, tree), indent=2) + "\n")
        return 0

    found = 0
    for rule in RULES.values():
        for finding in judge(rule, tree, ratchet.get(rule.name, {})):
            print(f"{finding.path}:{finding.line}: {rule.name}: {finding.message}")
            found += 1
    print(f"tidy: {len(tree.files)} files, {len(RULES)} rules, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
