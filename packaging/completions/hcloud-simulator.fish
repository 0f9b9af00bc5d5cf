# fish completion for hcloud-simulator

complete -c hcloud-simulator -f
complete -c hcloud-simulator -s h -l help -d 'Print help'
complete -c hcloud-simulator -l listen -x -d 'Address to serve on, ADDR:PORT'
complete -c hcloud-simulator -l listen-tls -x -d 'Address to serve on, with TLS'
complete -c hcloud-simulator -l tls-certificate -rF -d 'Certificate and chain, PEM'
complete -c hcloud-simulator -l tls-key -rF -d "The certificate's key, PEM"
complete -c hcloud-simulator -l record -rF -d 'Write each request to this file'
complete -c hcloud-simulator -l state -rF -d 'The project to simulate'
complete -c hcloud-simulator -l forward -d 'Let load balancers forward TCP'
complete -c hcloud-simulator -l forward-listen -x -d 'The same, all on this address'
complete -c hcloud-simulator -l action-duration -xa '0ms 500ms 5s' -d 'How long an action takes'
complete -c hcloud-simulator -l profile -xa '2025-06 2026-11' -d 'Which API'
