ok load-balancer create --name front --type lb11 --location fsn1 --label env=test
is /load_balancers '.load_balancers[0] | [.name, .load_balancer_type.name, .algorithm.type]' '["front","lb11","round_robin"]'
ok load-balancer add-service front --protocol http --listen-port 80 --destination-port 8080
is /load_balancers '.load_balancers[0].services | map([.protocol, .listen_port, .destination_port])' '[["http",80,8080]]'
no "source_port_already_used" load-balancer add-service front --protocol tcp --listen-port 80 --destination-port 81
ok load-balancer update-service front --listen-port 80 --health-check-interval 5s --health-check-timeout 3s
is /load_balancers '.load_balancers[0].services[0].health_check.interval' 5
ok load-balancer add-service front --protocol https --listen-port 443 --destination-port 8080 --http-certificates "$(hcloud certificate list -o noheader -o columns=id)"
is /load_balancers '.load_balancers[0].services | length' 2
no "" certificate delete web
ok load-balancer delete-service front --listen-port 443
ok load-balancer add-target front --server web1
is /load_balancers '.load_balancers[0].targets | map([.type, .use_private_ip])' '[["server",false]]'
no "target_already_defined" load-balancer add-target front --server web1
no "load_balancer_not_attached_to_network" load-balancer add-target front --server api1 --use-private-ip
ok load-balancer attach-to-network front --network backend
is /load_balancers '.load_balancers[0].private_net | length' 1
ok load-balancer add-target front --label-selector role=web
is /load_balancers '.load_balancers[0].targets[1] | [.type, (.targets | length)]' '["label_selector",1]'
ok load-balancer remove-target front --label-selector role=web
ok load-balancer remove-target front --server web1
is /load_balancers '.load_balancers[0].targets' '[]'
no "" load-balancer remove-target front --server web1
ok load-balancer change-algorithm front --algorithm-type least_connections
is /load_balancers '.load_balancers[0].algorithm.type' '"least_connections"'
ok load-balancer change-type front lb21
is /load_balancers '.load_balancers[0].load_balancer_type.name' '"lb21"'
ok load-balancer disable-public-interface front
is /load_balancers '.load_balancers[0].public_net.enabled' false
ok load-balancer enable-public-interface front
ok load-balancer enable-protection front delete
no "protected" load-balancer delete front
ok load-balancer disable-protection front delete
ok load-balancer metrics front --type open_connections
ok load-balancer detach-from-network front --network backend
ok load-balancer describe front
ok load-balancer update front --name back
ok load-balancer list
prints back
ok load-balancer delete back
is /load_balancers '.load_balancers' '[]'
