balancer_services() {
    local certificate balancer='/load_balancers?name=front'
    ok load-balancer create --name front --type lb11 --location fsn1 --label env=test
    is "$balancer" '.load_balancers[0] | [.name, .load_balancer_type.name, .algorithm.type]' \
        '["front","lb11","round_robin"]'
    ok load-balancer add-service front --protocol http --listen-port 80 --destination-port 8080
    is "$balancer" '.load_balancers[0].services | map([.protocol, .listen_port, .destination_port])' \
        '[["http",80,8080]]'
    no "source_port_already_used" \
        load-balancer add-service front --protocol tcp --listen-port 80 --destination-port 81
    ok load-balancer update-service front --listen-port 80 --health-check-interval 5s --health-check-timeout 3s
    is "$balancer" '.load_balancers[0].services[0].health_check.interval' 5
    certificate=$(get '/certificates?name=web' '.certificates[0].id')
    ok load-balancer add-service front --protocol https --listen-port 443 --destination-port 8080 \
        --http-certificates "$certificate"
    is "$balancer" '.load_balancers[0].services | map([.listen_port, .http.certificates])' \
        "[[80,[]],[443,[$certificate]]]"
    no "certificate still in use (service_error)" certificate delete web
    ok load-balancer delete-service front --listen-port 443 # the tool does not wait for this action
    soon "$balancer" '.load_balancers[0].services | map([.protocol, .listen_port])' '[["http",80]]'
    ok load-balancer change-algorithm front --algorithm-type least_connections
    is "$balancer" '.load_balancers[0].algorithm.type' '"least_connections"'
    ok load-balancer change-type front lb21
    is "$balancer" '.load_balancers[0].load_balancer_type.name' '"lb21"'
    ok load-balancer enable-protection front delete
    no "protected" load-balancer delete front
    ok load-balancer disable-protection front delete
    ok load-balancer metrics front --type open_connections
    ok load-balancer describe front
    ok load-balancer update front --name back
    ok load-balancer list
    prints back
    ok load-balancer delete back
}

balancer_targets() {
    local balancer='/load_balancers?name=inner'
    ok load-balancer create --name inner --type lb11 --location fsn1
    ok load-balancer add-target inner --server web1
    is "$balancer" '.load_balancers[0].targets | map([.type, .use_private_ip])' '[["server",false]]'
    no "target_already_defined" load-balancer add-target inner --server web1
    no "($(either missing_ipv4 resolve_cloud_public_targets_error))" \
        load-balancer add-target inner --server six
    no "load_balancer_not_attached_to_network" load-balancer add-target inner --server api1 --use-private-ip
    ok load-balancer attach-to-network inner --network backend
    is "$balancer" '.load_balancers[0].private_net | length' 1
    no "($(either server_not_attached_to_network resolve_cloud_private_targets_error))" \
        load-balancer add-target inner --server api1 --use-private-ip
    ok load-balancer add-target inner --label-selector role=web
    is "$balancer" '.load_balancers[0].targets[1] | [.type, (.targets | length)]' \
        '["label_selector",1]'
    no "(targets_without_use_private_ip)" load-balancer disable-public-interface inner
    ok load-balancer remove-target inner --label-selector role=web
    ok load-balancer remove-target inner --server web1
    is "$balancer" '.load_balancers[0].targets' '[]'
    no "(load_balancer_target_not_found)" load-balancer remove-target inner --server web1
    ok load-balancer disable-public-interface inner
    is "$balancer" '.load_balancers[0].public_net.enabled' false
    ok load-balancer enable-public-interface inner
    is "$balancer" '.load_balancers[0].public_net.enabled' true
    ok load-balancer detach-from-network inner --network backend
    is "$balancer" '.load_balancers[0].private_net' '[]'
    ok load-balancer delete inner
}

together balancer_services balancer_targets
is /load_balancers '.load_balancers' '[]'
