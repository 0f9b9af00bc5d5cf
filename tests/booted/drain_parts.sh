# The parts of drain.sh; sourced after lab.sh.

# The neighbours, each with a web server, and the machine with its NICs.
make_hosts() {
    local name
    ip netns add "$lab-host"
    plug_all
    for name in web2:43 web3:44; do
        ip netns add "$lab-${name%:*}"
        others+=("$lab-${name%:*}")
        ip -n "$lab-cloud" link add "p-${name%:*}" type veth peer name eth0 netns "$lab-${name%:*}"
        ip -n "$lab-cloud" link set "p-${name%:*}" master backend up
        ip -n "$lab-${name%:*}" addr add "10.0.0.${name#*:}/24" dev eth0
        ip -n "$lab-${name%:*}" link set eth0 up
        ip netns exec "$lab-${name%:*}" python3 "$here/web.py" "${name%:*}" 8080 &
        started+=($!)
    done
}

# A service like any other: nothing in it knows of the agent.
add_web_service() {
    cp "$here/web.py" "$dir/tree/usr/local/bin/web.py"
    cat >"$dir/tree/etc/systemd/system/web.service" <<'UNIT'
[Service]
ExecStart=/usr/bin/python3 /usr/local/bin/web.py web1 8080
[Install]
WantedBy=multi-user.target
UNIT
}

# expect FILE FILTER: what FILE says, in JSON, is so.
expect() { jq -e "$2" "$1" >/dev/null || fail "not so: $2 in $(jq -c . "$1")"; }

# The official command-line tool; it trusts this certificate alone.
official() {
    ip netns exec "$lab-cloud" env HOME="$dir" SSL_CERT_FILE="$dir/ca.pem" HCLOUD_ENDPOINT=https://172.31.1.1/v1 \
        HCLOUD_TOKEN=booted-token hcloud "$@"
}

is_target() { official load-balancer describe web -o json | jq -e '.targets | any(.server.id == 42)' >/dev/null; }

# The load balancer has found the service.
is_healthy() {
    official load-balancer describe web -o json |
        jq -e '.targets | map(select(.server.id == 42)) | .[0].health_status | map(.status) == ["healthy"]'
}

is_drained() { inside hcloud-agent -o json status | jq -e '.registration.state == "drained"'; }

start_load() {
    rm -f "$dir/load"
    ip netns exec "$lab-cloud" python3 "$here/load.py" http://172.31.1.1/ 12 "$dir/load" &
    load=$!
    started+=($load)
    wait_for all_answer
}

stop_load() {
    wait_for enough_requests
    kill "$load"
    wait "$load"
}

# That none fails says something of many alone.
enough_requests() { jq -e '.requests > 200' "$dir/load"; }

all_answer() { jq -e '[.answers.web1, .answers.web2, .answers.web3] | all(. > 5)' "$dir/load"; }

# From when it is back, and not from before the reboot.
serves_again() {
    [ -n "${answers_before:-}" ] || answers_before=$(jq .answers.web1 "$dir/load")
    [ "$(jq .answers.web1 "$dir/load")" -gt $((answers_before + 5)) ]
}

report() { jq -r --arg what "$1" '"   \($what): \(.requests) requests, \(.failed) failed \(.failures[:2]); answered: \(.answers)"' "$dir/load"; }

# A reboot that the machine does itself.
reboot_machine() {
    local code=0
    inside systemctl reboot || true
    wait "$nspawn" || code=$?
    [ $code -eq 133 ] || fail "the machine has ended with $code, which is no reboot"
    replace_nics
    answers_before=
    boot
}

drop_api() {
    ip netns exec "$lab-cloud" nft -f - <<'NFT'
table ip lab {
    chain input {
        type filter hook input priority 0
        ip daddr 172.31.1.1 tcp dport 443 drop
    }
}
NFT
}

# What is written from now on outlives the machine.
keep_journal() {
    inside mkdir -p /var/log/journal
    inside journalctl --flush
}

# journal_of UNIT: what the machine, which is off, wrote about it at last.
journal_of() { journalctl --directory "$(echo "$dir"/tree/var/log/journal/*)" --unit "$1" --output cat --no-pager --lines 20; }

# In $took, in ms.
power_off_timed() {
    local from
    from=$(date +%s%3N)
    power_off
    took=$(($(date +%s%3N) - from))
}
