#!/usr/bin/env python3
"""completions_test.py AGENT SIMULATOR: a real bash, zsh and fish complete each command, option and
fixed value that --help lists."""
import sys
import unittest

import command_help
import shells

AGENT, SIMULATOR = sys.argv[1:]

# What --help says in words, not as a list.
VALUES = {
    "hcloud-agent api ": {"GET", "POST", "PUT", "DELETE"},
    "hcloud-agent api G": {"GET"},
    "hcloud-agent metadata host": {"hostname"},
    "hcloud-agent wait ": {"configured", "online", "registered"},
    "hcloud-agent --output json wait c": {"configured"},
    "hcloud-agent --output=j": {"json"},
    "hcloud-agent -o ": {"text", "json"},
    "hcloud-agent config check --output j": {"json"},
}


class Completions:
    def check(self, line, expected):
        missing = expected - self.shell.offers(line)
        self.assertFalse(missing, f"not offered after {line!r}")

    def check_command(self, program, command):
        line = " ".join([program, *command.words])
        if command.subcommands:
            offered = self.shell.offers(line + " ")
            self.assertEqual(offered, set(command.subcommands), f"after {line!r}")
        self.check(line + " --", command.long_options())
        for names, values in command.options.items():
            if values:
                self.check(f"{line} {names.split(',')[-1]} ", set(values))

    def test_commands_options_and_fixed_values_of_the_agent(self):
        for command in command_help.all_commands(AGENT):
            with self.subTest(command.words):
                self.check_command("hcloud-agent", command)

    def test_options_of_the_simulator(self):
        self.check_command("hcloud-simulator", command_help.command(SIMULATOR))

    def test_what_is_typed_narrows_the_offer(self):
        for line, expected in VALUES.items():
            with self.subTest(line):
                self.assertEqual(self.shell.offers(line), expected)

    def test_global_options_follow_a_command(self):
        self.check("hcloud-agent plan --", {"--config", "--runtime-dir", "--output"})


class InBash(Completions, unittest.TestCase):
    shell = shells.Bash()


class InFish(Completions, unittest.TestCase):
    shell = shells.Fish()


class InZsh(Completions, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shell = shells.Zsh()
        cls.addClassCleanup(cls.shell.close)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
