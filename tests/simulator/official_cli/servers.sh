ok placement-group create --name spread --type spread
is /placement_groups '.placement_groups[0].type' '"spread"'
ok server create --name web1 --type cpx11 --image debian-12 --location fsn1 --ssh-key desk --network backend \
    --placement-group spread --label role=web
is '/servers?name=web1' '.servers[0] | [.status, .location.name, .labels.role, (.private_net | length)]' '["running","fsn1","web",1]'
is /placement_groups '.placement_groups[0].servers | length' 1
ok server create --name web2 --type cpx11 --image debian-12 --location fsn1 --ssh-key desk
ok server create --name db1 --type cpx11 --image debian-12 --location nbg1 --start-after-create=false
is '/servers?name=db1' '.servers[0].status' '"off"'
no "uniqueness_error" server create --name web1 --type cpx11 --image debian-12
no "not found" server create --name x --type cpx9999 --image debian-12
no "not found" server describe nobody
ok server list
prints web2
ok server list -l role=web -o columns=name -o noheader
[ "$(cat out)" = web1 ] || complain "the label selector selects: $(cat out)"
ok server list -l 'role notin (web),role!=db'
ok server describe web1
prints "role: web"
ok server ip web1
ok server add-label web2 role=web
ok server add-label --overwrite web2 role=api
is '/servers?name=web2' '.servers[0].labels' '{"role":"api"}'
ok server remove-label web2 role
is '/servers?name=web2' '.servers[0].labels' '{}'
ok server update web2 --name api1
is '/servers?name=api1' '.servers | length' 1
ok server shutdown api1
is '/servers?name=api1' '.servers[0].status' '"off"'
ok server change-type api1 cpx21 --keep-disk
is '/servers?name=api1' '.servers[0].server_type.name' '"cpx21"'
ok server poweron api1
is '/servers?name=api1' '.servers[0].status' '"running"'
ok server reboot api1
ok server reset api1
ok server poweroff api1
is '/servers?name=api1' '.servers[0].status' '"off"'
ok server poweron api1
ok server enable-backup api1
is '/servers?name=api1' '.servers[0].backup_window | type' '"string"'
ok server create-image api1 --type snapshot --description golden --label kind=golden
is '/images?type=snapshot' '[.images[] | [.description, .labels.kind, .created_from.name]]' '[["golden","golden","api1"]]'
ok server disable-backup api1
ok server enable-rescue api1 --ssh-key desk
is '/servers?name=api1' '.servers[0].rescue_enabled' true
ok server disable-rescue api1
ok server rebuild api1 --image debian-12
ok server reset-password api1
ok server request-console api1
ok server enable-protection api1 delete rebuild
is '/servers?name=api1' '.servers[0].protection' '{"delete":true,"rebuild":true}'
no "protected" server delete api1
ok server disable-protection api1 delete rebuild
ok server attach-to-network api1 --network backend --ip 10.0.1.20 --alias-ips 10.0.1.21
is '/servers?name=api1' '.servers[0].private_net[0] | [.ip, .alias_ips]' '["10.0.1.20",["10.0.1.21"]]'
ok server change-alias-ips api1 --network backend --alias-ips 10.0.1.22,10.0.1.23
is '/servers?name=api1' '.servers[0].private_net[0].alias_ips' '["10.0.1.22","10.0.1.23"]'
no "server_already_attached" server attach-to-network api1 --network backend
ok server detach-from-network api1 --network backend
is '/servers?name=api1' '.servers[0].private_net' '[]'
ok server set-rdns api1 --hostname api1.example.com
is '/servers?name=api1' '.servers[0].public_net.ipv4.dns_ptr' '"api1.example.com"'
ok server remove-from-placement-group web1
is '/servers?name=web1' '.servers[0].placement_group' null
ok server poweroff web1
ok server add-to-placement-group web1 --placement-group spread
ok server poweron web1
is '/servers?name=web1' '.servers[0].placement_group.name' '"spread"'
iso=$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT/isos" | jq -r '.isos[0].name')
ok server attach-iso api1 "$iso"
is '/servers?name=api1' '.servers[0].iso.name' "\"$iso\""
ok server detach-iso api1
ok server metrics api1 --type cpu
golden=$(curl -sS -H "Authorization: Bearer writer" "$HCLOUD_ENDPOINT/images?type=snapshot" | jq -r '.images[0].id')
ok image update "$golden" --description silver
is '/images?type=snapshot' '.images[0].description' '"silver"'
ok image enable-protection "$golden" delete
no "protected" image delete "$golden"
ok image disable-protection "$golden" delete
ok image delete "$golden"
is '/images?type=snapshot' '.images | length' 0
