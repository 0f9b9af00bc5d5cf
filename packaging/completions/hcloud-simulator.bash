# bash completion for hcloud-simulator

_hcloud_simulator()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    # Bash splits --profile=2026-11 at the "=" (COMP_WORDBREAKS).
    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}
    [[ $cur == = ]] && cur=
    case $prev in
        --profile) mapfile -t COMPREPLY < <(compgen -W "2025-06 2026-11" -- "$cur") ;;
        --tls-certificate | --tls-key | --record | --state)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --listen | --listen-tls | --forward-listen) ;;
        --action-duration) mapfile -t COMPREPLY < <(compgen -W "0ms 500ms 5s" -- "$cur") ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W "--help --listen --listen-tls --tls-certificate --tls-key
                --record --state --action-duration --profile --forward --forward-listen" -- "$cur")
            ;;
    esac
}
complete -F _hcloud_simulator hcloud-simulator
