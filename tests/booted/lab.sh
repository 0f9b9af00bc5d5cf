# A booted Debian with a Hetzner Cloud outside it; sourced by the cases. Needs $root (a Debian tree), $bin (the
# programs), $packages (the debs) and root's rights.
#
#   cloud namespace: the provider's routers, the simulator, and (on request) a DHCP server
#   machine: its own namespace with eth0, enp7s0, enp8s0, and a real systemd in it

# Machines share the control groups of the caller (--keep-unit): the units of two would be in each other's way.
exec {one_machine}>/var/tmp/hcloud-booted.lock
flock "$one_machine"

lab=hcloud-booted-$$
dir=$(mktemp -d /var/tmp/hcloud-booted.XXXXXX)
started=()
others=() # more namespaces
trap end_lab EXIT

say() { printf '%s\n' "-- $*"; }
fail() {
    echo "FAILED: $*" >&2
    [ -n "${leader:-}" ] && inside journalctl -b --no-pager -n 60 >&2 || true
    exit 1
}

# wait_for COMMAND…: until it succeeds. Ten minutes without that mean that it never will.
wait_for() {
    local end=$((SECONDS + 600))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "waited ten minutes for: $*"
        sleep 0.1
    done
}

# The machine's network, seen from outside it.
net() { ip -n "$lab-host" "$@"; }
# inside COMMAND…: in the machine.
inside() { nsenter -t "$leader" -a -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"; }

plug() {
    ip -n "$lab-cloud" link add "p-$2" type veth peer name "$2" netns "$lab-host" address "$3"
    ip -n "$lab-cloud" link set "p-$2" master "$1" up
}

make_bridge() {
    ip -n "$lab-cloud" link add "$1" type bridge
    ip -n "$lab-cloud" link set "$1" up
    ip -n "$lab-cloud" addr add "$2" dev "$1"
}

# The provider's routers and its certificate.
make_provider() {
    ip netns add "$lab-cloud"
    ip -n "$lab-cloud" link set lo up
    make_bridge public 172.31.1.1/32
    make_bridge backend 10.0.0.1/32
    make_bridge storage 10.1.0.1/32
    ip -n "$lab-cloud" addr add 169.254.169.254/32 dev public
    ip -n "$lab-cloud" addr add fe80::1/64 dev public nodad
    ip -n "$lab-cloud" route add 203.0.113.0/24 dev public
    ip -n "$lab-cloud" route add 10.0.0.0/24 dev backend
    ip -n "$lab-cloud" route add 10.1.0.0/24 dev storage
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=simulator -days 2 \
        -addext subjectAltName=IP:172.31.1.1 -keyout "$dir/key.pem" -out "$dir/ca.pem" 2>/dev/null
}

make_cloud() {
    make_provider
    ip netns add "$lab-host"
    plug_all
    {
        echo 'tokens: {booted-token: read-write}'
        cat "$(dirname "${BASH_SOURCE[0]}")/../lab/example_cloud.yaml"
    } >"$dir/cloud.yaml"
    start_simulator
}

plug_all() {
    plug public eth0 96:00:00:00:00:2a
    plug backend enp7s0 86:00:00:2a:7d:e0
    plug storage enp8s0 86:00:00:2a:7d:e1
}

# A reboot: the kernel's memory of the NICs is gone.
replace_nics() {
    local nic
    for nic in eth0 enp7s0 enp8s0; do net link del $nic; done
    plug_all
    public_nic_by_hand
}

# start_simulator OPTION…
start_simulator() {
    ip netns exec "$lab-cloud" "$bin/hcloud-simulator" --state "$dir/cloud.yaml" --listen 169.254.169.254:80 --listen-tls 172.31.1.1:443 \
        --tls-certificate "$dir/ca.pem" --tls-key "$dir/key.pem" "$@" >"$dir/simulator.log" 2>&1 &
    simulator=$!
    wait_for grep -q 172.31.1.1:443 "$dir/simulator.log"
}

stop_simulator() {
    kill "$simulator"
    wait "$simulator" || true
}

# make_tree MANAGER: the machine's tree is $root and what this run writes over it. MANAGER is who configures the
# NICs: systemd-networkd, NetworkManager, networking (ifupdown), or none.
make_tree() {
    local manager
    mkdir "$dir/upper" "$dir/work" "$dir/tree"
    mount -t overlay overlay -o "lowerdir=$root,upperdir=$dir/upper,workdir=$dir/work" "$dir/tree"
    echo web1 >"$dir/tree/etc/hostname"
    rm -f "$dir/tree/etc/resolv.conf"
    : >"$dir/tree/etc/resolv.conf"
    : >"$dir/tree/etc/machine-id"
    # What the hypervisor would put into DMI.
    echo 42 >"$dir/tree/etc/dmi-serial"
    mkdir -p "$dir/tree/etc/systemd/system/hcloud-agent.service.d"
    printf '[Service]\nLoadCredential=dmi-serial:/etc/dmi-serial\n' \
        >"$dir/tree/etc/systemd/system/hcloud-agent.service.d/lab.conf"
    cp "$dir/ca.pem" "$dir/tree/etc/lab-ca.pem"
    for manager in systemd-networkd NetworkManager networking; do
        [ $manager != "$1" ] || continue
        ln -sf /dev/null "$dir/tree/etc/systemd/system/$manager.service"
        ln -sf /dev/null "$dir/tree/etc/systemd/system/$manager-wait-online.service"
    done
}

# The image's own work on the public NIC, for machines where no manager does it.
public_nic_by_hand() {
    net link set lo up
    net link set eth0 up
    net addr add 203.0.113.10/32 dev eth0
    net route add 172.31.1.1 dev eth0
    net route add default via 172.31.1.1 dev eth0
}

boot() {
    # A server may write its own network's sysctls.
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=network systemd-nspawn --quiet --register=no --keep-unit --capability=CAP_NET_ADMIN --directory="$dir/tree" \
        --network-namespace-path="/run/netns/$lab-host" --boot --console=read-only </dev/null >"$dir/console" 2>&1 &
    nspawn=$!
    leader=
    wait_for find_leader
    leader=$(pgrep -P "$nspawn" | head -1)
    wait_for booted
}

# apt_install DEB: in the machine.
apt_install() {
    cp "$1" "$dir/tree/root/"
    inside apt-get install -y -o Dpkg::Options::=--force-confold "/root/$(basename "$1")" >"$dir/apt" 2>&1 || fail "$(cat "$dir/apt")"
}

write_token() { inside sh -c 'umask 077; echo booted-token >/etc/hcloud-agent/token'; }

# The configuration that the package brings, with the simulator in the API's place.
use_simulator() {
    inside sed -i 's|#endpoint: https://api.*|endpoint: https://172.31.1.1/v1|; s|#ca_file: .*|ca_file: /etc/lab-ca.pem|' \
        /etc/hcloud-agent/config.yaml
}

find_leader() { pgrep -P "$nspawn"; }
booted() {
    case $(inside systemctl is-system-running 2>/dev/null) in
        running | degraded) return 0 ;;
        *) return 1 ;;
    esac
}

power_off() {
    kill -s RTMIN+4 "$leader"
    wait "$nspawn" || true
    leader=
}

end_lab() {
    set +e
    trap '' TERM INT # whoever ends the lab does so once
    [ -n "${leader:-}" ] && power_off
    [ ${#started[@]} -gt 0 ] && kill "${started[@]}" 2>/dev/null
    kill "${simulator:-}" 2>/dev/null
    wait 2>/dev/null
    umount "$dir/tree" 2>/dev/null
    ip netns del "$lab-cloud" 2>/dev/null
    ip netns del "$lab-host" 2>/dev/null
    for other in "${others[@]}"; do ip netns del "$other"; done
    rm -rf "$dir"
}

# has ADDRESS/LENGTH LINK
has() { [[ "$(net -o addr show dev "$2")" == *" $1 "* ]]; }
configured() {
    has 203.0.113.77/32 eth0 && has 2001:db8:77::1/64 eth0 && has 10.0.0.2/32 enp7s0 && has 10.0.0.3/32 enp7s0 &&
        has 10.0.0.4/32 enp7s0 && has 10.1.0.2/32 enp8s0 && has 10.1.0.3/32 enp8s0
}
