#!/usr/bin/env bash
# The planner compiles without Poco, libmnl, yaml-cpp, nlohmann/json and libsystemd: none of their headers is
# among those that its sources include, however indirectly.
#   planner_headers.sh COMPILER SOURCE_DIR
set -euo pipefail
shopt -s failglob # a rule about no file would always hold
compiler=$1
cd "$2"
headers() { "$compiler" -std=c++20 -I. -M "$@" | tr ' \\' '\n\n' | sort -u; }
foreign() { grep -E '/(Poco|yaml-cpp|nlohmann|libmnl|systemd)/' <<<"$1"; }

included=$(headers agent/planner/*.cpp)
if found=$(foreign "$included"); then
    echo "the planner includes:" "$found" >&2
    exit 1
fi
# The check itself can fail: the same question about a file that does include one of them.
included=$(headers metadata/connection.cpp)
foreign "$included" >/dev/null
