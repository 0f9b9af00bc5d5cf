#!/usr/bin/env bash
# The official command-line tool against the simulator: each command's exit code and the state that it
# leaves. The tool decodes what the real service sends; what it cannot read or does not understand
# is a fault of the simulator.
#
# official_cli.sh SIMULATOR [PROFILE]: needs hcloud, curl, jq, openssl and ssh-keygen. Prints how many
# commands ran. Without PROFILE the simulator is left at its default, 2026-11.
set -euo pipefail

simulator=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/official_cli" && pwd)
dir=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
export HOME=$dir # the tool keeps its contexts there
cd "$dir"

cat >state.yaml <<'STATE'
tokens: {writer: read-write, reader: read-only}
action_duration: 20ms
limits: {placement_groups: 2}
STATE
"$simulator" --listen 127.0.0.1:0 --state state.yaml >log &
pid=$!
until grep -q listening log; do
    kill -0 "$pid" || exit
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' log)
export HCLOUD_ENDPOINT=$url/v1 HCLOUD_TOKEN=writer

commands=0
complain() {
    echo "$part.sh:${BASH_LINENO[1]}: $*" >&2
    exit 1
}

# ok ARGUMENT…: the command succeeds. Its output is in "out".
ok() {
    commands=$((commands + 1))
    if ! hcloud --poll-interval 10ms "$@" >out 2>err; then complain "hcloud $* failed: $(cat out err)"; fi
    # For a command that it does not have, it prints its help and is content.
    if grep -q '^Usage:' out; then complain "hcloud $* is no command of this version"; fi
}

# no MESSAGE ARGUMENT…: the command ends with 1 and says so.
no() {
    local message=$1
    shift
    commands=$((commands + 1))
    local code=0
    hcloud --poll-interval 10ms "$@" >out 2>err || code=$?
    [ $code -eq 1 ] || complain "hcloud $*: exit code $code, not 1: $(cat out err)"
    grep -qF -- "$message" err || complain "hcloud $*: no '$message' in: $(cat err)"
}

# prints TEXT: the last command's output has it.
prints() {
    grep -qF -- "$1" out || complain "no '$1' in: $(cat out)"
}

# is PATH FILTER VALUE: what the API says now.
is() {
    local got
    got=$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT$1" | jq -c "$2")
    [ "$got" = "$3" ] || complain "$1 $2 is $got, not $3"
}

# In this order: each part builds on what those before it left behind.
for part in catalog keys networks servers addresses volumes firewalls load_balancers errors farewell; do
    . "$here/$part.sh"
done

echo "official command-line tool: $commands commands"
