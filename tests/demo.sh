#!/usr/bin/env bash
# The main job in under a minute: installs what is missing, builds, and shows the agent configure a simulated
# server in network namespaces of its own. Nothing outside them is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

if [ "${1:-}" != inside ]; then
    # shellcheck disable=SC2086
    install_packages $build_packages $demo_packages
    # The tests would want packages that the demo does not. A build that has them keeps them.
    without_tests=(-D HCLOUD_TESTS=OFF)
    [ ! -e build/release/CMakeCache.txt ] || without_tests=()
    configure_and_build release -D HCLOUD_SIMULATOR=ON "${without_tests[@]}" -- hcloud-agent hcloud-simulator
    # A user namespace of our own where that is allowed; otherwise (a chroot, some containers) as root.
    flags=-Urnm
    unshare $flags true 2>/dev/null || flags=-nm
    exec unshare $flags "$0" inside
fi

bin=$PWD/build/release/bin
dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
mount -t tmpfs tmpfs /run # for ip netns
. tests/lab/demo_cloud.sh

make_cloud
say "A new server. Its private NICs are down; nobody has configured its floating IPs."
show server "ip -br addr show; ip route"

say "What would the agent do?"
show server "hcloud-agent plan" || [ $? -eq 2 ] # "there are changes"

say "The agent runs."
start_agent
show server "ip -br addr show; ip route"
show server "hcloud-agent status"

say "From another machine: a floating IP and an alias IP answer."
show client "ping -c 1 -W 5 203.0.113.77 | head -2"
show client "ping -c 1 -W 5 2001:db8:77::1 | head -2"
show client "ping -c 1 -W 5 10.0.0.3 | head -2"

say "Somebody deletes an address. It is back at once:"
show server "ip addr del 203.0.113.77/32 dev eth0"
until_there 203.0.113.77 eth0
show server "ip -br -4 addr show eth0"
repair_time

say "In the cloud, an alias IP is added ..."
api POST servers/42/actions/change_alias_ips '{"network": 4711, "alias_ips": ["10.0.0.3", "10.0.0.4", "10.0.0.5"]}'
until_there 10.0.0.5 enp7s0
show server "ip -br -4 addr show enp7s0"

say "... and the floating IP is unassigned."
api POST floating_ips/478/actions/unassign '{}'
until_gone 203.0.113.77 eth0
show server "ip -br -4 addr show eth0"

say "The agent stops. What it configured stays:"
stop_agent
show server "ip -br addr show"

say "That was the main job. What the agent said of it:"
sed 's/^/    /' "$dir/agent.log"
