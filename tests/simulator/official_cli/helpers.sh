# What the parts use besides the helpers of official_cli.sh, whose second argument is the profile to
# run in; without it, what the simulator does unless told otherwise.
profile=${2:-2026-11}

# either OLD NEW: the one that holds in this profile.
either() {
    if [ "$profile" = 2025-06 ]; then echo "$1"; else echo "$2"; fi
}

# get PATH FILTER: a value that the API shows now.
get() {
    curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT$1" | jq -r "$2"
}

# soon PATH FILTER VALUE: what the API says when an action has ended.
soon() {
    local got
    for _ in $(seq 6000); do
        got=$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT$1" | jq -c "$2")
        [ "$got" = "$3" ] && return
        sleep 0.05
    done
    complain "$1 $2 is still $got, not $3"
}

# patch MERGE-PATCH: changes the simulator's state.
patch() {
    curl -fsS -X PATCH -d "$1" "$url/_sim/state" >/dev/null
}

# together FUNCTION…: runs them at the same time, each in a directory of its own. For each action this
# version of the tool waits half a second, whatever --poll-interval says.
together() {
    local chain job jobs="" failed=""
    for chain in "$@"; do
        (
            mkdir "$dir/$chain"
            cd "$dir/$chain"
            commands=0
            "$chain"
            echo "$commands" >commands
        ) &
        jobs="$jobs $!"
    done
    for job in $jobs; do wait "$job" || failed=yes; done
    [ -z "$failed" ] || exit 1
    for chain in "$@"; do commands=$((commands + $(cat "$dir/$chain/commands"))); done
}
