#!/usr/bin/env bash
# One of three web servers behind a load balancer registers itself and reboots, while clients ask: with the drain nobody
# notices. The load balancer is the simulator's, and forwards real connections.
set -euo pipefail
here=$(dirname "$0")
. "$here/lab.sh"
. "$here/drain_parts.sh"

make_provider
make_hosts
cp "$here/drain_cloud.yaml" "$dir/cloud.yaml"
start_simulator --forward --forward-listen 172.31.1.1 --record "$dir/requests"
make_tree none
add_web_service
public_nic_by_hand
boot

say "register"
apt_install "$packages"/hcloud-agent_*.deb
write_token
cat >"$dir/tree/etc/hcloud-agent/config.yaml" <<'YAML'
api: {endpoint: https://172.31.1.1/v1, ca_file: /etc/lab-ca.pem, interval: 2s}
register:
  labels: {role: web}
  firewalls: [web]
  networks: [{name: backend, alias_ips: [10.0.0.100]}]
  load_balancers: [{name: web, use_private_ip: true, drain: 3s}]
  reverse_dns: web1.example.com
  drain_timeout: 10s
YAML
inside hcloud-agent config check
inside systemctl enable --now web.service hcloud-agent.service
inside hcloud-agent wait registered --timeout 600s
wait_for is_healthy
inside hcloud-agent load-balancer list

say "the official CLI shows it"
official server describe web1 -o json >"$dir/server"
expect "$dir/server" '.labels == {owner: "alice", role: "web"}'
expect "$dir/server" '.private_net | map(select(.network == 4711)) | .[0].alias_ips | sort == ["10.0.0.100", "10.0.0.3"]'
expect "$dir/server" '.public_net.firewalls | map({id, status}) == [{id: 38, status: "applied"}]'
expect "$dir/server" '.public_net.ipv4.dns_ptr == "web1.example.com"'
official server describe web1 | grep -E '^ +(role|owner|- IP|- ID|DNS|Alias)|^Name|10\.0\.0' || true
official firewall describe web -o json >"$dir/firewall"
expect "$dir/firewall" '.applied_to | map(.server.id) | sort == [42, 43]'
official load-balancer describe web -o json >"$dir/balancer"
expect "$dir/balancer" '.targets | map({id: .server.id, use_private_ip}) | sort_by(.id) ==
    [{id: 42, use_private_ip: true}, {id: 43, use_private_ip: true}, {id: 44, use_private_ip: true}]'

say "a restart of the agent drains nothing"
inside systemctl restart hcloud-agent
inside hcloud-agent wait registered --timeout 600s
wait_for inside systemctl is-active hcloud-agent-drain.service
grep -q remove_target "$dir/requests" && fail "web1 left the load balancer"

say "a reboot under load"
start_load
reboot_machine
wait_for serves_again
stop_load
report "with the drain"
expect "$dir/load" '.failed == 0 and .requests > 200'

say "the same without the drain"
inside systemctl mask --runtime hcloud-agent-drain.service
inside systemctl daemon-reload
start_load
reboot_machine
wait_for serves_again
stop_load
report "without it"
expect "$dir/load" '.failed > 0'

say "drained by hand: across a restart of the agent, until join"
inside hcloud-agent load-balancer drain
inside systemctl restart hcloud-agent
wait_for is_drained
inside hcloud-agent load-balancer list
is_target && fail "the restart brought a drained server back"
inside hcloud-agent load-balancer join
is_target || fail "join has ended, and web1 is no target"

say "a shutdown while the API does not answer"
drop_api
keep_journal
power_off_timed
echo "   took $took ms; drain_timeout is 10 s"
[ "$took" -gt 9000 ] || fail "the agent did not try for as long as drain_timeout says"
# It is the agent that ends it: systemd would wait for TimeoutStopSec.
journal_of hcloud-agent-drain.service >"$dir/drained"
grep -q "Deactivated successfully\|Stopped .*load balancers" "$dir/drained" || fail "the drain has not ended: $(cat "$dir/drained")"
grep -i "timed out\|killing" "$dir/drained" && fail "drain_timeout does not bound the shutdown"
echo "drain: passed"
