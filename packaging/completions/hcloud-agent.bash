# bash completion for hcloud-agent

# Bash splits --output=json at the "=" (COMP_WORDBREAKS): a word "=" is skipped, so that "json" has
# --output before it either way.
_hcloud_agent_words()
{
    local i
    words=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == = ]] || words+=("${COMP_WORDS[i]}")
    done
    cur=${COMP_WORDS[COMP_CWORD]}
    [[ $cur == = ]] && cur=
    prev=
    ((${#words[@]} == 0)) || prev=${words[-1]}
}

_hcloud_agent_offer()
{
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_hcloud_agent_files()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

# The command and what follows it, options and their values left out.
_hcloud_agent_positionals()
{
    local word skip=
    positionals=()
    for word in "${words[@]}"; do
        if [[ $skip ]]; then
            skip=
        elif [[ $word == --config || $word == --runtime-dir || $word == --state-dir || $word == -o || $word == --output ||
            $word == --format || $word == -d || $word == --data || $word == --timeout ]]; then
            skip=yes
        elif [[ $word != -* ]]; then
            positionals+=("$word")
        fi
    done
}

# After a command: its positional arguments, or, once a "-" is typed, its options.
_hcloud_agent_after()
{
    local count=${#positionals[@]} options="--help --config --runtime-dir --state-dir --output" values=
    case ${positionals[0]} in
        status) options+=" --watch" ;;
        wait)
            options+=" --timeout"
            ((count > 1)) || values="configured online registered"
            ;;
        metadata)
            options+=" --format"
            ((count > 1)) || values="availability-zone hostname instance-id local-ipv4 network-config
                network-sysconfig private-networks public-ipv4 public-keys region"
            ;;
        api)
            options+=" --data --paginate --wait --timeout"
            ((count > 1)) || values="GET POST PUT DELETE"
            ((count != 2)) || values="/actions /certificates /firewalls /floating_ips /images /isos
                /load_balancers /locations /networks /placement_groups /pricing /primary_ips
                /server_types /servers /ssh_keys /volumes"
            ;;
        load-balancer) ((count > 1)) || values="list drain join" ;;
        drain) options+=" --if-stopping" ;;
        config) ((count > 1)) || values="check show schema" ;;
    esac
    [[ $cur == -* ]] && values=$options
    _hcloud_agent_offer "$values"
}

_hcloud_agent()
{
    local cur prev words positionals
    _hcloud_agent_words
    case $prev in
        --config) _hcloud_agent_files -f; return ;;
        --runtime-dir | --state-dir) _hcloud_agent_files -d; return ;;
        -o | --output) _hcloud_agent_offer "text json"; return ;;
        --format) _hcloud_agent_offer "text json yaml env"; return ;;
        --timeout) _hcloud_agent_offer "10s 30s 60s 5m"; return ;;
        -d | --data) return ;;
    esac
    _hcloud_agent_positionals
    if ((${#positionals[@]} > 0)); then
        _hcloud_agent_after
    elif [[ $cur == -* ]]; then
        _hcloud_agent_offer "--help --version --config --runtime-dir --state-dir --output"
    else
        _hcloud_agent_offer "run plan apply status wait load-balancer drain doctor metadata api config"
    fi
}
complete -F _hcloud_agent hcloud-agent
