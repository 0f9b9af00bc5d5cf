#include "agent/config/manual.h"

#include "agent/config/default_text.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

constexpr const char* kPageHead =
    R"(.\" Made from the table of keys (agent/config/manual.cpp): do not edit.
.Dd November 24, 2026
.Dt HCLOUD-AGENT.YAML 5
.Os
.Sh NAME
.Nm hcloud-agent.yaml
.Nd configuration of hcloud-agent
.Sh SYNOPSIS
.Pa /etc/hcloud-agent/config.yaml
.Sh DESCRIPTION
The file tells
.Xr hcloud-agent 8
what to look after on a server in the Hetzner Cloud.
It is YAML: sections, and in each section keys.
Everything is optional.
An empty file, or none, configures private networks and alias IPs from metadata
alone.
.Pp
Unknown keys and values out of range are errors, with line, column and a
suggestion:
.Ql hcloud-agent config check
prints them.
The daemon reads the file when it starts and on
.Dv SIGHUP ;
one that is bad then is reported, and what was read before stays in force.
.Pp
A duration is a number with a unit
.Po
.Ql 500ms ,
.Ql 10s ,
.Ql 2m ,
.Ql 1h
.Pc .
For true and false,
.Ql yes ,
.Ql no ,
.Ql on
and
.Ql off
are accepted too.
)";

constexpr const char* kTail = R"(.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/hcloud-agent/config.yaml
Read unless
.Ql hcloud-agent --config
names another file.
As installed, it explains every key and sets none.
.It Pa /etc/hcloud-agent/token
Where the service looks for the API token.
Give it mode 0600.
.El
.Sh EXAMPLES
A server without public addresses, behind a gateway that does NAT:
.Bd -literal -offset indent
network:
  default_route: private
.Ed
.Pp
Floating IPs without a token:
.Bd -literal -offset indent
network:
  floating_ips: [203.0.113.5, "2001:db8:1::1/64"]
.Ed
.Pp
A token in a file, and fewer questions to the API:
.Bd -literal -offset indent
api:
  token_file: /etc/hcloud-agent/token
  interval: 5m
.Ed
.Pp
A web server that says what it is, gets its firewall and its load balancer, and
leaves the latter before it goes down:
.Bd -literal -offset indent
register:
  labels: {role: web}
  firewalls: [web]
  networks: [backend]
  load_balancers: [{name: web, use_private_ip: true, drain: 20s}]
.Ed
.Sh SEE ALSO
.Xr systemd.exec 5 ,
.Xr hcloud-agent 8
)";

/// Characters that troff would take for its own.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool begins_line = out.empty() || out.back() == '\n';
        if (begins_line && (c == '.' || c == '\'')) out += "\\&";
        out += c == '\\' ? "\\e" : std::string(1, c);
    }
    return out;
}

/// Each sentence begins a line and no line is long, as mdoc(7) wants it.
std::string prose(std::string_view text) {
    constexpr std::size_t kLong = 60;
    std::string out;
    std::size_t column = 0;
    for (const char c : text) {
        const bool sentence_ends = !out.empty() && out.back() == '.';
        const bool break_here = c == '\n' || (c == ' ' && (sentence_ends || column > kLong));
        out += break_here ? '\n' : c;
        column = break_here ? 0 : column + 1;
    }
    return escaped(out) + "\n";
}

/// As an argument of a macro, whatever it contains.
std::string argument(std::string_view text) {
    std::string out = "\"";
    for (const char c : escaped(text))
        out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

std::string heading(const config::Key& key) {
    return fmt::format(".It Cm {}\n{}.br\n{}", key.name, prose(key.doc),
                       prose(fmt::format("Accepts {}.", config::accepted(key.type))));
}

std::string default_of(const config::Key& key, const Config& defaults) {
    const auto value = config::default_text(key.type, defaults);
    if (value.empty()) return "Not set by default.\n";
    return fmt::format("Default:\n.Ql {} .\n", argument(value));
}

std::string record_keys(const config::RecordList& type) {
    const auto defaults = config::with_default_record(type);
    auto text = fmt::format(".Pp\nThe keys of each {}:\n.Bl -tag -width Ds\n", type.one);
    text += heading(type.keys.front()) + "Required.\n";
    for (std::size_t i = 1; i < type.keys.size(); ++i)
        text += heading(type.keys[i]) + default_of(type.keys[i], defaults);
    return text + ".El\n";
}

std::string entry(const config::Key& key) {
    auto text = heading(key) + default_of(key, {});
    if (const auto* list = std::get_if<config::RecordList>(&key.type)) text += record_keys(*list);
    return text;
}

}  // namespace

std::string config_manual() {
    std::string page = kPageHead;
    for (const auto& section : config::sections()) {
        page += fmt::format(".Sh SECTION {}\n{}", section.name, prose(section.doc));
        page += ".Bl -tag -width Ds\n";
        for (const auto& key : section.keys)
            page += entry(key);
        page += ".El\n";
    }
    return page + kTail;
}

}  // namespace hcloud::agent
