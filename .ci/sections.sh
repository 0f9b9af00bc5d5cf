# Sourced by .ci/run and .ci/long, in the checkout: runs sections, one after the other or beside each other, and keeps what
# each printed and what it cost.
#
#   within MINUTES "$@"    the script starts itself again, to be ended after so many minutes, with logs and table
#   section NAME COMMAND…  runs it and prints what it says; if it fails, the script ends
#   begin NAME COMMAND…    runs it beside what follows, with less of the processor than that
#   finish NAME            waits for it and prints what it said; if it failed, the script ends
#   end_sections           prints the table and, if there are any, the number of tests that have passed
#
# A COMMAND is a program, or a function with errexit. The tests are summed up over the lines "N passed, 0 failed".

within() {
    local minutes=$1
    shift
    [ "${HCLOUD_WITHIN:-}" != "$$" ] || return 0
    # timeout(1) leads a process group, all of which is ended with it.
    exec timeout --kill-after=120 "$((minutes * 60))" bash -c 'HCLOUD_WITHIN=$$ exec bash "$@"' - "$0" "$@"
}

sections=$(mktemp -d)
names=()
declare -A running=()
TIMEFORMAT="%R %U %S"
trap end_badly EXIT
trap 'echo "sections: ended by a signal, or because time is over"; exit 1' TERM INT

# timed NAME COMMAND…: to be called where errexit is off, so that the command has it.
timed() {
    { time { ( set -e; "${@:2}" ) 2>&1; }; } 2>"$sections/$1.time"
}

section() {
    local status
    names+=("$1")
    printf '\n== %s\n' "$1"
    set +e
    timed "$@" | tee "$sections/$1.log"
    status=${PIPESTATUS[0]}
    set -e
    [ "$status" -eq 0 ] || failed "$1"
}

begin() {
    names+=("$1")
    : >"$sections/$1.log"
    (
        renice -n 10 $BASHPID >/dev/null
        set +e
        timed "$@" >"$sections/$1.log"
    ) &
    running[$1]=$!
}

finish() {
    local status=0
    wait "${running[$1]}" || status=$?
    unset "running[$1]"
    printf '\n== %s (ran beside others)\n' "$1"
    cat "$sections/$1.log"
    [ "$status" -eq 0 ] || failed "$1"
}

failed() {
    echo "FAILED: $1"
    exit 1
}

passed_in() { awk '/^[0-9]+ passed, 0 failed$/ { sum += $1 } END { print sum + 0 }' "$@"; }

table() {
    local name wall user system
    printf '\n%-28s %10s %10s %8s\n' section "wall, s" "CPU, s" tests
    for name in "${names[@]}"; do
        if [ -s "$sections/$name.time" ]; then
            read -r wall user system <"$sections/$name.time"
            awk -v n="$name" -v w="$wall" -v u="$user" -v s="$system" -v t="$(passed_in "$sections/$name.log")" \
                'BEGIN { printf "%-28s %10.0f %10.0f %8s\n", n, w, u + s, t ? t : "" }'
        else
            printf '%-28s %s\n' "$name" "did not end"
        fi
    done
    echo "all: $((SECONDS / 60)) minutes and $((SECONDS % 60)) seconds"
}

end_sections() {
    table
    local total
    total=$(passed_in "$sections"/*.log)
    trap - EXIT
    rm -rf "$sections"
    [ "$total" -eq 0 ] || echo "$total passed, 0 failed"
}

# A section has failed, or time is over: what is still running says how far it is, and is ended.
end_badly() {
    local name
    set +e
    trap '' TERM
    for name in "${!running[@]}"; do
        printf '\n== %s (has not ended)\n' "$name"
        tail -n 100 "$sections/$name.log"
    done
    [ "${HCLOUD_WITHIN:-}" != "$$" ] || kill -TERM 0
    wait
    table
    rm -rf "$sections"
    exit 1
}
