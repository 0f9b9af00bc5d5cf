// How this server stands with the load balancers of its configuration.
#include "actions/cloud/load_balancers.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/project.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using nlohmann::json;

json health_of(const cloud::LoadBalancer::Target& target) {
    json result = json::object();
    for (const auto& health : target.health_status)
        result[std::to_string(health.listen_port)] = health.status;
    return result;
}

json look(cloud::Client& client, std::int64_t server, const std::string& name, bool drained) {
    json row{{"name", name},
             {"id", nullptr},
             {"target", "no"},
             {"drained", drained},
             {"health", json::object()},
             {"problem", ""}};
    try {
        const auto balancer = cloud::find_load_balancer(client, name);
        if (!balancer) {
            row["problem"] = "the project has none of that name";
            return row;
        }
        row["id"] = balancer->id;
        const auto target = target_of(*balancer, server);
        if (target.direct != nullptr) {
            row["target"] = target.direct->use_private_ip ? "by private IP" : "by public IP";
            row["health"] = health_of(*target.direct);
        } else if (target.member != nullptr) {
            row["target"] = "by label selector " + target.through->label_selector.value_or("?");
            row["health"] = health_of(*target.member);
        }
    } catch (const cloud::Error& error) {
        row["problem"] = error.what();
    }
    return row;
}

std::string text_of(const json& row) {
    std::string health;
    for (const auto& [port, status] : row["health"].items())
        health += fmt::format(" {}:{}", port, status.get<std::string>());
    return fmt::format("{:<20}{:<10}{}{}{}{}\n", row["name"].get<std::string>(),
                       row["id"].is_null() ? "-" : row["id"].dump(),
                       row["target"].get<std::string>(), row["drained"] ? ", drained" : "", health,
                       row["problem"].get<std::string>());
}

}  // namespace

int command_load_balancer_list(const Invocation& invocation) {
    const auto config = effective_config(invocation);
    const auto client = project_client(config);
    const auto server = this_server(invocation, config);
    const auto drained = registration_files(invocation).drained();
    json rows = json::array();
    int code = kExitDone;
    for (const auto& wanted : config.registration.load_balancers) {
        rows.push_back(look(*client, server, wanted.name, drained.contains(wanted.name)));
        if (!rows.back()["problem"].get_ref<const std::string&>().empty()) code = kExitFailed;
    }
    if (invocation.output == Output::json) {
        fmt::print("{}\n", json{{"load_balancers", rows}}.dump(2));
        return code;
    }
    for (const auto& row : rows)
        fmt::print("{}", text_of(row));
    return code;
}

}  // namespace hcloud::agent
