#!/usr/bin/env bash
# The message ids of the agent and the journal catalog agree one to one; every id is used; journalctl takes the
# catalog, and shows a paragraph for each.
#   catalog.sh SOURCE_DIR
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "catalog: $*" >&2; exit 1; }

catalog=systemd/hcloud-agent.catalog
sed -nE 's/.* (k[A-Za-z]+)\{"([0-9a-f]{32})"\};/\2 \1/p' agent/daemon/message_ids.h | sort >"$work/ids"
[ "$(grep -c 'MessageId k' agent/daemon/message_ids.h)" -eq "$(wc -l <"$work/ids")" ] || fail "an id that is not 32 digits"
[ -z "$(cut -d' ' -f1 "$work/ids" | uniq -d)" ] || fail "an id of two messages"
diff <(cut -d' ' -f1 "$work/ids") <(sed -n 's/^-- //p' "$catalog" | sort) || fail "message_ids.h and catalog differ"

while read -r _ name; do
    grep -rqE "message::$name\b" agent --include='*.cpp' || fail "$name is never sent"
done <"$work/ids"

# journalctl 252 does not say so if it could not read an entry: what it lists afterwards counts.
mkdir -p "$work/root/usr/lib/systemd/catalog" "$work/root/var/lib/systemd/catalog"
cp "$catalog" "$work/root/usr/lib/systemd/catalog/"
journalctl --update-catalog --root="$work/root" >"$work/said" 2>&1 || fail "journalctl refuses it: $(cat "$work/said")"
grep . "$work/said" && fail "journalctl complains"
diff <(cut -d' ' -f1 "$work/ids") <(journalctl --root="$work/root" --list-catalog | cut -d' ' -f1 | sort) ||
    fail "journalctl lists others"

# Each entry: a subject, who says so, where to read on, and at least a sentence; only fields that some entry has.
while read -r id name; do
    journalctl --root="$work/root" --dump-catalog "$id" >"$work/entry"
    for header in Subject Defined-By Documentation; do
        grep -q "^$header: " "$work/entry" || fail "$name has no $header"
    done
    [ "$(sed '1,/^$/d' "$work/entry" | wc -w)" -ge 12 ] || fail "$name says next to nothing"
    while read -r field; do
        grep -rqF "\"$field\"" agent --include='*.cpp' || fail "$name shows $field, which no entry has"
    done < <(grep -oE '@[A-Z_]+@' "$work/entry" | tr -d @)
done <"$work/ids"
