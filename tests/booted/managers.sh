#!/usr/bin/env bash
# Beside each manager of NICs, with DHCP from a real dnsmasq: the manager restarts, reloads and configures anew.
# Ours are put back because the kernel says that they are gone: the agent asks nobody for an hour. Theirs are untouched,
# and nobody fights.
set -euo pipefail
. "$(dirname "$0")/lab.sh"

start_dhcp() {
    local nic ip router
    # dnsmasq serves subnets that it is in itself.
    ip -n "$lab-cloud" addr add 203.0.113.1/24 dev public
    ip -n "$lab-cloud" addr add 10.0.0.254/24 dev backend
    ip -n "$lab-cloud" addr add 10.1.0.254/24 dev storage
    # As the provider's: a /32, and since August 2025 no router on private networks.
    for nic in public:203.0.113.10 backend:10.0.0.2 storage:10.1.0.2; do
        ip=${nic#*:}
        router=--dhcp-option=3
        [ "${nic%%:*}" = public ] && router=--dhcp-option=121,172.31.1.1/32,0.0.0.0,0.0.0.0/0,172.31.1.1
        ip netns exec "$lab-cloud" dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface="${nic%%:*}" --bind-interfaces \
            --leasefile-ro --no-ping --dhcp-authoritative --dhcp-range="$ip,$ip,255.255.255.0" --dhcp-option=1,255.255.255.255 $router >"$dir/dnsmasq-${nic%%:*}" 2>&1 &
        started+=($!)
    done
}

configure_manager() {
    local tree=$dir/tree nic
    case $manager in
        systemd-networkd)
            for nic in eth0 enp7s0 enp8s0; do
                printf '[Match]\nName=%s\n[Network]\nDHCP=ipv4\n' $nic >"$tree/etc/systemd/network/10-$nic.network"
            done
            ln -sf /lib/systemd/system/systemd-networkd.service "$tree/etc/systemd/system/multi-user.target.wants/"
            ;;
        NetworkManager)
            # Debian's default leaves alone what it has no profile for; these are profiles.
            for nic in eth0 enp7s0 enp8s0; do
                printf '[connection]\nid=%s\ntype=ethernet\ninterface-name=%s\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=link-local\n' \
                    $nic $nic >"$tree/etc/NetworkManager/system-connections/$nic.nmconnection"
                chmod 600 "$tree/etc/NetworkManager/system-connections/$nic.nmconnection"
            done
            ;;
        networking)
            { for nic in eth0 enp7s0 enp8s0; do printf 'auto %s\niface %s inet dhcp\n' $nic $nic; done; } \
                >"$tree/etc/network/interfaces"
            ;;
        netplan)
            printf 'network:\n  version: 2\n  ethernets:\n' >"$tree/etc/netplan/50-cloud-init.yaml"
            for nic in eth0 enp7s0 enp8s0; do
                printf '    %s: {dhcp4: true}\n' $nic >>"$tree/etc/netplan/50-cloud-init.yaml"
            done
            chmod 600 "$tree/etc/netplan/50-cloud-init.yaml"
            ln -sf /lib/systemd/system/systemd-networkd.service "$tree/etc/systemd/system/multi-user.target.wants/"
            ;;
    esac
}

# What the manager is asked to do, one a line.
upheavals() {
    case $manager in
        systemd-networkd) printf '%s\n' "systemctl restart systemd-networkd" "networkctl reload" "networkctl reconfigure eth0 enp7s0 enp8s0" ;;
        NetworkManager) printf '%s\n' "systemctl restart NetworkManager" "nmcli connection reload" "nmcli device reapply eth0" "nmcli device reapply enp7s0" ;;
        networking) printf '%s\n' "systemctl restart networking" "ifup --force enp7s0" ;;
        # `netplan apply` wants udev, which no container has: what it does besides that.
        netplan) printf '%s\n' "netplan generate" "systemctl restart systemd-networkd" "networkctl reconfigure eth0 enp7s0 enp8s0" ;;
    esac
}

ours='203.0.113.77/32 2001:db8:77::1/64 10.0.0.3/32 10.0.0.4/32 10.1.0.3/32'

# From the kernel's notices: for how long each of ours was away, the longest in ms; and how often one was taken.
absence() {
    awk -v ours="$ours" '
        BEGIN { n = split(ours, list, " "); for (i = 1; i <= n; i++) mine[list[i]] = 1 }
        match($0, /^\[[0-9T:.-]+\]/) {
            split(substr($0, RSTART + 12, RLENGTH - 13), t, ":")
            ms = (t[1] * 3600 + t[2] * 60 + t[3]) * 1000
            for (i = 1; i <= NF; i++) if ($i in mine) {
                if (/Deleted/) { gone[$i] = ms; taken++ }
                else if ($i in gone) { if (ms - gone[$i] > longest) longest = ms - gone[$i]; delete gone[$i] }
            }
        }
        END { printf "%.1f %d %d\n", longest, taken, length(gone) }' "$dir/monitor"
}

upheaval() {
    local longest taken missing before
    before=$(inside hcloud-agent -o json status | jq .counters.changes)
    ip netns exec "$lab-host" ip -ts -o monitor address >"$dir/monitor" &
    started+=($!)
    monitor=$!
    # shellcheck disable=SC2086
    inside $1 >"$dir/upheaval" 2>&1 || fail "$1: $(cat "$dir/upheaval")"
    wait_for configured
    inside hcloud-agent wait configured --timeout 600s
    wait_for lease_is_there
    wait_for theirs_are_theirs
    kill $monitor
    read -r longest taken missing < <(absence)
    changes=$(($(inside hcloud-agent -o json status | jq .counters.changes) - before))
    printf '   %-46s ours taken %2d times, away for %6.1f ms at most, %d changes of ours\n' "$1" "$taken" "$longest" "$changes"
    [ "$missing" -eq 0 ] || fail "$1: ours are missing"
    [ "$taken" -le 15 ] || fail "$1: a fight: ours were taken $taken times"
}

# The managers' own addresses: the agent has neither taken nor replaced them.
theirs_are_theirs() {
    local status
    status=$(inside hcloud-agent -o json status)
    [ "$(jq -r '[.items[] | select(.what | startswith("private ")) | .state] | unique | join(" ")' <<<"$status")" = adopted ] &&
        has 203.0.113.10/32 eth0
}

lease_is_there() { has 203.0.113.10/32 eth0; }

manager=$1
managed=$manager
[ $managed = netplan ] && managed=systemd-networkd
make_cloud
start_dhcp
make_tree $managed
configure_manager
boot
wait_for lease_is_there
say "$manager has configured the NICs"
apt_install "$packages"/hcloud-agent_*.deb
write_token
use_simulator
inside sed -i 's|#interval: .*|interval: 1h|' /etc/hcloud-agent/config.yaml
inside hcloud-agent config check
inside systemctl enable --now hcloud-agent
wait_for configured
inside hcloud-agent wait configured --timeout 600s
while read -r what; do upheaval "$what"; done < <(upheavals)
contested=$(inside hcloud-agent -o json status | jq '[.items[] | select(.state == "contested")] | length')
[ "$contested" -eq 0 ] || fail "$contested addresses are contested"
echo "managers: $manager passed"
