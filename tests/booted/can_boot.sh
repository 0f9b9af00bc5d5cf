#!/usr/bin/env bash
# Whether tests/booted can run here: root, overlay mounts, and a container with a network of its own. Says what is missing.
set -euo pipefail

[ "$(id -u)" -eq 0 ] || { echo "needs root"; exit 1; }
dir=$(mktemp -d /var/tmp/hcloud-booted.XXXXXX)
name=hcloud-probe-$$
clean() {
    umount "$dir/tree" 2>/dev/null || true
    ip netns del $name 2>/dev/null || true
    rm -rf "$dir"
}
trap clean EXIT
mkdir "$dir/upper" "$dir/work" "$dir/tree"
ip netns add $name || { echo "cannot make a network namespace"; exit 1; }
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" "$dir/tree" || { echo "cannot mount an overlay"; exit 1; }
systemd-nspawn --quiet --register=no --keep-unit --capability=CAP_NET_ADMIN --directory="$dir/tree" \
    --network-namespace-path="/run/netns/$name" --console=pipe /bin/true </dev/null || { echo "systemd-nspawn cannot start a container"; exit 1; }
