. "$here/helpers.sh"
[ $# -lt 2 ] || patch "{\"profile\": \"$profile\"}"
now=$(curl -sS "$url/_sim/state" | jq -r .profile)
[ "$now" = "$profile" ] || complain "the simulator is in profile $now, not $profile"

# What is there in any project.
ok location list
prints fsn1
ok location describe hel1
prints Helsinki
if [ "$profile" = 2025-06 ]; then
    ok datacenter list
    prints nbg1-dc3
    ok datacenter describe fsn1-dc14
    prints Falkenstein
else
    no "(deprecated_api_endpoint)" datacenter list
    no "(deprecated_api_endpoint)" datacenter describe fsn1-dc14
fi
ok server-type list
prints cpx11
ok server-type describe cpx11
ok load-balancer-type list
prints lb11
ok load-balancer-type describe lb11
ok image list
prints debian-12
ok image describe debian-12
ok iso list
