#!/usr/bin/env bash
# The alert rules: promtool takes them, each fires when it has to, and each says what it means and what to do.
#   alerts.sh SOURCE_DIR
set -euo pipefail
cd "$1"
PATH=$PWD/.cache/unpacked/prometheus/usr/bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "alerts: $*" >&2; exit 1; }

rules=packaging/prometheus/hcloud-agent.rules.yml
promtool check rules --lint=all --lint-fatal "$rules"
cp "$rules" tests/packaging/alerts_test.yml "$work"
promtool test rules "$work/alerts_test.yml"

sed -n 's/^ *- alert: //p' "$rules" | sort >"$work/alerts"
grep -oE 'alertname="[A-Za-z]+"' tests/packaging/alerts_test.yml | cut -d'"' -f2 | sort -u | diff "$work/alerts" - ||
    fail "not each alert is tested"
for key in 'severity: (critical|warning|info)' 'summary: ' 'description: '; do
    [ "$(grep -cE "$key" "$rules")" -ge "$(wc -l <"$work/alerts")" ] || fail "not each alert has $key"
done
# The check itself can fail: with another threshold the test notices.
sed 's/> 10$/> 100/' "$rules" >"$work/hcloud-agent.rules.yml"
if promtool test rules "$work/alerts_test.yml" >/dev/null 2>&1; then fail "the test takes any rules"; fi
# Message ids that an alert names are those of the agent.
for id in $(grep -oE 'MESSAGE_ID=[0-9a-f]+' "$rules" | cut -d= -f2); do
    grep -q "\"$id\"" agent/daemon/message_ids.h || fail "no entry has MESSAGE_ID=$id"
done
