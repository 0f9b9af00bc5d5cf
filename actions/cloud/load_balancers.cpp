#include "actions/cloud/load_balancers.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

#include <algorithm>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

LoadBalancer::Health read_health(const Fields& fields) {
    return {read_port(fields, "listen_port"), fields.text("status").value_or("")};
}

/// But for its members.
LoadBalancer::Target read_member(const Fields& fields) {
    LoadBalancer::Target target;
    target.type = fields.required_text("type");
    target.server = read_server_id(fields);
    target.label_selector = read_label_selector(fields);
    if (const auto ip = fields.object("ip")) target.ip = ip->required_text("ip");
    target.use_private_ip = fields.boolean("use_private_ip").value_or(false);
    target.health_status =
        fields.list_of("health_status", read_health).value_or(target.health_status);
    return target;
}

LoadBalancer::Target read_balancer_target(const Fields& fields) {
    auto target = read_member(fields);
    target.members = fields.list_of("targets", read_member).value_or(target.members);
    return target;
}

LoadBalancer::PrivateNet read_balancer_net(const Fields& fields) {
    return {fields.required_id("network"), fields.text("ip").value_or("")};
}

LoadBalancer::Service read_service(const Fields& fields) {
    return {fields.required_text("protocol"), read_port(fields, "listen_port"),
            read_port(fields, "destination_port")};
}

LoadBalancer read_load_balancer(const Fields& fields) {
    LoadBalancer result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.location = read_location(fields);
    result.private_net = fields.list_of("private_net", read_balancer_net);
    result.services = fields.list_of("services", read_service);
    result.targets = fields.list_of("targets", read_balancer_target);
    return result;
}

constexpr Kind<LoadBalancer> kLoadBalancers{"/load_balancers", "load_balancer", "load_balancers",
                                            read_load_balancer};

/// The target that is the server by itself, not by a label selector.
const LoadBalancer::Target* find_target(const LoadBalancer& load_balancer, std::int64_t server) {
    if (!load_balancer.targets) return nullptr;
    const auto& targets = *load_balancer.targets;
    const auto found = std::find_if(targets.begin(), targets.end(), [&](const auto& target) {
        return target.type == "server" && target.server == server;
    });
    return found == targets.end() ? nullptr : &*found;
}

json body_of(std::int64_t server) {
    return {{"type", "server"}, {"server", {{"id", server}}}};
}

}  // namespace

LoadBalancer get_load_balancer(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kLoadBalancers, id, options);
}

std::vector<LoadBalancer> list_load_balancers(Client& client, const ListFilter& filter,
                                              const CallOptions& options) {
    return list_all(client, kLoadBalancers, filter, options);
}

std::optional<LoadBalancer> find_load_balancer(Client& client, const std::string& name_or_id,
                                               const CallOptions& options) {
    return find_one(client, kLoadBalancers, name_or_id, options);
}

Action add_target(Client& client, std::int64_t load_balancer, const ServerTarget& target,
                  const CallOptions& options) {
    auto body = body_of(target.server);
    body["use_private_ip"] = target.use_private_ip;
    const auto made = [&](const CallOptions& reading) {
        const auto now = get_load_balancer(client, load_balancer, reading);
        const auto* found = find_target(now, target.server);
        return found != nullptr && found->use_private_ip == target.use_private_ip;
    };
    return start(
        client,
        {path_of(kLoadBalancers, load_balancer) + "/actions/add_target", body, "add_target", made},
        options);
}

Action remove_target(Client& client, std::int64_t load_balancer, std::int64_t server,
                     const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        const auto now = get_load_balancer(client, load_balancer, reading);
        return now.targets && find_target(now, server) == nullptr;
    };
    return start(client,
                 {path_of(kLoadBalancers, load_balancer) + "/actions/remove_target",
                  body_of(server), "remove_target", made},
                 options);
}

LoadBalancer parse_load_balancer(const json& answer) {
    return parse_one(kLoadBalancers, answer);
}

std::vector<LoadBalancer> parse_load_balancers(const json& answer) {
    return parse_page(kLoadBalancers, Fields(answer, ""));
}

}  // namespace hcloud::cloud
