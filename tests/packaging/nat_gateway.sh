#!/bin/sh
# nat_gateway.sh EXAMPLE: the NAT gateway's user data, in namespaces of its own. A server behind it reaches the
# internet but never the metadata service, the gateway reaches both, and nobody outside reaches the server.
set -eu
if [ "${2:-}" != inside ]; then exec unshare -rnm "$0" "$1" inside; fi

fail() { echo "nat_gateway: $*" >&2; exit 1; }
in_ns() { ip netns exec "$@"; }
written() {
    python3 -c 'import sys, yaml
files = yaml.safe_load(open(sys.argv[1]))["write_files"]
print(next(f["content"] for f in files if f["path"] == sys.argv[2]))' "$example" "$1"
}

example=$1
mount -t tmpfs none /run
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# The private network on one side; on the other the internet, where the metadata service happens to be. It knows no
# way back to private addresses.
ip link set lo up
for side in server internet; do
    ip netns add $side
    ip link add $side type veth peer name eth0 netns $side
    ip link set $side up
    ip -n $side link set lo up
    ip -n $side link set eth0 up
done
ip address add 10.0.0.2/16 dev server
ip -n server address add 10.0.0.3/16 dev eth0
ip -n server route add default via 10.0.0.2
ip address add 203.0.113.2/24 dev internet
ip route add default via 203.0.113.1
ip -n internet address add 203.0.113.1/24 dev eth0
ip -n internet address add 169.254.169.254/32 dev lo

in_ns server ping -c 1 -W 1 203.0.113.1 >/dev/null && fail "the test's own network forwards already"
written /etc/sysctl.d/50-nat-gateway.conf >"$folder/sysctl.conf"
written /etc/nftables.conf >"$folder/nftables.conf"
sysctl -q -p "$folder/sysctl.conf"
nft -f "$folder/nftables.conf"
nft -f "$folder/nftables.conf"  # as a restart of nftables.service does

in_ns server ping -c 1 -W 300 203.0.113.1 >/dev/null || fail "the server does not reach the internet"
ping -c 1 -W 300 169.254.169.254 >/dev/null || fail "the gateway does not reach its metadata service"
asked=$(in_ns server ping -c 1 -W 300 169.254.169.254) && fail "the server reaches the gateway's metadata"
case $asked in *"Destination Net Unreachable"*) ;; *) fail "it is not refused at once: $asked" ;; esac
ip -n internet route add 10.0.0.0/16 via 203.0.113.2
in_ns internet ping -c 1 -W 1 10.0.0.3 >/dev/null && fail "the internet reaches the server"
exit 0
