HCLOUD_TOKEN=reader ok server list
HCLOUD_TOKEN=reader no "token_readonly" server poweroff web1
HCLOUD_TOKEN=nobody no "unable to authenticate" server list
ok placement-group create --name second --type spread
no "resource_limit_exceeded" placement-group create --name third --type spread
no "invalid_input" server add-label web1 "bad key=value"

curl -sS -X PATCH -d '{"action_durations": {"reboot_server": "1h"}}' "$url/_sim/state" >/dev/null
curl -sS -X POST -H "Authorization: Bearer writer" \
    "$HCLOUD_ENDPOINT/servers/$(curl -sS -H 'Authorization: Bearer writer' "$HCLOUD_ENDPOINT/servers?name=web1" | jq '.servers[0].id')/actions/reboot" |
    jq -r .action.id >action
no "locked" server poweroff web1
curl -sS -X DELETE "$url/_sim/actions/$(cat action)"
curl -sS -X PATCH -d '{"failing_actions": {"shutdown_server": {"code": "action_failed", "message": "it will not", "count": 1}}}' \
    "$url/_sim/state" >/dev/null
no "it will not" server shutdown web1
ok server shutdown web1
curl -sS -X PATCH -d '{"rate_limit": {"limit": 3600, "remaining": 0}}' "$url/_sim/state" >/dev/null
commands=$((commands + 1))
timeout 30 hcloud server list >out 2>&1 && prints web1 # the tool waits until the bucket has a request again
curl -sS -X PATCH -d '{"rate_limit": {"limit": 3600, "remaining": 3600}}' "$url/_sim/state" >/dev/null
