# What deleting leaves behind: nothing.
no "" placement-group delete spread
ok server delete web1
ok server delete api1
ok server delete db1
is /servers '.servers' '[]'
is /primary_ips '[.primary_ips[] | [.name, .assignee_type]]' '[["api-ip","unassigned"]]' # the others went along
ok primary-ip delete api-ip
ok placement-group delete spread
ok placement-group delete second
ok certificate delete web
ok ssh-key delete desk
ok network delete backend
for kind in servers networks floating_ips primary_ips volumes firewalls load_balancers placement_groups ssh_keys certificates; do
    is /$kind ".$kind" '[]'
done
