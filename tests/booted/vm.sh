#!/usr/bin/env bash
# A virtual server from power-on to configured, unattended: real cloud-init with its Hetzner data source, udev, and
# the package's own example of user data. Then a NIC is plugged in, and then DHCP takes metadata away.
#
# By hand, as root, in about five minutes (and four more the first time, to make the disk):
#     tests/booted/run.sh vm
# It needs qemu-system-x86, which emulates the processor; HCLOUD_VM is where the disk is kept (.cache/vm).
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/setup.sh
. tests/booted/lab.sh
. tests/booted/vm_lab.sh

# shellcheck disable=SC2086
install_packages $vm_packages
make_image

deb=$(echo "$packages"/hcloud-agent_*.deb)

# The example with what its marks ask for, and with the simulator's address and certificate.
user_data() {
    awk -v ca="$dir/ca.pem" '
        { print }
        /^write_files:/ {
            print "  - path: /etc/lab-ca.pem\n    content: |"
            while ((getline line <ca) > 0) print "      " line
        }' packaging/examples/cloud-init-deb.yaml |
        sed -e '/^      metadata: /a\      api: {endpoint: "https://172.31.1.1/v1", ca_file: /etc/lab-ca.pem}' \
            -e 's|content: "0*"  # <--.*|content: vm-token|' \
            -e "s|package=https.*|package=http://172.31.1.1:8080/$(basename "$deb")|"
}

# The example cloud, but that its server has an ssh key and user data, and its backend network is yet to be attached.
order_server() {
    ssh-keygen -q -t ed25519 -N '' -C lab -f "$dir/key"
    user_data >"$dir/user_data"
    sim_patch "$(jq -n --rawfile key "$dir/key.pub" --rawfile data "$dir/user_data" --argjson storage "$storage" \
        '{servers: {"42": {public_keys: [$key | rtrimstr("\n")], user_data: $data, private_net: [$storage]}}}')"
}

# The private NIC is netplan's from now on.
ask_dhcp() {
    inside "umask 077; echo 'network: {version: 2, ethernets: {private: {match: {macaddress: \"86:00:00:2a:7d:e0\"}, dhcp4: true}}}' \
        >/etc/netplan/60-private.yaml; netplan apply" >"$dir/netplan" 2>&1 || fail "$(cat "$dir/netplan")"
}

# Metadata asked through the private network gets no answer, as in August 2026.
make_black_hole() {
    ip netns exec "$lab-cloud" nft -f - <<'RULES'
table ip black_hole {
    chain prerouting {
        type filter hook prerouting priority raw;
        iifname "backend" ip daddr 169.254.169.254 counter drop
    }
}
RULES
}

swallowed() { ip netns exec "$lab-cloud" nft -j list table ip black_hole | jq '[.. | .counter? // empty | .packets] | add'; }

storage='{"network": 4712, "ip": "10.1.0.2", "alias_ips": ["10.1.0.3"], "mac_address": "86:00:00:2a:7d:e1"}'
# attach ALIASES: the server's private networks, backend with these.
attach() {
    sim_patch '{"servers": {"42": {"private_net": [
        {"network": 4711, "ip": "10.0.0.2", "alias_ips": ['"$1"'], "mac_address": "86:00:00:2a:7d:e0"}, '"$storage"']}}}'
}

start_cloud() {
    make_provider
    ip -n "$lab-cloud" route add 2001:db8:77::/64 dev public
    tap public eth0
    tap storage eth1
    tap backend eth2
    dhcp public 203.0.113.10 172.31.1.1/32,0.0.0.0,0.0.0.0/0,172.31.1.1
    dhcp backend 10.0.0.2 10.0.0.1/32,0.0.0.0,10.0.0.0/16,10.0.0.1,169.254.169.254/32,10.0.0.1
    make_black_hole
    {
        echo 'tokens: {vm-token: read-write}'
        cat tests/lab/example_cloud.yaml
    } >"$dir/cloud.yaml"
    start_simulator
    order_server
    mkdir "$dir/www"
    cp "$deb" "$dir/www/"
    ip netns exec "$lab-cloud" python3 -m http.server --bind 172.31.1.1 --directory "$dir/www" 8080 >"$dir/www.log" 2>&1 &
    started+=($!)
}

now() { date +%s.%N; }
seconds_since() { awk "BEGIN {printf \"%.1f s\", $(now) - $1}"; }
status_of() { inside "hcloud-agent -o json status" | jq -r "$1"; }
agent_start() {
    local from to
    from=$(inside systemctl show -p ExecMainStartTimestampMonotonic --value hcloud-agent)
    to=$(inside systemctl show -p ActiveEnterTimestampMonotonic --value hcloud-agent)
    echo $(((to - from) / 1000))
}
rounds_after() { [ "$(status_of .metadata.rounds)" -gt "$1" ]; }
leaves_by() { [[ $(inside ip route get 169.254.169.254) == *" dev $1 "* ]]; }
lease_took_metadata() { [ -n "$(inside ip route show 169.254.169.254/32 dev eth2)" ]; }
metadata_is_read() { inside curl -fsS --max-time 60 http://169.254.169.254/hetzner/v1/metadata/instance-id; }

start_cloud
[ -z "$(user_data | grep '^[^#].*<--')" ] || fail "a mark of the example is still in the user data"

say "power on"
began=$(now)
power_on
wait_for answer 203.0.113.77 2001:db8:77::1 10.1.0.2 10.1.0.3
echo "   from power-on to configured: $(seconds_since "$began")"
wait_for inside true
ssh_works=yes
wait_for inside test -e /var/lib/cloud/instance/boot-finished
inside cloud-init status --long
[[ $(inside cloud-init query cloud_name) == hetzner ]] || fail "cloud-init took another data source"
[ "$(inside hostname)" = web1 ] || fail "the hostname is not the cloud's"
inside hcloud-agent wait configured --timeout 600s
[ "$(status_of .identity)" = proven ] || fail "the identity is not proven by the DMI serial"
[ "$(status_of .api.state)" = ok ] || fail "the API does not answer"
inside test ! -e /etc/hcloud-agent/token || fail "the plain token is still there"
metadata_is_read >/dev/null || fail "root does not reach metadata"
inside setpriv --reuid nobody --regid nogroup --clear-groups curl -fsS --max-time 60 http://169.254.169.254/hetzner/v1/userdata 2>/dev/null &&
    fail "the guard lets nobody read the user data"
inside systemctl is-enabled hcloud-agent hcloud-agent-wait-online
echo "   of which the agent, from its start to READY: $(agent_start) ms"
inside systemd-analyze time --no-pager

say "a private network is attached, and its NIC plugged in"
began=$(now)
attach '"10.0.0.3"'
qmp '{"execute":"netdev_add","arguments":{"type":"tap","id":"n-eth2","ifname":"t-eth2","script":"no","downscript":"no"}}' \
    '{"execute":"device_add","arguments":{"driver":"virtio-net-pci","id":"eth2","netdev":"n-eth2","mac":"86:00:00:2a:7d:e0"}}'
wait_for answer 10.0.0.2 10.0.0.3
echo "   from the attachment to configured: $(seconds_since "$began")"
inside hcloud-agent wait configured --timeout 600s

say "DHCP on the private network leads metadata into a black hole"
ask_dhcp
wait_for lease_took_metadata
inside ip route show 169.254.169.254/32
wait_for leaves_by eth0
attach '"10.0.0.3", "10.0.0.4"'
wait_for answer 10.0.0.2 10.0.0.3 10.0.0.4 203.0.113.77 2001:db8:77::1 10.1.0.3
inside hcloud-agent wait configured --timeout 600s
# The round during which netplan took eth0 down may have failed; none does after it.
failed=$(status_of .metadata.failed_rounds)
rounds=$(status_of .metadata.rounds)
wait_for rounds_after $((rounds + 2))
[ "$(status_of '"\(.metadata.state) \(.metadata.failed_rounds)"')" = "ok $failed" ] || fail "metadata is not read any longer"
echo "   a new alias IP came by metadata; rounds of metadata since: 3 good, 0 failed"

say "the same without the agent, for comparison, and then with it"
inside "systemctl stop hcloud-agent; ip route del 169.254.169.254/32 dev eth0"
before=$(swallowed)
metadata_is_read 2>/dev/null && fail "there is no black hole: this test shows nothing"
[ "$(swallowed)" -gt "$before" ] || fail "metadata was not asked through the private network"
inside systemctl start hcloud-agent
wait_for leaves_by eth0
metadata_is_read >/dev/null || fail "the agent's route does not lead to metadata"
inside hcloud-agent wait configured --timeout 600s
echo "vm: passed"
