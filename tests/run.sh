#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests. Root only where the machine lacks user namespaces or
# packages. With an argument, another preset: tests/run.sh asan
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

preset=${1:-release}
# shellcheck disable=SC2086
install_packages $build_packages $test_packages
# shellcheck disable=SC2086
unpack_packages $unpacked_packages
build "$preset"

# Tests that measure run alone, after the others (RUN_SERIAL); sanitizer builds do not measure.
log=build/$preset/ctest.log
status=0
ctest --preset "$preset" -j "$((2 * $(nproc)))" --timeout 180 >"$log" 2>&1 || status=$?
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
