# Floating and primary IPs.
ok floating-ip create --type ipv4 --home-location fsn1 --name vip --description "for the web"
is /floating_ips '[.floating_ips[] | [.name, .type, .server]]' '[["vip","ipv4",null]]'
ok floating-ip assign vip web1
is '/floating_ips?name=vip' '.floating_ips[0].server | type' '"number"'
ok floating-ip assign vip api1
is '/servers?name=api1' '.servers[0].public_net.floating_ips | length' 1
no "must_be_unassigned" floating-ip delete vip
ok floating-ip set-rdns vip --hostname vip.example.com
is '/floating_ips?name=vip' '.floating_ips[0].dns_ptr[0].dns_ptr' '"vip.example.com"'
ok floating-ip unassign vip
is '/floating_ips?name=vip' '.floating_ips[0].server' null
ok floating-ip update vip --name vip2 --description other
ok floating-ip add-label vip2 env=test
is '/floating_ips?label_selector=env%3Dtest' '.floating_ips[0].name' '"vip2"'
ok floating-ip enable-protection vip2 delete
no "protected" floating-ip delete vip2
ok floating-ip disable-protection vip2 delete
ok floating-ip list
prints vip2
ok floating-ip delete vip2
is /floating_ips '.floating_ips' '[]'

ok primary-ip list
prints web1
ok server poweroff api1
api1_ip=$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT/servers?name=api1" | jq -r '.servers[0].public_net.ipv4.id')
ok primary-ip unassign "$api1_ip"
is '/servers?name=api1' '.servers[0].public_net.ipv4' null
ok primary-ip assign "$api1_ip" --server api1
is '/servers?name=api1' ".servers[0].public_net.ipv4.id" "$api1_ip"
ok server poweron api1
ok primary-ip set-rdns "$api1_ip" --hostname api.example.com --ip "$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT/primary_ips/$api1_ip" | jq -r .primary_ip.ip)"
# This version of the tool cannot say auto_delete: false; a protected address needs it.
curl -sS -X PUT -H "Authorization: Bearer writer" -d '{"auto_delete": false}' "$HCLOUD_ENDPOINT/primary_ips/$api1_ip" >/dev/null
ok primary-ip enable-protection "$api1_ip"
is "/primary_ips/$api1_ip" '.primary_ip.protection.delete' true
ok primary-ip disable-protection "$api1_ip"
ok primary-ip update "$api1_ip" --name api-ip
is '/primary_ips?name=api-ip' '.primary_ips[0].assignee_type' '"server"'
