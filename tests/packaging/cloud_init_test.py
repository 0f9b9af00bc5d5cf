#!/usr/bin/env python3
"""cloud_init_test.py AGENT: the user data in packaging/examples. cloud-init accepts it, the agent accepts the
configuration in it, and its commands, run for real over an /etc and a /var of their own, leave what it
promises. Only what would touch the machine is a stand-in that writes down how it was called."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

AGENT, = sys.argv[1:]
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "examples"
AGENTS_OWN = ["cloud-init-deb.yaml", "cloud-init-rpm.yaml", "cloud-init-private-only.yaml"]
STAND_INS = ["apt-get", "curl", "dnf", "hcloud-agent", "ip", "systemctl"]

# In namespaces of its own: nothing outside sees these mounts.
PLAY = """
set -eu
for folder in etc var; do mount --bind "$1/$folder" "/$folder"; done
cp -r --preserve=mode "$1"/files/* /
status=0
PATH="$1/bin:$PATH" sh "$1/runcmd" || status=$?
[ ! -e /etc/credstore.encrypted/hcloud-token ] ||
    systemd-creds decrypt --name=hcloud-token /etc/credstore.encrypted/hcloud-token "$1/decrypted"
exit $status
"""


def content(data, path):
    return next(file["content"] for file in data["write_files"] if file["path"] == path)


class Played:
    """What is there after the commands of an example have run; `failing` stand-ins exit with 1."""

    def __init__(self, folder, data, failing=(), distribution="debian"):
        self.folder = pathlib.Path(folder)
        self.lay_system(distribution)
        self.lay_files(data)
        self.lay_stand_ins(failing)
        (self.folder / "runcmd").write_text("\n".join(data["runcmd"]))
        self.run = subprocess.run(["unshare", "-rm", "sh", "-c", PLAY, "sh", folder], check=False,
                                  capture_output=True, text=True)
        calls = self.folder / "calls"
        self.calls = calls.read_text().splitlines() if calls.exists() else []

    def lay_system(self, distribution):
        for path in ["etc/systemd/system", "var/lib/systemd", "var/tmp"]:
            (self.folder / path).mkdir(parents=True)
        (self.folder / "etc/os-release").write_text(f"ID={distribution}\n")
        (self.folder / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")

    def lay_files(self, data):
        for file in data["write_files"]:
            path = self.folder / "files" / file["path"][1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file["content"])
            path.chmod(int(file["permissions"], 8))

    def lay_stand_ins(self, failing):
        folder = self.folder / "bin"
        folder.mkdir()
        for name in {*STAND_INS, *failing}:
            script = folder / name
            script.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.folder}/calls\nexit {int(name in failing)}\n')
            script.chmod(0o755)

    def at(self, path):
        return self.folder / path[1:]

    def index(self, beginning):
        return next(i for i, call in enumerate(self.calls) if call.startswith(beginning))


class UserData(unittest.TestCase):
    def load(self, name):
        return yaml.safe_load((EXAMPLES / name).read_text())

    def play(self, name, **how):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Played(folder.name, self.load(name), **how)

    def test_cloud_init_accepts_it(self):
        examples = sorted(EXAMPLES.glob("cloud-init-*.yaml"))
        self.assertGreater(len(examples), len(AGENTS_OWN))
        for file in examples:
            with self.subTest(file.name):
                out = subprocess.run(["cloud-init", "schema", "--config-file", file], check=False,
                                     capture_output=True, text=True)
                self.assertIn("Valid cloud-config", out.stdout, out.stderr)
                self.assertEqual(out.returncode, 0)

    def test_the_agent_accepts_its_configuration(self):
        for name in AGENTS_OWN:
            with self.subTest(name), tempfile.NamedTemporaryFile("w") as file:
                file.write(content(self.load(name), "/etc/hcloud-agent/config.yaml"))
                file.flush()
                subprocess.run([AGENT, "--config", file.name, "config", "check"], check=True,
                               capture_output=True)

    def test_afterwards_the_token_is_encrypted_and_the_service_runs(self):
        for name in AGENTS_OWN:
            with self.subTest(name):
                played = self.play(name)
                self.assertEqual(played.run.returncode, 0, played.run.stderr)
                self.assertEqual((played.folder / "decrypted").read_text(),
                                 content(self.load(name), "/etc/hcloud-agent/token"))
                self.assertFalse(played.at("/etc/hcloud-agent/token").exists())
                drop_in = played.at("/etc/systemd/system/hcloud-agent.service.d/token.conf").read_text()
                self.assertEqual(drop_in, "[Service]\nLoadCredentialEncrypted="
                                          "hcloud-token:/etc/credstore.encrypted/hcloud-token\n")
                self.assert_started(played)

    def assert_started(self, played):
        reload = played.index("systemctl daemon-reload")
        self.assertLess(reload, played.index("systemctl enable --now hcloud-agent.service"))
        self.assertEqual([call for call in played.calls if "hcloud-agent " in call][-1],
                         "hcloud-agent wait configured --timeout 60s")

    def test_without_encryption_the_token_stays_for_root_alone(self):
        for name in AGENTS_OWN:
            with self.subTest(name):
                played = self.play(name, failing=["systemd-creds"])
                self.assertEqual(played.run.returncode, 0, played.run.stderr)
                self.assertEqual(played.at("/etc/hcloud-agent/token").stat().st_mode & 0o777, 0o600)
                self.assertFalse(played.at("/etc/systemd/system/hcloud-agent.service.d").exists())
                played.index("systemctl enable --now hcloud-agent.service")

    def test_a_package_that_cannot_be_had_is_a_failure(self):
        for name, installer in zip(AGENTS_OWN, ["curl", "dnf", "curl"]):
            with self.subTest(name):
                played = self.play(name, failing=[installer])
                self.assertNotEqual(played.run.returncode, 0)
                self.assertNotIn("systemctl enable --now hcloud-agent.service", played.calls)

    def test_epel_is_there_where_it_is_needed(self):
        for distribution, needed in [("rocky", True), ("almalinux", True), ("fedora", False)]:
            with self.subTest(distribution):
                calls = self.play("cloud-init-rpm.yaml", distribution=distribution).calls
                self.assertEqual(calls[0] == "dnf install -y epel-release", needed)
                self.assertEqual(len([call for call in calls if call.startswith("dnf ")]), 1 + needed)

    def test_the_way_to_the_package_is_only_for_the_installation(self):
        way = "ip route {} default via 10.0.0.1 metric 9999"
        for failing in ([], ["curl"]):
            with self.subTest(failing=failing):
                played = self.play("cloud-init-private-only.yaml", failing=failing)
                self.assertLess(played.index(way.format("add")), played.index("curl "))
                self.assertEqual(played.calls[-1], way.format("del"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
