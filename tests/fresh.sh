#!/usr/bin/env bash
# The README's two commands in a Debian 12 that has nothing else: needs root. The machine's own apt configuration says where
# packages come from. The Debian is made anew each time, and removed.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

[ "$(id -u)" -eq 0 ] || { echo "tests/fresh.sh: needs root, to make a Debian" >&2; exit 1; }
install_packages mmdebstrap git
root=$(mktemp -d /var/tmp/hcloud-fresh.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT

mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$root"
cp -a /etc/apt/. "$root/etc/apt/"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
git clone -q --no-hardlinks . "$root/root/hcloud-agent"

# In namespaces of its own, so that nothing that is mounted or started there outlives it.
fresh() {
    unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" -- bash -euc '
        mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash -c "cd /root/hcloud-agent && $2"' \
        - "$root" "$1"
}
fresh 'time tests/demo.sh'
fresh 'time tests/run.sh'
