#!/usr/bin/env bash
# Fuzzes the parsers of what comes from the network, one a core: tests/fuzz/run.sh [MINUTES in all, 4]. Fails on any crash,
# hang or leak, and says how to repeat it. With KEEP=1 the few inputs that reach new code are kept in the corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/setup.sh

minutes=${1:-4}
targets=(tests/fuzz/corpus/*)
seconds=$((minutes * 60 * $(nproc) / ${#targets[@]}))
# shellcheck disable=SC2086
install_packages $build_packages $test_packages $fuzz_packages
build fuzz fuzzers

fuzz() {
    local name=$1 kept=tests/fuzz/corpus/$1 found=build/fuzz/corpus/$1 log=build/fuzz/$1.log
    mkdir -p "$found"
    local options=(-timeout=60 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/$name-" -print_final_stats=1)
    [ -f "tests/fuzz/$name.dict" ] && options+=(-dict="tests/fuzz/$name.dict")
    if ! "build/fuzz/bin/fuzz_$name" -max_total_time="$seconds" "${options[@]}" "$found" "$kept" >"$log" 2>&1; then
        tail -n 100 "$log" >&2
        echo "$name: failed; to repeat: build/fuzz/bin/fuzz_$name build/fuzz/$name-…" >&2
        return 1
    fi
    sed -nE "s/^stat::number_of_executed_units: *([0-9]+)/fuzz $name: \1 executions/p" "$log"
    if [ "${KEEP:-0}" = 1 ]; then
        "build/fuzz/bin/fuzz_$name" -set_cover_merge=1 -use_counters=0 "$kept" "$found" >>"$log" 2>&1
    fi
}

# One a core.
export -f fuzz
export seconds
printf '%s\0' "${targets[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -euo pipefail -c 'fuzz "$(basename "$0")"'
