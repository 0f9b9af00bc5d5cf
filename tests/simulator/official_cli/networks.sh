backend_network() {
    ok network create --name backend --ip-range 10.0.0.0/16 --label tier=back
    is '/networks?name=backend' '[.networks[] | [.name, .ip_range, .labels.tier]]' \
        '[["backend","10.0.0.0/16","back"]]'
    ok network add-subnet backend --type cloud --network-zone eu-central --ip-range 10.0.1.0/24
    is '/networks?name=backend' '[.networks[0].subnets[].ip_range]' '["10.0.1.0/24"]'
    # Overlaps, then lies outside.
    no "invalid input in field 'ip_range' (invalid_input)" \
        network add-subnet backend --type cloud --network-zone eu-central --ip-range 10.0.1.0/25
    no "invalid input in field 'ip_range' (invalid_input)" \
        network add-subnet backend --type cloud --network-zone eu-central --ip-range 192.168.0.0/24
    is '/networks?name=backend' '[.networks[0].subnets[].ip_range]' '["10.0.1.0/24"]'
    ok network add-route backend --destination 10.100.1.0/24 --gateway 10.0.1.5
    is '/networks?name=backend' '.networks[0].routes' '[{"destination":"10.100.1.0/24","gateway":"10.0.1.5"}]'
    ok network remove-route backend --destination 10.100.1.0/24 --gateway 10.0.1.5
    is '/networks?name=backend' '.networks[0].routes' '[]'
    ok network change-ip-range backend --ip-range 10.0.0.0/12
    is '/networks?name=backend' '.networks[0].ip_range' '"10.0.0.0/12"'
    ok network describe backend
    prints 10.0.1.0/24
}

spare_network() {
    ok network create --name spare --ip-range 172.16.0.0/24
    ok network update spare --name left-over
    is '/networks?name=left-over' '.networks | length' 1
    ok network enable-protection left-over delete
    is '/networks?name=left-over' '.networks[0].protection.delete' true
    no "protected" network delete left-over
    ok network disable-protection left-over delete
    is '/networks?name=left-over' '.networks[0].protection.delete' false
    ok network delete left-over
}

together backend_network spare_network
is /networks '[.networks[].name]' '["backend"]'
