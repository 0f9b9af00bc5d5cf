# A whole virtual server with a Hetzner Cloud outside it; sourced by vm.sh after lab.sh. The processor is emulated
# in software: no KVM is needed, and everything takes its time. The server is reached by ssh, with a key that
# metadata brings, as a customer's is.

vm=${HCLOUD_VM:-$PWD/.cache/vm}

# What differs from a plain Debian: no archive is within reach, root may come in by ssh as at the provider's, and
# cloud-init configures by netplan (systemd-networkd notices NICs that come later; ifupdown, the other choice, does not).
make_image() {
    [ ! -e "$vm/disk.img" ] || return 0
    say "making a Debian in $vm"
    rm -rf "$vm"
    mkdir -p "$vm"
    # shellcheck disable=SC2086
    mmdebstrap --quiet --variant=important --include="$(echo $vm_machine_packages | tr ' ' ,)" bookworm "$vm/tree"
    : >"$vm/tree/etc/apt/sources.list"
    : >"$vm/tree/etc/resolv.conf"
    echo uninitialized >"$vm/tree/etc/machine-id"
    rm -rf "$vm"/tree/var/lib/apt/lists/* "$vm"/tree/etc/ssh/ssh_host_*
    cat >"$vm/tree/etc/cloud/cloud.cfg.d/90-lab.cfg" <<'CONFIG'
disable_root: false
locale: false
ssh_genkeytypes: [ed25519]
system_info: {network: {renderers: [netplan]}}
CONFIG
    mke2fs -q -t ext4 -d "$vm/tree" -L root "$vm/disk.new" 3G
    mv "$vm/disk.new" "$vm/disk.img"
}

# tap BRIDGE NIC: the cloud's end of the server's NIC.
tap() {
    ip netns exec "$lab-cloud" ip tuntap add "t-$2" mode tap
    ip -n "$lab-cloud" link set "t-$2" master "$1" up
}

nic() { printf '%s' "tap,id=n-$1,ifname=t-$1,script=no,downscript=no"; }

# dhcp BRIDGE ADDRESS ROUTES: a lease as the provider's, a /32 and classless routes (option 121).
dhcp() {
    # dnsmasq serves subnets that it is in itself.
    ip -n "$lab-cloud" addr add "${2%.*}.254/24" dev "$1"
    ip netns exec "$lab-cloud" dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface="$1" --bind-interfaces \
        --leasefile-ro --no-ping --dhcp-authoritative --dhcp-range="$2,$2,255.255.255.0" --dhcp-option=1,255.255.255.255 \
        --dhcp-option=3 --dhcp-option="121,$3" >"$dir/dnsmasq-$1" 2>&1 &
    started+=($!)
}

# The disk stays as it is: what the server writes goes into a file of this run's own.
power_on() {
    TMPDIR=$dir ip netns exec "$lab-cloud" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nographic -no-reboot \
        -kernel "$vm"/tree/boot/vmlinuz-* -initrd "$vm"/tree/boot/initrd.img-* \
        -append "root=/dev/vda rw console=ttyS0 net.ifnames=0" \
        -drive "file=$vm/disk.img,format=raw,if=virtio,snapshot=on" \
        -smbios type=1,manufacturer=Hetzner,product=vServer,serial=42 -qmp "unix:$dir/qmp,server,nowait" \
        -netdev "$(nic eth0)" -device virtio-net-pci,netdev=n-eth0,mac=96:00:00:00:00:2a \
        -netdev "$(nic eth1)" -device virtio-net-pci,netdev=n-eth1,mac=86:00:00:2a:7d:e1 \
        </dev/null >"$dir/console" 2>&1 &
    machine=$!
    started+=("$machine")
}

# qmp COMMAND…: each in JSON; all of them succeed.
qmp() {
    local answer
    answer=$(printf '%s\n' '{"execute":"qmp_capabilities"}' "$@" | socat -t 10 - "unix-connect:$dir/qmp")
    [ "$(grep -c '^{"return"' <<<"$answer")" -eq $(($# + 1)) ] || fail "QMP: $answer"
}

# inside COMMAND: a line for the shell of the server's root.
inside() {
    ip netns exec "$lab-cloud" ssh -n -i "$dir/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o ConnectTimeout=10 -o BatchMode=yes root@203.0.113.10 "$*"
}

fail() {
    echo "FAILED: $*" >&2
    [ -z "${machine:-}" ] || tail -n 40 "$dir/console" >&2
    [ -z "${ssh_works:-}" ] || inside "journalctl -b --no-pager -n 60; ip addr; ip route; hcloud-agent status" >&2 || true
    exit 1
}

# The simulator's own entrance. sim_patch JSON: changes the cloud, as its owner would.
sim_patch() {
    ip netns exec "$lab-cloud" curl -fsS -X PATCH -H 'Content-Type: application/json' -d "$1" http://169.254.169.254/_sim/state >"$dir/patched" ||
        fail "the simulator refuses $1"
}

# answer ADDRESS…: from the cloud each is heard.
answer() {
    local address
    for address in "$@"; do ip netns exec "$lab-cloud" ping -c 1 -W 1 "$address" || return; done
}
