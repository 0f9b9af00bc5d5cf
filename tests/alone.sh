#!/usr/bin/env bash
# Checks that every source and every header compiles by itself: unity builds and precompiled headers hide a missing
# include until somebody moves a file. Makes no objects.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/setup.sh

# shellcheck disable=SC2086
install_packages git $build_packages $test_packages
log=build-alone.log
cmake --preset alone -D HCLOUD_TESTS=ON >$log 2>&1 || { cat $log >&2; exit 1; }
rm $log

# What is compiled, and how without making an object: a source may be part of several programs.
declare -A how
checks=()
units=0
while read -r file && read -r command; do
    file=${file#"$PWD/"}
    command="${command% -o * -c *} -fsyntax-only"
    checks+=("$file" "$command $file")
    how[$file]=$command
    how[${file%/*}]=$command
    units=$((units + 1))
done < <(jq -r '.[] | .file, .command' build/alone/compile_commands.json)

# A header compiles like its source, or else like another source of its folder or of the next one above.
headers=0
while read -r header; do
    like=${header%.h}.cpp
    [ -n "${how[$like]-}" ] || like=${header%/*}
    while [ -z "${how[$like]-}" ] && [[ $like == */* ]]; do like=${like%/*}; done
    checks+=("$header" "echo '#include \"$header\"' | ${how[$like]?no source is near $header} -x c++ -")
    headers=$((headers + 1))
done < <(git ls-files '*.h')

failed=0
while read -r source; do
    if [ -z "${how[$source]-}" ]; then
        echo "$source: no program is made from it" >&2
        failed=1
    fi
done < <(git ls-files '*.cpp')
if [ $units -eq 0 ] || [ $headers -eq 0 ]; then
    echo "nothing to check: $units translation units, $headers headers" >&2
    exit 1
fi

check() {
    local output
    output=$(bash -c "$2" 2>&1) && return
    printf '%s does not compile by itself:\n%s\n' "$1" "$output" >&2
    return 1
}
export -f check
printf '%s\0' "${checks[@]}" | xargs -0 -n 2 -P "$(nproc)" bash -c 'check "$0" "$1"' || failed=1
echo "checked by themselves: $units translation units, $headers headers"
exit $failed
