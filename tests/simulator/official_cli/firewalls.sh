cat >rules.json <<'RULES'
[{"direction": "in", "protocol": "tcp", "port": "80", "source_ips": ["0.0.0.0/0", "::/0"],
  "description": "web"}]
RULES
cat >other_rules.json <<'RULES'
[{"direction": "in", "protocol": "udp", "port": "53", "source_ips": ["10.0.0.0/8"], "description": "names"},
 {"direction": "out", "protocol": "gre", "destination_ips": ["192.0.2.1/32"]}]
RULES

firewall_rules() {
    ok firewall create --name rules --rules-file ../rules.json --label env=test
    is '/firewalls?name=rules' '.firewalls[0].rules | map([.protocol, .port])' '[["tcp","80"]]'
    ok firewall add-rule rules --direction in --protocol icmp --source-ips 0.0.0.0/0
    is '/firewalls?name=rules' '.firewalls[0].rules | map([.protocol, .port])' '[["tcp","80"],["icmp",null]]'
    ok firewall delete-rule rules --direction in --protocol icmp --source-ips 0.0.0.0/0
    is '/firewalls?name=rules' '.firewalls[0].rules | map([.protocol, .port])' '[["tcp","80"]]'
    ok firewall replace-rules rules --rules-file ../other_rules.json
    is '/firewalls?name=rules' '.firewalls[0].rules | map([.direction, .protocol, .port])' \
        '[["in","udp","53"],["out","gre",null]]'
    is '/firewalls?name=rules' '.firewalls[0].rules | map(.source_ips + .destination_ips)' \
        '[["10.0.0.0/8"],["192.0.2.1/32"]]'
    ok firewall delete rules
}

firewall_resources() {
    ok firewall create --name web --rules-file ../rules.json
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
    is '/firewalls?name=web' '.firewalls[0].applied_to' '[]'
    ok firewall update web --name walls
    ok firewall delete walls
}

together firewall_rules firewall_resources
is /firewalls '.firewalls' '[]'
