#!/usr/bin/env python3
"""At stake: a linter whose rules quietly find nothing. Every rule has trees that it must refuse and trees that it must
accept; a rule without examples fails here, and so do examples without a rule. The ratchet must only ever fall."""

import unittest

import tidy
from tidy_examples import Examples, coroutines, layers, project, shape, words
from tidy_rules.core import RULES, Finding, Rule, Tree
from tidy_rules.cpp import Cpp
from tidy_rules.shape import with_braces
from tidy_rules.words import WORDS, forbidden

EXAMPLES: dict[str, Examples] = {}
for module in (coroutines, layers, project, shape, words):
    EXAMPLES |= module.EXAMPLES


class Rules(unittest.TestCase):
    def test_every_rule_has_examples_and_every_example_a_rule(self):
        self.assertEqual(set(RULES), set(EXAMPLES))
        for name, examples in EXAMPLES.items():
            self.assertTrue(examples.bad and examples.good, f"{name} needs a bad and a good example")

    def test_every_rule_is_one_sentence(self):
        for rule in RULES.values():
            self.assertTrue(rule.sentence.endswith("."), rule.name)

    def test_bad_examples_are_found(self):
        for name, examples in EXAMPLES.items():
            for files in examples.bad:
                with self.subTest(rule=name, files=files):
                    self.assertTrue(list(RULES[name].check(Tree(files))))

    def test_good_examples_are_not(self):
        for name, examples in EXAMPLES.items():
            for files in examples.good:
                with self.subTest(rule=name, files=files):
                    self.assertEqual([], list(RULES[name].check(Tree(files))))


class Words(unittest.TestCase):
    def test_every_row_of_the_table_is_the_only_one_to_find_some_example(self):
        found_by = [[word for word in WORDS if list(forbidden(Tree(files), word))] for files in EXAMPLES["words"].bad]
        for word in WORDS:
            self.assertIn([word], found_by, word.pattern)


class Braces(unittest.TestCase):
    def test_what_is_found_is_mended(self):
        for files in EXAMPLES["braces"].bad:
            for path, text in files.items():
                with self.subTest(text=text):
                    mended = with_braces(Cpp(path, text))
                    self.assertEqual([], list(RULES["braces"].check(Tree({path: mended}))))

    def test_comments_and_nested_bodies_stay_whole(self):
        text = "if (a) // why\n    return g([] { x; }); // yes\nfor (;;)\n    if (b)\n        c();\n"
        mended = "if (a) { // why\n    return g([] { x; }); // yes\n}\nfor (;;) {\n    if (b) {\n        c();\n}\n}\n"
        self.assertEqual(mended, with_braces(Cpp("a.cpp", text)))


class Ratchet(unittest.TestCase):
    def judge(self, offences: int, tolerated: int, ratcheted: bool = True) -> int:
        """How much is reported for a file with some offences of which some are tolerated."""
        findings = [Finding("a.cpp", line, "bad") for line in range(offences)]
        rule = Rule("invented", "An invented rule.", lambda tree: iter(findings), ratcheted)
        return len(tidy.judge(rule, Tree({}), {"a.cpp": tolerated}))

    def test_what_it_lists_is_tolerated(self):
        self.assertEqual(0, self.judge(offences=2, tolerated=2))

    def test_one_more_is_reported(self):
        self.assertGreater(self.judge(offences=3, tolerated=2), 0)

    def test_too_loose_is_reported(self):
        self.assertEqual(1, self.judge(offences=0, tolerated=2))

    def test_a_rule_without_ratchet_tolerates_nothing(self):
        self.assertEqual(2, self.judge(offences=2, tolerated=2, ratcheted=False))

    def test_it_counts_lengths_and_not_only_files(self):
        long = Tree({"a.cpp": "int x;\n" * 450})
        self.assertEqual([], tidy.judge(RULES["file_length"], long, {"a.cpp": 450}))
        self.assertTrue(tidy.judge(RULES["file_length"], long, {"a.cpp": 440}))

    def test_shrinking_lowers_and_never_raises(self):
        tree = Tree({"a.cpp": "int x;\n" * 450, "b.cpp": "int x;\n" * 410})
        ratchet = {"file_length": {"a.cpp": 500, "b.cpp": 405, "gone.cpp": 900}}
        self.assertEqual({"file_length": {"a.cpp": 450, "b.cpp": 405}}, tidy.shrink(ratchet, tree))


if __name__ == "__main__":
    unittest.main()
