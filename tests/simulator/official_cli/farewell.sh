# What deleting leaves behind: nothing.
delete_web1() {
    no "is still in use (resource_in_use)" placement-group delete spread
    ok server delete web1
    ok placement-group delete spread
}

delete_others() {
    ok server delete api1
    ok server delete six
}

delete_db1() {
    ok server delete db1
    # Its other one went along.
    is '/primary_ips?name=db-ip' '[.primary_ips[] | [.assignee_id, .assignee_type]]' \
        "[[null,\"$(either server unassigned)\"]]"
}

together delete_web1 delete_others delete_db1
is /servers '.servers' '[]'
is /primary_ips '[.primary_ips[].name]' '["db-ip"]'
ok primary-ip delete db-ip
ok placement-group delete second
ok certificate delete web
ok ssh-key delete desk
ok network delete backend
for kind in servers networks floating_ips primary_ips volumes firewalls load_balancers \
    placement_groups ssh_keys certificates; do
    is /$kind ".$kind" '[]'
done
