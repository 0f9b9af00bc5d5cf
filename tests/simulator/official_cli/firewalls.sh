cat >rules.json <<'RULES'
[{"direction": "in", "protocol": "tcp", "port": "80", "source_ips": ["0.0.0.0/0", "::/0"], "description": "web"}]
RULES
ok firewall create --name web --rules-file rules.json --label env=test
is /firewalls '.firewalls[0].rules | map([.protocol, .port])' '[["tcp","80"]]'
ok firewall add-rule web --direction in --protocol icmp --source-ips 0.0.0.0/0
is /firewalls '.firewalls[0].rules | length' 2
ok firewall delete-rule web --direction in --protocol icmp --source-ips 0.0.0.0/0
is /firewalls '.firewalls[0].rules | length' 1
ok firewall replace-rules web --rules-file rules.json
ok firewall apply-to-resource web --type server --server web1
is '/servers?name=web1' '.servers[0].public_net.firewalls[0].status' '"applied"'
no "firewall_already_applied" firewall apply-to-resource web --type server --server web1
ok firewall apply-to-resource web --type label_selector --label-selector role=api
ok server add-label api1 role=api
is '/servers?name=api1' '.servers[0].public_net.firewalls | length' 1
ok firewall describe web
prints label_selector
no "still in use" firewall delete web
ok firewall remove-from-resource web --type label_selector --label-selector role=api
is '/servers?name=api1' '.servers[0].public_net.firewalls' '[]'
ok firewall remove-from-resource web --type server --server web1
is /firewalls '.firewalls[0].applied_to' '[]'
ok firewall update web --name walls
ok firewall delete walls
is /firewalls '.firewalls' '[]'
