#!/usr/bin/env bash
# What the packages are made of: lintian, rpmlint, and the rpm installed into a root of its own and erased again.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

echo "-- lintian, rpmlint"
lintian --allow-root --fail-on error,warning "$packages"/*.deb
rpmlint --config packaging/rpm/rpmlint.toml "$packages"/*.rpm >"$dir/rpmlint" || fail "$(cat "$dir/rpmlint")"
grep -q ' 0 errors, 0 warnings' "$dir/rpmlint" || fail "$(cat "$dir/rpmlint")"

echo "-- rpm: scripts, installation, erasure"
agent=$(echo "$packages"/hcloud-agent-*.rpm)
scripts=$(rpm -qp --scripts "$agent")
for words in "systemd-sysusers hcloud-agent.conf" "preset hcloud-agent.service" "try-restart hcloud-agent.service" \
    "disable --now hcloud-agent-wait-online.service hcloud-agent.service"; do
    [[ $scripts == *"$words"* ]] || fail "no '$words' in the rpm's scripts"
done
for script in postinstall preuninstall postuninstall; do
    awk -v name="$script" '/ scriptlet \(using /{on = index($0, name) == 1; next} on' <<<"$scripts" >"$dir/$script"
    [ -s "$dir/$script" ] || fail "the rpm has no $script"
    sh -n "$dir/$script"
done
[[ $(rpm -qp --configfiles "$agent") == /etc/hcloud-agent/config.yaml ]] || fail "the configuration is no %config"
mkdir "$dir/root"
rpm_in() { rpm --root "$dir/root" --dbpath /var/lib/rpm "$@"; }
rpm_in --initdb
# Its scripts need a shell, which this root has not: they are read above, and run where rpm is at home.
rpm_in -i --nodeps --noscripts "$agent"
for file in usr/bin/hcloud-agent usr/lib/systemd/system/hcloud-agent.service etc/hcloud-agent/config.yaml \
    usr/share/man/man8/hcloud-agent.8.gz usr/share/zsh/site-functions/_hcloud-agent; do
    [ -e "$dir/root/$file" ] || fail "the rpm does not install $file"
done
rpm_in -V --nodeps hcloud-agent
rpm_in -e --nodeps --noscripts hcloud-agent
left=$(find "$dir/root" -path "$dir/root/var" -prune -o -type f -print)
[ -z "$left" ] || fail "erasing the rpm leaves $left"
echo "packages: passed"
