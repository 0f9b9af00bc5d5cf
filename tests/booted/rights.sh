# Who may do what where the agent runs; sourced by lifecycle.sh, in the machine that it has booted.

# Before the package is there: what a user leaves behind is not the package's.
make_users() {
    inside useradd member
    inside useradd outsider
}

check_group() {
    local code=0
    say "group hcloud-agent reads the status, and others are told who may"
    inside usermod --append --groups hcloud-agent member
    inside runuser -u member -- ls /run/hcloud-agent/agent.sock >/dev/null || fail "the group cannot enter /run/hcloud-agent"
    inside runuser -u member -- hcloud-agent status >"$dir/status" || fail "the group cannot read the status"
    [[ $(<"$dir/status") == *203.0.113.77* ]] || fail "the status lacks an address: $(<"$dir/status")"
    inside runuser -u member -- curl -fsS --unix-socket /run/hcloud-agent/agent.sock http://localhost/metrics >"$dir/metrics" ||
        fail "the group cannot read the metrics"
    inside runuser -u outsider -- hcloud-agent status >"$dir/refusal" 2>&1 || code=$?
    cat "$dir/refusal"
    [ $code -eq 77 ] || fail "an outsider gets exit code $code"
    [[ $(<"$dir/refusal") == *"/run/hcloud-agent/agent.sock"*"group hcloud-agent"*"Permission denied"* ]] || fail "the refusal does not say why"
    inside runuser -u outsider -- curl -fsS --unix-socket /run/hcloud-agent/agent.sock http://localhost/v1/status 2>/dev/null &&
        fail "an outsider reads the status"
    true
}

# manual_example FIRST LAST: the lines of `man hcloud-agent` from one that has FIRST to one that has LAST, as whoever
# copies them from the terminal has them.
manual_example() { inside env MANWIDTH=80 man hcloud-agent | sed -n "/$1/,/$2/p"; }

check_encrypted_token() {
    say "the token encrypted, by the manual's example"
    manual_example 'install -d -m 0700' 'systemctl restart hcloud-agent' >"$dir/tree/root/encrypt"
    cat "$dir/tree/root/encrypt"
    inside sh -e /root/encrypt
    inside test ! -e /etc/hcloud-agent/token || fail "the plain token is still there"
    [[ $(inside cat /etc/credstore.encrypted/hcloud-token) != *booted-token* ]] || fail "it is not encrypted"
    inside hcloud-agent wait configured --timeout 600s
    inside hcloud-agent -o json status | jq -e '.api.state == "ok" and .api.problems == [] and .identity == "proven"' >/dev/null ||
        fail "the agent did not get the token, or no serial number: $(inside hcloud-agent status)"
    manual_example 'HCLOUD_TOKEN=.(systemd-creds' 'api GET' >"$dir/tree/root/decrypt"
    inside sh -e /root/decrypt >"$dir/servers" || fail "the manual's command cannot use the token"
    jq -e '.servers[0].name == "web1"' "$dir/servers" >/dev/null || fail "$(<"$dir/servers")"
    doctor || fail "doctor finds fault with an encrypted token: $(<"$dir/findings")"
}

# In the unit's place, as far as DMI is concerned: the machine below has another.
doctor() {
    inside env CREDENTIALS_DIRECTORY=/run/credentials/hcloud-agent.service hcloud-agent -o json doctor >"$dir/findings"
}

check_weak_sandbox() {
    say "doctor on a drop-in that weakens the sandbox"
    printf '[Service]\nProtectSystem=no\n' >"$dir/tree/etc/systemd/system/hcloud-agent.service.d/weak.conf"
    inside systemctl daemon-reload
    doctor && fail "doctor is content with a weak sandbox"
    jq -r '.findings[] | select(.severity != "ok") | "   \(.severity) \(.id): \(.what)"' "$dir/findings"
    jq -e '[.findings[] | select(.severity != "ok") | .id] == ["unit-sandbox"]' "$dir/findings" >/dev/null || fail "it finds something else"
    jq -e '.findings[] | select(.id == "unit-sandbox") | .what | contains("ProtectSystem=no") and contains("weak.conf")' \
        "$dir/findings" >/dev/null || fail "it does not say what is weak"
    rm "$dir/tree/etc/systemd/system/hcloud-agent.service.d/weak.conf"
    inside systemctl daemon-reload
    doctor || fail "it does not see that it is mended: $(<"$dir/findings")"
}

# As before check_encrypted_token.
use_plain_token() {
    inside sh -ec 'umask 077; systemd-creds decrypt --name=hcloud-token /etc/credstore.encrypted/hcloud-token /etc/hcloud-agent/token
        rm -r /etc/credstore.encrypted /etc/systemd/system/hcloud-agent.service.d/token.conf
        systemctl daemon-reload; systemctl restart hcloud-agent'
}
