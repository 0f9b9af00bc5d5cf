#!/usr/bin/env bash
# The package's life in a booted Debian: install, enable, reboot, upgrade, remove, purge.
set -euo pipefail
. "$(dirname "$0")/lab.sh"
. "$(dirname "$0")/rights.sh"

make_cloud
make_tree none
public_nic_by_hand
boot
make_users

# Everything that is not a run's own trace.
files() {
    inside find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log \
        -o -path /var/cache -o -path /root -o -path /var/lib/systemd -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path /var/lib/private \) -prune -o -print | sort
}
files >"$dir/before"

configure() {
    use_simulator
    inside hcloud-agent config check
}

# Writes down what there is when network-online.target is reached.
probe_network_online() {
    cat >"$dir/tree/etc/systemd/system/probe.service" <<'UNIT'
[Unit]
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'ip -o addr show >/var/lib/at-network-online'
[Install]
WantedBy=multi-user.target
UNIT
    inside systemctl enable probe.service
}

forget_probe() {
    inside systemctl disable probe.service
    rm -f "$dir/tree/etc/systemd/system/probe.service" "$dir/tree/var/lib/at-network-online"
}

# From basic.target to network-online.target, in ms.
after_basic() {
    local from to
    from=$(inside systemctl show -p ActiveEnterTimestampMonotonic --value basic.target)
    to=$(inside systemctl show -p ActiveEnterTimestampMonotonic --value network-online.target)
    echo $(((to - from) / 1000))
}

# `ip monitor` says nothing until something happens.
monitoring() {
    net link set lo alias probe-$RANDOM
    [ -s "$dir/monitor" ] && : >"$dir/monitor"
}

# Link-local addresses that duplicate address detection still looks at change by themselves.
no_tentative() { [ -z "$(net addr show tentative)" ]; }

no_unit() { [ -z "$(inside systemctl list-units --all --no-legend 'hcloud-agent*')" ]; }

some_configured() { has 203.0.113.77/32 eth0 || has 10.0.0.3/32 enp7s0; }

say "install"
apt_install "$packages"/hcloud-agent_*.deb
inside systemctl is-enabled hcloud-agent.service && fail "it is enabled without being asked for"
inside systemctl is-active hcloud-agent.service && fail "it runs without being asked for"
write_token
configure

say "enable"
inside systemctl enable --now hcloud-agent
configured || fail "enable --now returned before it was configured"
inside hcloud-agent status
# In the unit's place, as far as DMI is concerned: the machine below has another.
inside env CREDENTIALS_DIRECTORY=/run/credentials/hcloud-agent.service hcloud-agent doctor || fail "doctor finds fault with a healthy server"
inside systemd-analyze security --no-pager --threshold=20 hcloud-agent.service | tail -1 # at most 2.0
inside systemd-analyze verify hcloud-agent.service hcloud-agent-wait-online.service
inside setpriv --reuid nobody --regid nogroup --clear-groups cat /etc/hcloud-agent/token 2>/dev/null && fail "nobody reads the token"
check_group
check_encrypted_token
check_weak_sandbox
use_plain_token
[[ "$(inside journalctl -b -o export)" != *booted-token* ]] || fail "the token is in the journal"

say "reboot: configured before network-online.target"
probe_network_online
power_off
replace_nics
boot
configured || fail "the boot has ended, and it is not configured"
for address in 203.0.113.77/32 2001:db8:77::1/64 10.0.0.2/32 10.0.0.3/32 10.0.0.4/32 10.1.0.2/32 10.1.0.3/32; do
    inside grep -qF " $address " /var/lib/at-network-online || fail "$address was not there at network-online.target"
done
echo "   network-online.target $(after_basic) ms after basic.target"

say "upgrade: nothing changes on the host"
inside sh -c 'echo "# mine" >>/etc/hcloud-agent/config.yaml'
pid=$(inside systemctl show -p MainPID --value hcloud-agent)
wait_for no_tentative
ip netns exec "$lab-host" ip monitor address route link >"$dir/monitor" &
started+=($!)
wait_for monitoring
before=$(net addr show; net route show table all)
apt_install "$packages"/newer/hcloud-agent_*.deb
[ "$(inside dpkg-query -W -f '${Version}' hcloud-agent)" = 0.1.1-1 ] || fail "it is not the newer version"
[ "$(inside systemctl show -p MainPID --value hcloud-agent)" != "$pid" ] || fail "the upgrade did not restart it"
inside hcloud-agent wait configured --timeout 600s
inside grep -q '^# mine' /etc/hcloud-agent/config.yaml || fail "the upgrade lost the configuration"
[ ! -s "$dir/monitor" ] || fail "the upgrade touched the network: $(cat "$dir/monitor")"
[ "$before" = "$(net addr show; net route show table all)" ] || fail "addresses or routes differ"

say "remove: what is configured stays, and nothing of the agent runs"
inside apt-get remove -y hcloud-agent >"$dir/apt" 2>&1 || fail "$(cat "$dir/apt")"
configured || fail "removing the package took addresses away"
wait_for no_unit # systemd lists them for a moment longer
[ -z "$(inside systemctl list-unit-files --no-legend 'hcloud-agent*')" ] || fail "a unit file is left"
inside pgrep -u hcloud-agent && fail "a process is left"
inside test -S /run/hcloud-agent/agent.sock && fail "a socket is left"
inside test -e /etc/hcloud-agent/config.yaml || fail "removing took the configuration away"

say "purge: as if it had never been here"
inside apt-get purge -y hcloud-agent >"$dir/apt" 2>&1 || fail "$(cat "$dir/apt")"
forget_probe
files >"$dir/after"
diff "$dir/before" "$dir/after" || fail "the list of files differs"
inside test -e /run/hcloud-agent && fail "/run/hcloud-agent is left"
inside getent passwd hcloud-agent && fail "the user is left"

say "a boot without metadata"
apt_install "$packages"/hcloud-agent_*.deb
configure
inside systemctl enable hcloud-agent
probe_network_online
power_off
stop_simulator
replace_nics
boot
echo "   network-online.target $(after_basic) ms after basic.target"
# The boot has ended; and it was the unit that gave up, after the time that it gives itself.
[ "$(inside systemctl show -p ExecMainStatus --value hcloud-agent-wait-online.service)" = 75 ] ||
    fail "network-online.target was reached for another reason: $(inside systemctl status --no-pager hcloud-agent-wait-online.service)"
start_simulator
wait_for some_configured
echo "lifecycle: passed"
