#!/usr/bin/env bash
# Chaos in the registration, from seeds that nobody has tried: tests/chaos.sh [MINUTES, 20]. Prints each seed. One again:
#   HCLOUD_CHAOS_SEED=17 build/release/bin/chaos_test
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

minutes=${1:-20}
# shellcheck disable=SC2086
install_packages $build_packages $test_packages
build release chaos_test

seeds() {
    while [ $SECONDS -lt $((minutes * 60)) ]; do od -An -N4 -tu4 /dev/urandom; done
}

one() {
    local log
    log=$(mktemp)
    if HCLOUD_CHAOS_SEED=$1 build/release/bin/chaos_test --gtest_brief=1 >"$log" 2>&1; then
        grep '^seed ' "$log"
        rm "$log"
    else
        echo "seed $1: FAILED"
        cat "$log"
        exit 255 # ends xargs
    fi
}

export -f one
SECONDS=0
seeds | xargs -n 1 -P "$(nproc)" bash -euo pipefail -c 'one "$1"' - | tee build/release/chaos.log
tried=$(grep -c '^seed ' build/release/chaos.log)
echo "$tried passed, 0 failed"
