#!/usr/bin/env python3
"""manual_test.py AGENT SIMULATOR: the manual pages name each command and option that --help lists, and
no other option; mandoc and man have nothing to say against them."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

import command_help

AGENT, SIMULATOR = sys.argv[1:]
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "packaging" / "man"
# Pages that are not installed where this runs are there on the user's system.
NOT_FOUND = re.compile(r"referenced manual not found|outdated mandoc\.db lacks")


def as_text(page):
    out = subprocess.run(["mandoc", "-Tutf8", "-Owidth=200", PAGES / page], check=True,
                         capture_output=True, text=True).stdout
    return re.sub(".\b", "", out)


def section(text, title):
    return re.search(rf"(?ms)^{title}$.*?^(?=\S)", text)[0]


def keys_and_words(schema):
    """The keys that a JSON Schema names, and the words that it allows as values."""
    found = set(schema.get("enum", []))
    for key, inner in schema.get("properties", {}).items():
        found |= {key} | keys_and_words(inner)
    elements = [schema["items"]] if "items" in schema else []
    for inner in [*schema.get("$defs", {}).values(), *elements]:
        found |= keys_and_words(inner)
    return found


def lint(*command):
    out = subprocess.run(command, check=False, capture_output=True, text=True)
    # mandoc writes to stdout what it thinks of a page, man to stderr, and the page to stdout.
    report = out.stdout if command[0] == "mandoc" else out.stderr
    return [line for line in report.splitlines() if not NOT_FOUND.search(line)]


class Pages(unittest.TestCase):
    def test_each_command_is_explained(self):
        text = as_text("hcloud-agent.8")
        for command in command_help.all_commands(AGENT)[1:]:
            if not command.subcommands:
                self.assertRegex(text, rf"(?m)^ +{' '.join(command.words)}\b", command.words)

    def check_options(self, page, commands):
        text = as_text(page)
        known = {name for command in commands for names in command.options for name in names.split(",")}
        explained = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", re.sub(r"(?s)EXAMPLES.*", "", text)))
        self.assertEqual(known - explained, set(), f"not in {page}")
        self.assertEqual(explained - known - {"-x"}, set(), f"{page} has what the program has not")

    def test_each_option_is_explained(self):
        self.check_options("hcloud-agent.8", command_help.all_commands(AGENT))

    def test_each_option_of_the_simulator_is_explained(self):
        self.check_options("hcloud-simulator.1", [command_help.command(SIMULATOR)])

    def test_each_positional_is_named(self):
        text = as_text("hcloud-agent.8")
        for command in command_help.all_commands(AGENT):
            for name in command.positionals:
                self.assertIn(name, text, command.words)

    def test_exit_codes_are_those_of_help(self):
        text = as_text("hcloud-agent.8")
        listed = subprocess.run([AGENT, "--help"], check=True, capture_output=True, text=True).stdout
        codes = re.findall(r"\b(\d+) [a-z]", listed.split("Exit codes:")[1])
        self.assertEqual(re.findall(r"(?m)^ +(\d+) ", text.split("EXIT STATUS")[1]), codes)

    def test_each_key_and_word_of_the_status_is_explained(self):
        schema = json.loads((ROOT / "packaging" / "status.schema.json").read_text())
        text = section(as_text("hcloud-agent.8"), "STATUS")
        words = sorted(keys_and_words(schema))
        self.assertGreater(len(words), 20)
        for word in words:
            self.assertIn(f"‘{word}’", text)

    def test_each_field_of_the_journal_is_explained(self):
        text = section(as_text("hcloud-agent.8"), "JOURNAL")
        source = "".join(file.read_text() for file in (ROOT / "agent" / "daemon").glob("*.cpp"))
        fields = set(re.findall(r'\{"(HCLOUD_[A-Z_]+)",|emplace_back\("(HCLOUD_[A-Z_]+)"', source))
        self.assertGreater(len(fields), 5)
        for names in fields:
            self.assertIn("".join(names), text)

    def test_linters_are_content(self):
        for page in sorted(PAGES.iterdir()):
            with self.subTest(page.name):
                self.assertEqual(lint("mandoc", "-Tlint", "-Wstyle", page), [])
                self.assertEqual(lint("man", "--warnings", "--local-file", page), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
