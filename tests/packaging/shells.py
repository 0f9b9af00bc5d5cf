"""Asks a real bash, zsh or fish what it would complete. Each offers(line) takes a command line of
which the last word is to be completed, and returns the set of words that the shell offers."""
import os
import pathlib
import pty
import re
import subprocess
import tempfile
import time

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "completions"


class Bash:
    SCRIPT = """
set -eu
. "$1"; shift
spec=$(complete -p "$1")
function=${spec#*-F } function=${function%% *}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
"$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""

    def offers(self, line):
        program = line.split()[0]
        # As readline splits it: "=" is a word of its own, the word at the cursor may be empty.
        words = re.findall(r"=|[^\s=]+", line) + ([""] if line[-1] in " =" else [])
        out = subprocess.run(["bash", "--norc", "-c", self.SCRIPT, "bash",
                              COMPLETIONS / f"{program}.bash", *words],
                             check=True, capture_output=True, text=True)
        if out.stderr:
            raise AssertionError(out.stderr)
        return set(out.stdout.split())


class Fish:
    def offers(self, line):
        program = line.split()[0]
        with tempfile.TemporaryDirectory() as home:
            out = subprocess.run(
                ["fish", "-c", 'source $argv[1]; complete -C"$argv[2]"', COMPLETIONS / f"{program}.fish", line],
                env={"PATH": os.environ["PATH"], "HOME": home}, check=True, capture_output=True, text=True)
        if out.stderr:
            raise AssertionError(out.stderr)
        return {word.split("\t")[0].split("=")[-1] for word in out.stdout.splitlines()}


class Zsh:
    """An interactive zsh on a terminal of its own: only there completion works. Its compadd is
    wrapped, so that what would be offered lands in a file."""
    SETUP = """
PROMPT= RPROMPT=; fpath=($COMPLETIONS $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
    if (( ${argv[(I)-[AOD]*]} )); then builtin compadd "$@"; return; fi
    local -a hits; builtin compadd -O hits "$@"; print -rl -- $hits >> $OFFERED; builtin compadd "$@"
}
capture() { _main_complete; print -r -- '(end)' >> $OFFERED }
zle -C capture complete-word capture; bindkey '^T' capture; print -r -- '(end)' >> $OFFERED
"""
    LIMIT = 300  # it ends a test that hangs

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        self.offered = folder / "offered"
        setup = folder / "setup"
        setup.write_text(self.SETUP)
        self.terminal, inner = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "TERM": "dumb",
                       "COMPLETIONS": str(COMPLETIONS), "OFFERED": str(self.offered)}
        self.shell = subprocess.Popen(["zsh", "-f", "-i"], stdin=inner, stdout=inner, stderr=inner,
                                      env=environment, start_new_session=True)
        os.close(inner)
        os.set_blocking(self.terminal, False)
        self.type_and_wait(f". {setup}\n")

    def type_and_wait(self, keys):
        self.offered.write_text("")
        os.write(self.terminal, keys.encode())
        screen, end = b"", time.monotonic() + self.LIMIT
        while not self.offered.read_text().endswith("(end)\n"):
            screen += self.read_screen()
            if time.monotonic() > end:
                raise AssertionError(f"zsh did not complete; its screen: {screen!r}")
            time.sleep(0.01)
        return set(self.offered.read_text().splitlines()) - {"(end)", ""}

    def read_screen(self):
        try:
            return os.read(self.terminal, 65536)
        except BlockingIOError:
            return b""

    def offers(self, line):
        found = self.type_and_wait(f"\x15{line}\x14")
        return {word.split("=")[-1] for word in found if not word.endswith("=")} | \
               {word[:-1] for word in found if word.endswith("=")}

    def close(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.terminal)
        self.folder.cleanup()
