#!/bin/sh
# The planner compiles without Poco, libmnl, yaml-cpp, nlohmann/json and libsystemd: none of their headers is
# among those that its sources include, however indirectly.
#   planner_headers.sh COMPILER SOURCE_DIR
set -eu
compiler=$1
cd "$2"
found=$("$compiler" -std=c++20 -I. -M agent/planner/*.cpp | tr ' \\' '\n\n' |
    grep -E '/(Poco|yaml-cpp|nlohmann|libmnl|systemd)/' | sort -u || true)
if [ -n "$found" ]; then
    echo "the planner includes:" "$found" >&2
    exit 1
fi
# The check itself can fail: the same question about a file that does include one of them.
"$compiler" -std=c++20 -I. -M metadata/connection.cpp | grep -q '/Poco/'
