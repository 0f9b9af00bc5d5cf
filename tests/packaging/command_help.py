"""What a program's --help lists, for tests that compare papers and completions with it."""
import dataclasses
import re
import subprocess

ENTRY = re.compile(r"  (?P<names>\S+)(?P<type>.*)")
CHOICES = re.compile(r"\{([^}]+)\}")


@dataclasses.dataclass
class Command:
    words: list  # after the program's name; empty for the program itself
    options: dict  # each option's names, separated by commas → its fixed values, often none
    positionals: list
    subcommands: list

    def long_options(self):
        return {name for names in self.options for name in names.split(",") if name.startswith("--")}


def sections(text):
    """The indented lines below each heading such as "Options:"; continuation lines are left out."""
    found, heading = {}, None
    for line in text.splitlines():
        title = re.fullmatch(r"(Options|Positionals|Subcommands):", line)
        if title:
            heading = title.group(1)
        elif not line:
            heading = None
        elif heading and re.match(r"  \S", line):
            found.setdefault(heading, []).append(line)
    return found


def choices(line):
    listed = CHOICES.search(line)
    return listed.group(1).split(",") if listed else []


def command(program, words=()):
    text = subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True).stdout
    parts = sections(text)
    names = {part: [ENTRY.match(line)["names"] for line in lines] for part, lines in parts.items()}
    options = {ENTRY.match(line)["names"]: choices(line) for line in parts["Options"]}
    return Command(list(words), options, names.get("Positionals", []), names.get("Subcommands", []))


def all_commands(program):
    """The program itself, its commands, and theirs."""
    pending, found = [[]], []
    while pending:
        found.append(command(program, pending.pop()))
        pending += [found[-1].words + [name] for name in found[-1].subcommands]
    return found
