#!/usr/bin/env bash
# Packages in a booted Debian 12 with a real systemd; needs root. Builds the packages and the tree of the machine
# where they are not there yet.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/setup.sh

if [ "$(id -u)" -ne 0 ]; then
    echo "tests/booted/run.sh: needs root, to boot a Debian in namespaces" >&2
    exit 1
fi
# shellcheck disable=SC2086
install_packages $build_packages $test_packages $booted_packages
build release packages
build=$PWD/build/release
(cd "$build" && cpack -G DEB -D CPACK_PACKAGE_VERSION=0.1.1 -B "$build/packages/newer" >"$build/cpack.log") || { cat "$build/cpack.log" >&2; exit 1; }

root=${HCLOUD_BOOTED_ROOT:-$PWD/.cache/booted-root-$(echo "$machine_packages" | md5sum | cut -c1-8)}
if [ ! -e "$root/complete" ]; then
    rm -rf "$root"
    mkdir -p "$(dirname "$root")"
    echo "making a Debian in $root"
    mmdebstrap --quiet --variant=important --include="$(echo $machine_packages | tr ' ' ,)" bookworm "$root"
    touch "$root/complete"
fi
export root bin=$build/bin packages=$build/packages
if [ $# -gt 0 ]; then
    "tests/booted/$1.sh" "${@:2}"
    exit
fi
tests/booted/packages.sh
tests/booted/lifecycle.sh
tests/booted/drain.sh
for manager in systemd-networkd NetworkManager networking netplan; do
    tests/booted/managers.sh $manager
done
