#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests. Root only where the machine lacks user namespaces or packages.
#
#   tests/run.sh [--long] [PRESET [CTEST-OPTION…]]
#
# PRESET is release, debug, asan or tsan (release). With --long also the tests that are not the gate's (tests/sets.cmake).
# Options of ctest choose among them: tests/run.sh release -R wait_test
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

targets=(tests_gate)
chosen=(-L "^gate$")
if [ "${1:-}" = --long ]; then
    targets=() # all
    chosen=()
    shift
fi
preset=${1:-release}
[ $# -eq 0 ] || shift

# shellcheck disable=SC2086
install_packages $build_packages $test_packages
# shellcheck disable=SC2086
unpack_packages $unpacked_packages
case $preset in
    # An instrumented agent is tested on the simulator of the release build.
    asan | tsan) build release hcloud-simulator ;;
esac
build "$preset" "${targets[@]}"

# Most tests wait most of the time. Those that measure run alone, after the others (RUN_SERIAL).
log=build/$preset/ctest.log
status=0
ctest --preset "$preset" -j "$((4 * $(nproc)))" --no-tests=error "${chosen[@]}" "$@" >"$log" 2>&1 || status=$?
grep -E "tests passed|Total Test time|^[[:space:]]+[0-9]+ - " "$log" || true
if [ $status -ne 0 ]; then
    grep -vE "(Passed|Start)( |$)" "$log" | tail -n 300
    exit $status
fi
if grep -qE "\*\*\*(Skipped|Not Run)" "$log"; then
    echo "skipped tests:" >&2
    grep -E "\*\*\*(Skipped|Not Run)" "$log" >&2
    exit 1
fi
# The figures that the benchmarks measured.
[ -d "build/$preset/figures" ] && cat "build/$preset"/figures/*
# A program that is one test to CTest has many of GoogleTest's.
total=$(awk '/^[0-9]+\/[0-9]+ Testing: / { total++ }
    /^\[  PASSED  \] [0-9]+ tests?\./ { total += $4 - 1 }
    END { print total }' "build/$preset/Testing/Temporary/LastTest.log")
echo "$total passed, 0 failed"
