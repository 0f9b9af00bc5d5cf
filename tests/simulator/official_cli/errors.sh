HCLOUD_TOKEN=reader ok server list
HCLOUD_TOKEN=reader no "token_readonly" server poweroff web1
HCLOUD_TOKEN=nobody no "unable to authenticate" server list
ok placement-group create --name second --type spread
no "resource_limit_exceeded" placement-group create --name third --type spread
no "invalid_input" server add-label web1 "bad key=value"

patch '{"action_durations": {"reboot_server": "1h"}}'
reboot=$(curl -fsS -X POST -H "Authorization: Bearer writer" \
    "$HCLOUD_ENDPOINT/servers/$(get '/servers?name=web1' '.servers[0].id')/actions/reboot" | jq .action.id)
no "locked" server poweroff web1
curl -fsS -X DELETE "$url/_sim/actions/$reboot"
patch '{"failing_actions": {"shutdown_server": {"code": "action_failed", "message": "it will not", "count": 1}}}'
no "it will not" server shutdown web1
is '/servers?name=web1' '.servers[0].status' '"running"'
ok server shutdown web1
is '/servers?name=web1' '.servers[0].status' '"off"'
# Refills once an hour: this version of the tool does not try again.
patch '{"rate_limit": {"limit": 1, "remaining": 0}}'
no "(rate_limit_exceeded)" server list
patch '{"rate_limit": {"limit": 3600, "remaining": 3600}}'
ok server list
