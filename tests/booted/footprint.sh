#!/usr/bin/env bash
# What the agent costs, beside google-guest-agent and the official CLI, all in one booted Debian at the same time.
# By hand, as root, on a machine that has nothing else to do:
#     tests/booted/run.sh footprint
# It takes ten minutes. HCLOUD_FOOTPRINT_MINUTES (5) is how long both agents are watched at their own pace.
#
# Google's agent is in its working state: a small metadata service in Python answers it, with a forwarded IP for each of our
# aliases and floating IPs. It does not set up NICs by dhclient, as the machine has no DHCP, and sends no log to a cloud.
# Either agent asks 169.254.169.254: what root asks there goes to Google's metadata, what hcloud-agent asks to the simulator.
set -euo pipefail
. "$(dirname "$0")/lab.sh"
here=$(dirname "$0")
minutes=${HCLOUD_FOOTPRINT_MINUTES:-5}
measured=$dir/tree/root/measured
unit_of() { [ "$1" = ours ] && echo hcloud-agent.service || echo google-guest-agent.service; }

# measure WHAT WHO ARGUMENTS…: asks footprint.py, and keeps the answer.
measure() { inside python3 /root/footprint.py "${@:3}" >"$measured/$1.$2" || fail "$1 of $2: $(cat "$measured/$1.$2")"; }
sample() { measure "$1" "$2" sample "$(inside systemctl show -p MainPID --value "$(unit_of "$2")")"; }

# With the network of the host, before the machine boots. A server has sshd, and so shares OpenSSL with it.
install_others() {
    systemd-nspawn --quiet --register=no --keep-unit --directory="$dir/tree" --console=pipe /bin/sh -ec '
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends openssh-server google-guest-agent hcloud-cli
        systemctl disable google-guest-agent google-startup-scripts google-shutdown-scripts' \
        </dev/null >"$dir/apt" 2>&1 || fail "$(cat "$dir/apt")"
    sed -i 's/^setup = true/setup = false/' "$dir/tree/etc/default/instance_configs.cfg"
    : >"$dir/tree/etc/resolv.conf"
}

start_gce() {
    echo 60 >"$dir/hold"
    : >"$dir/rounds"
    ip netns exec "$lab-cloud" python3 "$here/gce_metadata.py" 172.31.1.1 "$dir/hold" "$dir/rounds" >"$dir/gce.log" 2>&1 &
    started+=($!)
    ip netns exec "$lab-host" nft -f - <<'RULES'
table ip footprint {
    chain out {
        type nat hook output priority -100
        ip daddr 169.254.169.254 tcp dport 80 meta skuid 0 dnat to 172.31.1.1:80
    }
}
RULES
}

install_ours() {
    cp "$packages"/hcloud-agent_*.deb "$dir/tree/root/"
    inside dpkg -i "/root/$(basename "$packages"/hcloud-agent_*.deb)" >"$dir/apt" 2>&1 || fail "$(cat "$dir/apt")"
    write_token
    use_simulator
}

google_configured() { [ "$(net route show table local proto 66 | wc -l)" -eq 4 ]; }
both_work() {
    inside hcloud-agent wait online --timeout 60s
    wait_for configured
    wait_for google_configured
}

counted() { inside hcloud-agent -o json status | jq "$1"; }
counts() { counted '"\(.metadata.rounds) \(.api.rounds) \(.counters.cycles)"' | tr -d '"'; }

# Ours: 360 rounds of metadata, 60 of the API, and 60 looks at the host, which a minute of its own would each bring:
# here an event that is none of its business does. Google's: 60 long polls that end after a second. It refreshes its
# addresses every 70 s of real time, which cannot be hurried: fewer of those than in an hour.
an_hour_in_a_row() {
    local i before after
    inside sed -i 's|^  #interval: 10s|  interval: 160ms|; s|^  #interval: 1m|  interval: 1s|' /etc/hcloud-agent/config.yaml
    echo 1 >"$dir/hold"
    inside systemctl restart hcloud-agent google-guest-agent
    both_work
    before=($(counts))
    : >"$dir/rounds"
    sample hour-before ours
    sample hour-before google
    for i in $(seq 60); do
        net link set lo alias "minute-$i"
        sleep 1
    done
    until after=($(counts)) && [ $((after[0] - before[0])) -ge 360 ] && [ $((after[1] - before[1])) -ge 60 ]; do sleep 1; done
    sample hour-after ours
    until [ "$(stat -c %s "$dir/rounds")" -ge 60 ]; do sleep 0.2; done
    sample hour-after google
    echo "   ours: $((after[0] - before[0])) rounds of metadata, $((after[1] - before[1])) of the API, $((after[2] - before[2])) looks at the host;" \
        "google's: $(stat -c %s "$dir/rounds") long polls"
}

at_their_own_pace() {
    local before after who
    before=($(counts))
    : >"$dir/rounds"
    for who in ours google; do sample real-before $who; done
    sleep $((minutes * 60))
    for who in ours google; do sample real-after $who; done
    after=($(counts))
    echo "   in $minutes minutes: ours: $((after[0] - before[0])) rounds of metadata, $((after[1] - before[1])) of the API," \
        "$((after[2] - before[2])) looks at the host; google's: $(stat -c %s "$dir/rounds") long polls"
}

make_cloud
make_tree none
install_others
public_nic_by_hand
start_gce
boot
mkdir "$measured"
cp "$here/footprint.py" "$dir/tree/root/"
install_ours
measure size ours size hcloud-agent
measure size google size google-guest-agent
measure size cli size hcloud-cli

say "starts; load of this machine: $(cut -d' ' -f1-3 /proc/loadavg)"
inside systemctl start google-guest-agent
inside systemctl start hcloud-agent
both_work
for who in ours google; do
    measure first $who first "$(unit_of $who)"
    measure ready $who ready "$(unit_of $who)" 7
done
measure start ours start hcloud-agent --help
measure start cli start hcloud --help
both_work

say "both at their own pace"
at_their_own_pace
say "an hour's rounds in a row"
an_hour_in_a_row
inside systemctl stop ssh
for who in ours google; do sample alone $who; done
say "what is private to hcloud-agent, with no sshd"
inside python3 /root/footprint.py mappings "$(inside systemctl show -p MainPID --value hcloud-agent)"

say "side by side; load of this machine: $(cut -d' ' -f1-3 /proc/loadavg)"
inside python3 /root/footprint.py table /root/measured
echo "dependencies of hcloud-agent beyond the base system: $(jq -r '.names | join(" ")' "$measured/size.ours")"
