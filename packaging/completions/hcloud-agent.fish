# fish completion for hcloud-agent

complete -c hcloud-agent -f
complete -c hcloud-agent -s h -l help -d 'Print help'
complete -c hcloud-agent -l version -d 'Print the version' -n __fish_use_subcommand
complete -c hcloud-agent -l config -rF -d 'Configuration file'
complete -c hcloud-agent -l runtime-dir -xa '(__fish_complete_directories)' -d 'Where ledger and socket are'
complete -c hcloud-agent -l state-dir -xa '(__fish_complete_directories)' -d 'Where is kept what was registered'
complete -c hcloud-agent -s o -l output -xa 'text json' -d 'Output format'

complete -c hcloud-agent -n __fish_use_subcommand -a run -d 'Be the daemon: configure, watch, repair'
complete -c hcloud-agent -n __fish_use_subcommand -a plan -d 'Print what would change and why'
complete -c hcloud-agent -n __fish_use_subcommand -a apply -d 'Converge once and exit'
complete -c hcloud-agent -n __fish_use_subcommand -a status -d 'What is configured, owned and failing'
complete -c hcloud-agent -n __fish_use_subcommand -a wait -d 'Until the running agent has reached a goal'
complete -c hcloud-agent -n __fish_use_subcommand -a doctor -d 'Find what is wrong, and how to mend it'
complete -c hcloud-agent -n __fish_use_subcommand -a metadata -d 'What the metadata service says'
complete -c hcloud-agent -n __fish_use_subcommand -a api -d 'Call any endpoint of the Cloud API'
complete -c hcloud-agent -n __fish_use_subcommand -a load-balancer -d 'This server as a target of its load balancers'
complete -c hcloud-agent -n __fish_use_subcommand -a drain -d 'Leave the load balancers, and let connections end'
complete -c hcloud-agent -n __fish_use_subcommand -a config -d 'Look at the configuration'

complete -c hcloud-agent -n '__fish_seen_subcommand_from status' -l watch -d 'Print again whenever something changes'

set -l goals configured online registered
complete -c hcloud-agent -n "__fish_seen_subcommand_from wait; and not __fish_seen_subcommand_from $goals" \
    -a configured -d 'All that can be done now is done'
complete -c hcloud-agent -n "__fish_seen_subcommand_from wait; and not __fish_seen_subcommand_from $goals" \
    -a online -d 'Every address and route is in place'
complete -c hcloud-agent -n "__fish_seen_subcommand_from wait; and not __fish_seen_subcommand_from $goals" \
    -a registered -d 'This server is registered as the configuration has it'
complete -c hcloud-agent -n '__fish_seen_subcommand_from wait' -l timeout -xa '10s 30s 60s 5m' -d 'How long at most'

complete -c hcloud-agent -n '__fish_seen_subcommand_from metadata' -l format -xa 'text json yaml env' -d 'Output format'
complete -c hcloud-agent -n '__fish_seen_subcommand_from metadata' -a 'availability-zone hostname instance-id local-ipv4 network-config network-sysconfig private-networks public-ipv4 public-keys region'

set -l methods GET POST PUT DELETE
complete -c hcloud-agent -n "__fish_seen_subcommand_from api; and not __fish_seen_subcommand_from $methods" -a "$methods"
complete -c hcloud-agent -n "__fish_seen_subcommand_from api; and __fish_seen_subcommand_from $methods" \
    -a '/actions /certificates /firewalls /floating_ips /images /isos /load_balancers /locations /networks /placement_groups /pricing /primary_ips /server_types /servers /ssh_keys /volumes'
complete -c hcloud-agent -n '__fish_seen_subcommand_from api' -s d -l data -x -d 'The body: JSON, @FILE or -'
complete -c hcloud-agent -n '__fish_seen_subcommand_from api' -l paginate -d 'Get all pages, as one document'
complete -c hcloud-agent -n '__fish_seen_subcommand_from api' -l wait -d 'Until the actions that this starts have ended'
complete -c hcloud-agent -n '__fish_seen_subcommand_from api' -l timeout -xa '10s 30s 60s 5m' -d 'For all of it'

set -l ways list drain join
complete -c hcloud-agent -n "__fish_seen_subcommand_from load-balancer; and not __fish_seen_subcommand_from $ways" \
    -a list -d 'How this server stands with each'
complete -c hcloud-agent -n "__fish_seen_subcommand_from load-balancer; and not __fish_seen_subcommand_from $ways" \
    -a drain -d 'Leave them until join or a reboot'
complete -c hcloud-agent -n "__fish_seen_subcommand_from load-balancer; and not __fish_seen_subcommand_from $ways" \
    -a join -d 'Be a target of them again'
complete -c hcloud-agent -n '__fish_seen_subcommand_from drain; and not __fish_seen_subcommand_from load-balancer' \
    -l if-stopping -d 'Only if the system is about to stop'

set -l parts check show schema
complete -c hcloud-agent -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $parts" \
    -a check -d 'Say what is wrong with it'
complete -c hcloud-agent -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $parts" \
    -a show -d 'Print it with all defaults'
complete -c hcloud-agent -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $parts" \
    -a schema -d 'Print its JSON Schema'
