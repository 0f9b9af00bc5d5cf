# Sourced by tests/run.sh, tests/demo.sh and .ci/run: installs what is missing on Debian 12 and builds.

build_packages="cmake ninja-build ccache mold g++ pkg-config gzip libpoco-dev libssl-dev libyaml-cpp-dev nlohmann-json3-dev \
libsystemd-dev libmnl-dev libnftnl-dev libfmt-dev libcli11-dev"
demo_packages="iproute2 iputils-ping util-linux procps curl socat"
test_packages="$demo_packages libgtest-dev libgmock-dev libbenchmark-dev openssl python3 \
hcloud-cli jq openssh-client uidmap systemd zsh fish mandoc man-db cloud-init python3-yaml python3-jsonschema nftables"
# To make packages and to boot a Debian with them: tests/booted.
booted_packages="dpkg-dev file rpm lintian rpmlint mmdebstrap systemd-container dnsmasq-base"
# What the agent's package depends on.
agent_libraries="libfmt9 libpocofoundation80 libpoconet80 libpoconetssl80 libpocoxml80 libyaml-cpp0.7 libmnl0 libnftnl11"
# What is in that Debian, beside the important packages and what the agent needs: the managers of NICs beside it.
machine_packages="systemd systemd-sysv dbus iproute2 curl ca-certificates udev network-manager ifupdown isc-dhcp-client \
netplan.io jq man-db $agent_libraries"
# A virtual server, and what is in its Debian: tests/booted/vm.sh.
vm_packages="qemu-system-x86 e2fsprogs"
vm_machine_packages="systemd systemd-sysv dbus iproute2 curl ca-certificates udev linux-image-cloud-amd64 cloud-init netplan.io \
openssh-server jq $agent_libraries"
lint_packages="clang-format clang-tidy"
# Unpacked instead of installed: installing would start a service and enable it.
unpacked_packages="prometheus"
fuzz_packages="clang libclang-rt-14-dev"

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

# unpack_packages PACKAGE…: into .cache/unpacked/PACKAGE, for tests alone. Needs no root.
unpack_packages() {
    local package folder
    for package in "$@"; do
        folder=.cache/unpacked/$package
        [ -d "$folder" ] && continue
        echo "unpacking: $package"
        rm -rf "$folder.new"
        mkdir -p "$folder.new"
        (
            cd "$folder.new"
            # A fresh image has no lists of packages.
            fetch() { apt-get download -qq -o APT::Sandbox::User=root "$package"; }
            fetch 2>/dev/null || { apt-get update -qq && fetch; }
            dpkg-deb -x ./*.deb .
            rm ./*.deb
        )
        mv "$folder.new" "$folder"
    done
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    # Whoever has made the package alone in here has turned the tests off.
    configure_and_build "$preset" -D HCLOUD_TESTS=ON -- "$@"
}

# configure_and_build PRESET [CMAKE-OPTION…] -- [TARGET…]
configure_and_build() {
    local preset=$1 options=() lock
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    # Whatever else is built here at the same time.
    mkdir -p build
    exec {lock}>"build/.$preset.lock"
    flock "$lock"
    cmake --preset "$preset" "${options[@]}" >"build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; exit 1; }
    rm -f "build-$preset.log"
    echo "building: $preset"
    if [ $# -gt 0 ]; then set -- --target "$@"; fi
    local quiet=--quiet
    if [ -t 1 ]; then quiet=; fi # a terminal shows how far it is
    # shellcheck disable=SC2086
    cmake --build --preset "$preset" "$@" -- $quiet
    exec {lock}>&-
}
