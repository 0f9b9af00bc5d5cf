#include "agent/daemon/metrics.h"

#include "agent/daemon/prometheus_text.h"

#include <map>
#include <utility>
#include <vector>

namespace hcloud::agent {

namespace {

using Labels = PrometheusText::Labels;
using Type = PrometheusText::Type;

void add(PrometheusText& out, const char* name, Type type, const char* help, std::int64_t value) {
    out.family(name, type, help);
    out.sample({}, value);
}

void add_optional(PrometheusText& out, const char* name, const char* help,
                  const std::optional<std::int64_t>& value) {
    out.family(name, Type::gauge, help);
    if (value) out.sample({}, *value);
}

void add_agent(PrometheusText& out, const Status& status) {
    out.family("hcloud_agent_info", Type::gauge, "The running agent; always 1.");
    out.sample({{"version", status.version}}, 1);
    add(out, "process_start_time_seconds", Type::gauge,
        "When the agent started, in seconds since 1970.", status.started_at);
    out.family("hcloud_agent_server_info", Type::gauge,
               "The server that metadata speaks of; 1 once it is known.");
    if (status.server_id != 0) {
        out.sample({{"id", std::to_string(status.server_id)}, {"name", status.server_name}}, 1);
    }
    add(out, "hcloud_agent_converged", Type::gauge,
        "1 if all that can be done now is done, else 0.", status.state == "converged" ? 1 : 0);
    add(out, "hcloud_agent_frozen", Type::gauge,
        "1 if nothing may be changed, because metadata speaks of another server.",
        status.state == "frozen" ? 1 : 0);
    out.family("hcloud_agent_identity", Type::gauge,
               "1 for how this server's identity stands, 0 for the other ways.");
    for (const char* state : {"unknown", "proven", "unproven", "mismatch"}) {
        out.sample({{"state", state}}, status.identity == state ? 1 : 0);
    }
}

void add_registration(PrometheusText& out, const Status& status) {
    out.family("hcloud_agent_registration", Type::gauge,
               "1 for how this server's registration in its project stands, 0 for the other ways.");
    for (const char* state :
         {"off", "waiting", "registering", "registered", "drained", "failing"}) {
        out.sample({{"state", state}}, status.registration.state == state ? 1 : 0);
    }
}

// All of them, also those that count 0: a sample that comes and goes is hard to alert on.
void add_items(PrometheusText& out, const Status& status) {
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    std::vector<const char*> kinds{"private", "alias", "floating", "route", "guard"};
    if (status.registration.state != "off") {
        kinds.insert(kinds.end(),
                     {"label", "firewall", "network", "alias_ip", "load_balancer", "reverse_dns"});
    }
    for (const char* kind : kinds) {
        for (const char* state :
             {"configured", "adopted", "missing", "pending", "held", "contested"}) {
            counts[{kind, state}] = 0;
        }
    }
    for (const auto& item : status.items)
        ++counts[{item.kind, item.state}];
    out.family("hcloud_agent_items", Type::gauge,
               "Addresses and routes that are wanted here, and what is to be registered in the "
               "project, by kind and state.");
    for (const auto& [key, count] : counts) {
        out.sample({{"kind", key.first}, {"state", key.second}}, count);
    }
    add(out, "hcloud_agent_problems", Type::gauge,
        "What is wrong on this host: refused changes, the ledger.",
        static_cast<std::int64_t>(status.problems.size()));
}

void add_counters(PrometheusText& out, const Status& status) {
    add(out, "hcloud_agent_cycles_total", Type::counter, "Looks at the host, with or without need.",
        status.cycles);
    add(out, "hcloud_agent_changes_total", Type::counter,
        "Changes that were made to the host and in the project.", status.changes);
    add(out, "hcloud_agent_repairs_total", Type::counter,
        "Changes that put back what something else took away.", status.repairs);
    add(out, "hcloud_agent_change_failures_total", Type::counter,
        "Changes that the kernel or the API refused.", status.failures);
}

void add_sources(PrometheusText& out, const Status& status) {
    const std::pair<const char*, const Status::Source&> sources[] = {{"metadata", status.metadata},
                                                                     {"api", status.api}};
    out.family("hcloud_agent_source_up", Type::gauge,
               "1 if the latest round of questions was answered well, 0 if not.");
    for (const auto& [name, source] : sources) {
        if (source.state == "ok" || source.state == "failing") {
            out.sample({{"source", name}}, source.state == "ok" ? 1 : 0);
        }
    }
    // An age and not a time: it is taken from a clock that nobody sets.
    out.family("hcloud_agent_source_last_success_age_seconds", Type::gauge,
               "How long ago the latest good round of questions ended.");
    for (const auto& [name, source] : sources) {
        if (source.age_seconds) out.sample({{"source", name}}, *source.age_seconds);
    }
    out.family("hcloud_agent_source_rounds_total", Type::counter, "Rounds of questions.");
    for (const auto& [name, source] : sources) {
        out.sample({{"source", name}}, source.rounds);
    }
    out.family("hcloud_agent_source_failed_rounds_total", Type::counter,
               "Rounds of questions that were not answered well.");
    for (const auto& [name, source] : sources) {
        out.sample({{"source", name}}, source.failed_rounds);
    }
}

void add_api(PrometheusText& out, const Status& status) {
    add_optional(out, "hcloud_agent_api_interval_seconds",
                 "How often the API is asked now; no sample while it is not asked.",
                 status.api_interval_seconds);
    add_optional(out, "hcloud_agent_api_rate_limit_requests",
                 "Requests an hour that the API allows the whole project.", status.rate_limit);
    add_optional(out, "hcloud_agent_api_rate_limit_remaining_requests",
                 "Requests that were left to the project at the latest answer.",
                 status.rate_remaining);
}

}  // namespace

std::string to_metrics(const Status& status) {
    PrometheusText out;
    add_agent(out, status);
    add_registration(out, status);
    add_items(out, status);
    add_counters(out, status);
    add_sources(out, status);
    add_api(out, status);
    return out.text();
}

}  // namespace hcloud::agent
