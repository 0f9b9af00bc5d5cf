create_web1() {
    ok placement-group create --name spread --type spread
    is /placement_groups '.placement_groups[0].type' '"spread"'
    ok server create --name web1 --type cpx11 --image debian-12 --location fsn1 --ssh-key desk \
        --network backend --placement-group spread --label role=web
    is '/servers?name=web1' '.servers[0] | [.status, .labels.role, (.private_net | length)]' \
        '["running","web",1]'
    is '/servers?name=web1' '.servers[0] | [.location.name, .datacenter.name]' \
        "$(either '[null,"fsn1-dc14"]' '["fsn1",null]')"
    is '/servers?name=web1' '.servers[0].created[19:]' "$(either '"+00:00"' '"Z"')"
    is /placement_groups '.placement_groups[0].servers | length' 1
}

create_others() {
    ok server create --name web2 --type cpx11 --image debian-12 --location fsn1 --ssh-key desk
    ok server create --name db1 --type cpx11 --image debian-12 --start-after-create=false \
        "$(either --datacenter --location)" "$(either nbg1-dc3 nbg1)"
    is '/servers?name=db1' '.servers[0] | [.status, (.location // .datacenter.location).name]' \
        '["off","nbg1"]'
}

create_v6() {
    ok server create --name six --type cpx11 --image debian-12 --location fsn1 --without-ipv4
    is '/servers?name=six' '.servers[0].public_net | [.ipv4, (.ipv6 | type)]' '[null,"object"]'
}

together create_web1 create_others create_v6
no "uniqueness_error" server create --name web1 --type cpx11 --image debian-12
no "not found" server create --name x --type cpx9999 --image debian-12
no "not found" server describe nobody
ok server list
prints "$(either fsn1-dc14 web2)"
ok server list -l role=web -o columns=name -o noheader
[ "$(cat out)" = web1 ] || complain "the label selector selects: $(cat out)"
ok server list -l 'role notin (web),role!=db'
ok server describe web1
prints "role: web"
ok server ip web1
prints "$(get '/servers?name=web1' '.servers[0].public_net.ipv4.ip')"
ok server add-label web2 role=web
ok server add-label --overwrite web2 role=api
is '/servers?name=web2' '.servers[0].labels' '{"role":"api"}'
ok server remove-label web2 role
is '/servers?name=web2' '.servers[0].labels' '{}'
ok server update web2 --name api1
is '/servers?name=api1' '.servers | length' 1

# An action locks its server, so each of these has one for itself.
server_power() {
    ok server change-type db1 cpx21 --keep-disk
    is '/servers?name=db1' '.servers[0] | [.server_type.name, .primary_disk_size]' '["cpx21",40]'
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",false]'
    no "(server_not_stopped)" server change-type db1 cpx11
    # The rescue system is good for one boot: that tells that there was one.
    ok server enable-rescue db1 --ssh-key desk
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",true]'
    ok server reboot db1
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",false]'
    ok server enable-rescue db1 --ssh-key desk
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",true]'
    ok server reset db1
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",false]'
    ok server shutdown db1
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["off",false]'
    ok server poweron db1
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["running",false]'
    ok server poweroff db1
    is '/servers?name=db1' '.servers[0] | [.status, .rescue_enabled]' '["off",false]'
}

server_system() {
    local iso golden
    ok server enable-backup api1
    is '/servers?name=api1' '.servers[0].backup_window | type' '"string"'
    ok server create-image api1 --type snapshot --description golden --label kind=golden
    is '/images?type=snapshot' '[.images[] | [.description, .labels.kind, .created_from.name]]' \
        '[["golden","golden","api1"]]'
    ok server disable-backup api1
    is '/servers?name=api1' '.servers[0].backup_window' null
    ok server enable-rescue api1 --ssh-key desk
    is '/servers?name=api1' '.servers[0].rescue_enabled' true
    ok server disable-rescue api1
    is '/servers?name=api1' '.servers[0].rescue_enabled' false
    ok server rebuild api1 --image ubuntu-24.04
    is '/servers?name=api1' '.servers[0] | [.image.name, .status]' '["ubuntu-24.04","running"]'
    ok server reset-password api1
    ok server request-console api1
    prints wss://
    iso=$(get /isos '.isos[0].name')
    ok server attach-iso api1 "$iso"
    is '/servers?name=api1' '.servers[0].iso.name' "\"$iso\""
    ok server detach-iso api1
    is '/servers?name=api1' '.servers[0].iso' null
    ok server metrics api1 --type cpu
    golden=$(get '/images?type=snapshot' '.images[0].id')
    ok image update "$golden" --description silver
    is '/images?type=snapshot' '.images[0].description' '"silver"'
    ok image enable-protection "$golden" delete
    no "protected" image delete "$golden"
    ok image disable-protection "$golden" delete
    ok image delete "$golden"
    is '/images?type=snapshot' '.images | length' 0
}

server_settings() {
    ok server enable-protection web1 delete rebuild
    is '/servers?name=web1' '.servers[0].protection' '{"delete":true,"rebuild":true}'
    no "protected" server delete web1
    no "protected" server rebuild web1 --image debian-12
    ok server disable-protection web1 delete rebuild
    is '/servers?name=web1' '.servers[0].protection' '{"delete":false,"rebuild":false}'
    no "server_already_attached" server attach-to-network web1 --network backend
    ok server detach-from-network web1 --network backend
    is '/servers?name=web1' '.servers[0].private_net' '[]'
    ok server attach-to-network web1 --network backend --ip 10.0.1.20 --alias-ips 10.0.1.21
    is '/servers?name=web1' '.servers[0].private_net[0] | [.ip, .alias_ips]' '["10.0.1.20",["10.0.1.21"]]'
    ok server change-alias-ips web1 --network backend --alias-ips 10.0.1.22,10.0.1.23
    is '/servers?name=web1' '.servers[0].private_net[0].alias_ips' '["10.0.1.22","10.0.1.23"]'
    ok server set-rdns web1 --hostname web1.example.com
    is '/servers?name=web1' '.servers[0].public_net.ipv4.dns_ptr' '"web1.example.com"'
    ok server remove-from-placement-group web1
    is '/servers?name=web1' '.servers[0].placement_group' null
    no "(server_not_stopped)" server add-to-placement-group web1 --placement-group spread
    ok server poweroff web1
    ok server add-to-placement-group web1 --placement-group spread
    is '/servers?name=web1' '.servers[0] | [.placement_group.name, .status]' '["spread","off"]'
    ok server poweron web1
    is '/servers?name=web1' '.servers[0].status' '"running"'
}

together server_power server_system server_settings
