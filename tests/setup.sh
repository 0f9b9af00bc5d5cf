# Sourced by tests/run.sh, tests/demo.sh and .ci/run: installs what is missing on Debian 12 and builds.

build_packages="cmake ninja-build ccache g++ pkg-config libpoco-dev libyaml-cpp-dev nlohmann-json3-dev \
libsystemd-dev libmnl-dev libfmt-dev libcli11-dev"
test_packages="libgtest-dev libgmock-dev libbenchmark-dev iproute2 iputils-ping util-linux procps openssl curl socat"
lint_packages="clang-format clang-tidy"

# install_packages PACKAGE…: nothing to do if all are there.
install_packages() {
    local missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing packages; install them and try again:" >&2
        echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    echo "installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; exit 1; }
    rm -f "build-$preset.log"
    echo "building: $preset"
    if [ $# -gt 0 ]; then set -- --target "$@"; fi
    cmake --build --preset "$preset" "$@" -- --quiet
}
