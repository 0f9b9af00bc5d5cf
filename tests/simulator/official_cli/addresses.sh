floating_ips() {
    local api1
    ok floating-ip create --type ipv4 --home-location fsn1 --name vip --description "for the web"
    is /floating_ips '[.floating_ips[] | [.name, .type, .server]]' '[["vip","ipv4",null]]'
    ok floating-ip assign vip web1
    is '/servers?name=web1' '.servers[0].public_net.floating_ips | length' 1
    ok floating-ip assign vip api1
    api1=$(get '/servers?name=api1' '.servers[0].id')
    is '/floating_ips?name=vip' '.floating_ips[0].server' "$api1"
    is '/servers?name=web1' '.servers[0].public_net.floating_ips' '[]'
    if [ "$profile" = 2025-06 ]; then
        ok floating-ip assign vip api1
    else
        no "(floating_ip_assigned)" floating-ip assign vip api1
    fi
    is '/floating_ips?name=vip' '.floating_ips[0].server' "$api1"
    ok floating-ip set-rdns vip --hostname vip.example.com
    is '/floating_ips?name=vip' '.floating_ips[0].dns_ptr[0].dns_ptr' '"vip.example.com"'
    ok floating-ip unassign vip
    is '/floating_ips?name=vip' '.floating_ips[0].server' null
    ok floating-ip update vip --name vip2 --description other
    is '/floating_ips?name=vip2' '[.floating_ips[].description]' '["other"]'
    ok floating-ip add-label vip2 env=test
    is '/floating_ips?label_selector=env%3Dtest' '.floating_ips[0].name' '"vip2"'
    ok floating-ip enable-protection vip2 delete
    no "protected" floating-ip delete vip2
    ok floating-ip disable-protection vip2 delete
    ok floating-ip list
    prints vip2
    ok floating-ip assign vip2 web1
    if [ "$profile" != 2025-06 ]; then
        no "(must_be_unassigned)" floating-ip delete vip2
        ok floating-ip unassign vip2
    fi
    ok floating-ip delete vip2
    is /floating_ips '.floating_ips' '[]'
    is '/servers?name=web1' '.servers[0].public_net.floating_ips' '[]'
}

# This version of the tool cannot say where, as the API wants it since it has no datacenters; its
# --assignee-id it does not send, nor its --label.
create_primary_ip() {
    if [ "$profile" = 2025-06 ]; then
        no "invalid input in field 'datacenter' (invalid_input)" primary-ip create --name "$1" --type "$2"
    else
        no "invalid input in field 'location' (invalid_input)" \
            primary-ip create --name "$1" --type "$2" --datacenter nbg1-dc3
        patch '{"switches": {"datacenter_in_requests": "accepted"}}'
    fi
    ok primary-ip create --name "$1" --type "$2" --datacenter nbg1-dc3
    no "(uniqueness_error)" primary-ip create --name "$1" --type "$2" --datacenter nbg1-dc3
    patch '{"switches": {"datacenter_in_requests": "ignored"}}'
    is "/primary_ips?name=$1" '.primary_ips[0] | [.type, .auto_delete, .assignee_id, .assignee_type]' \
        "[\"$2\",false,null,\"$(either server unassigned)\"]"
    is "/primary_ips?name=$1" '.primary_ips[0] | [.location.name, .datacenter.name]' \
        "$(either '[null,"nbg1-dc3"]' '["nbg1",null]')"
}

primary_ips() {
    local ip db1 new_ip
    ok primary-ip list
    prints "Server web1"
    ip=$(get '/servers?name=six' '.servers[0].public_net.ipv6.id')
    no "(server_not_stopped)" primary-ip unassign "$ip"
    no "($(either server_not_stopped must_be_unassigned))" primary-ip delete "$ip"

    create_primary_ip new ipv4
    ok primary-ip describe new
    prints "Not assigned"
    no "(server_has_ipv4)" primary-ip assign new --server db1
    ip=$(get '/servers?name=db1' '.servers[0].public_net.ipv4.id')
    if [ "$profile" != 2025-06 ]; then
        no "(must_be_unassigned)" primary-ip delete "$ip"
        ok primary-ip unassign "$ip"
        is "/primary_ips/$ip" '.primary_ip | [.assignee_id, .assignee_type]' '[null,"unassigned"]'
    fi
    ok primary-ip delete "$ip"
    is '/servers?name=db1' '.servers[0].public_net.ipv4' null
    db1=$(get '/servers?name=db1' '.servers[0].id')
    new_ip=$(get '/primary_ips?name=new' '.primary_ips[0].id')
    ok primary-ip assign new --server db1
    is '/servers?name=db1' '.servers[0].public_net.ipv4.id' "$new_ip"
    is '/primary_ips?name=new' '.primary_ips[0] | [.assignee_id, .assignee_type]' "[$db1,\"server\"]"
    no "(primary_ip_already_assigned)" primary-ip assign new --server six
    ok primary-ip unassign new
    is '/servers?name=db1' '.servers[0].public_net.ipv4' null
    ok primary-ip assign new --server db1

    ok primary-ip set-rdns new --hostname db.example.com \
        --ip "$(get '/primary_ips?name=new' '.primary_ips[0].ip')"
    is '/primary_ips?name=new' '[.primary_ips[0].dns_ptr[].dns_ptr]' '["db.example.com"]'
    ok primary-ip enable-protection new
    is '/primary_ips?name=new' '.primary_ips[0].protection.delete' true
    no "(protected)" primary-ip delete new
    ok primary-ip disable-protection new
    is '/primary_ips?name=new' '.primary_ips[0].protection.delete' false
    ok primary-ip update new --name db-ip
    is '/primary_ips?name=db-ip' '[.primary_ips[].id]' "[$new_ip]"

    create_primary_ip second ipv6
    ok primary-ip delete second
    is '/primary_ips?name=second' '.primary_ips' '[]'
    create_primary_ip third ipv4
    ok primary-ip update third --auto-delete
    is '/primary_ips?name=third' '.primary_ips[0].auto_delete' true
    ok primary-ip delete third
}

# Neither locks the servers that the other one changes.
together floating_ips primary_ips
