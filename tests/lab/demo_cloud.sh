# The demo's stage, sourced by tests/demo.sh: three namespaces (cloud, server, client), the simulator in the
# first, and the words of the story. Needs $bin and $dir.

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi

say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# show NAMESPACE COMMAND: prints the command, then what it says; its exit code.
show() {
    printf '\n  %s%s #%s %s\n' "$dim" "$1" "$plain" "$2"
    ip netns exec "$1" env PATH="$dir/bin:$PATH" sh -c "$2" 2>&1 | sed 's/^/    /'
}

# plug BRIDGE NAME MAC: a NIC of the server's, on a network of the cloud's.
plug() {
    ip -n cloud link add "p-$2" type veth peer name "$2" netns server address "$3"
    ip -n cloud link set "p-$2" master "$1" up
}

make_network() {
    ip -n cloud link add "$1" type bridge
    ip -n cloud link set "$1" up
    ip -n cloud addr add "$2" dev "$1"
}

make_cloud() {
    local ns
    for ns in cloud server client; do
        ip netns add $ns
        ip -n $ns link set lo up
    done
    ip netns exec cloud sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
        net.ipv4.conf.default.send_redirects=0 net.ipv4.conf.all.send_redirects=0
    make_network public 172.31.1.1/32
    make_network backend 10.0.0.1/32
    make_network storage 10.1.0.1/32
    ip -n cloud addr add 169.254.169.254/32 dev public
    plug public eth0 96:00:00:00:00:2a
    plug backend enp7s0 86:00:00:2a:7d:e0
    plug storage enp8s0 86:00:00:2a:7d:e1
    make_server
    make_client
    start_simulator
}

# What the image and DHCP leave behind: the public NIC configured, the private ones not even up.
make_server() {
    ip -n server link set eth0 up
    ip -n server addr add 203.0.113.10/32 dev eth0
    ip -n server addr add 2001:db8:42::1/64 dev eth0 nodad
    ip -n server route add 172.31.1.1 dev eth0
    ip -n server route add default via 172.31.1.1 dev eth0
    ip -n server -6 route add default via fe80::1 dev eth0
    # The provider's routers: they know where each address is.
    ip -n cloud addr add fe80::1/64 dev public nodad
    ip -n cloud route add 203.0.113.0/24 dev public
    ip -n cloud -6 route add 2001:db8:77::/64 dev public
    ip -n cloud route add 10.0.0.0/24 dev backend
}

# Another server of the project: one NIC on the internet, one in the private network.
make_client() {
    ip -n cloud link add to-client type veth peer name eth0 netns client
    ip -n cloud link set to-client up
    ip -n cloud addr add 198.51.100.1/24 dev to-client
    ip -n cloud addr add 2001:db8:51::1/64 dev to-client nodad
    ip -n cloud link add p-client type veth peer name enp7s0 netns client
    ip -n cloud link set p-client master backend up
    ip -n client link set eth0 up
    ip -n client link set enp7s0 up
    ip -n client addr add 198.51.100.2/24 dev eth0
    ip -n client addr add 2001:db8:51::2/64 dev eth0 nodad
    ip -n client addr add 10.0.0.9/32 dev enp7s0
    ip -n client route add default via 198.51.100.1
    ip -n client -6 route add default via 2001:db8:51::1
    ip -n client route add 10.0.0.1 dev enp7s0
    ip -n client route add 10.0.0.0/16 via 10.0.0.1 src 10.0.0.9
}

start_simulator() {
    {
        echo 'tokens: {demo-token: read-write}'
        echo 'action_duration: 300ms'
        cat tests/lab/example_cloud.yaml
    } >"$dir/cloud.yaml"
    cat >"$dir/config.yaml" <<'CONFIG'
api: {endpoint: "http://127.0.0.1:8080/v1", interval: 1s}
metadata: {interval: 1s}
network: {dhcp_grace: 1s}
CONFIG
    echo 42 >"$dir/dmi-serial"
    mkdir "$dir/bin"
    cat >"$dir/bin/hcloud-agent" <<AGENT
#!/bin/sh
export HCLOUD_TOKEN=demo-token CREDENTIALS_DIRECTORY=$dir NO_COLOR=1
exec $bin/hcloud-agent --config $dir/config.yaml --runtime-dir $dir/run "\$@"
AGENT
    chmod +x "$dir/bin/hcloud-agent"
    ip netns exec cloud "$bin/hcloud-simulator" --state "$dir/cloud.yaml" --listen 169.254.169.254:80 \
        --listen 172.31.1.1:8080 >"$dir/simulator.log" 2>&1 &
    wait_for grep -q 172.31.1.1:8080 "$dir/simulator.log"
    # The agent's token crosses no network in clear text, not even this one: loopback, and a pipe to the cloud.
    ip netns exec server socat TCP-LISTEN:8080,bind=127.0.0.1,fork,reuseaddr TCP:172.31.1.1:8080 &
}

start_agent() {
    ip netns exec server ip -ts monitor address >"$dir/monitor" 2>&1 &
    ip netns exec server "$dir/bin/hcloud-agent" run >"$dir/agent.log" 2>&1 &
    agent=$!
    wait_for grep -q 'ready: ' "$dir/agent.log"
}

stop_agent() {
    kill "$agent"
    wait "$agent"
}

# api METHOD PATH BODY: as the cloud console would.
api() {
    printf '\n  %scloud #%s %s /v1/%s %s\n' "$dim" "$plain" "$1" "$2" "$3"
    ip netns exec cloud curl -sS --fail-with-body --noproxy '*' -X "$1" -H 'Authorization: Bearer demo-token' \
        -H 'Content-Type: application/json' -d "$3" "http://172.31.1.1:8080/v1/$2" >"$dir/answer"
}

has() { [[ "$(ip -n server -o addr show dev "$2")" == *" $1/"* ]]; }
has_not() { ! has "$@"; }
until_there() { wait_for has "$1" "$2"; }
until_gone() { wait_for has_not "$1" "$2"; }

# From the kernel's own notices: the latest deletion of 203.0.113.77 and the addition that followed.
repair_time() {
    wait_for awk -v seen=0 '/Deleted.*203.0.113.77/ {seen = 1} seen && !/Deleted/ && /203.0.113.77/ {found = 1}
        END {exit !found}' "$dir/monitor"
    awk -F'[][T]' '/203.0.113.77/ {
            split($3, t, ":"); ms = (t[1] * 3600 + t[2] * 60 + t[3]) * 1000
            if (/Deleted/) gone = ms; else if (gone) { back = ms - gone; gone = 0 }
        } END {printf "\n    It was away for %.1f ms.\n", back}' "$dir/monitor"
}

# wait_for COMMAND…: until it succeeds; after minutes it is a failure.
wait_for() {
    local i
    for i in $(seq 6000); do
        "$@" 2>/dev/null && return
        sleep 0.05
    done
    echo "waited in vain for: $*" >&2
    sed 's/^/    /' "$dir"/*.log >&2
    return 1
}
