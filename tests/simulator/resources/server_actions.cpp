#include "tests/simulator/resources/server_actions.h"

#include <random>

namespace hcloud::sim {

void add_server_action(Router& router, const std::string& name,
                       std::function<Response(World&, Id, const Request&)> handle) {
    router.add("POST", "/v1/servers/{id}/actions/" + name,
               [handle = std::move(handle)](World& world, const Request& request) {
                   const Id id = path_id(request);
                   require(world, servers(), id);
                   return handle(world, id, request);
               });
}

ActionPlan plan_server_change(Id id, const char* command, std::function<void(Server&)> change) {
    return {.command = command,
            .resources = {{id, "server"}},
            .effect = on<Server>(servers(), id, std::move(change))};
}

Response change_server(World& world, Id id, const char* command,
                       std::function<void(Server&)> change) {
    require_unlocked(world, {id, "server"}, "server");
    return created(world, plan_server_change(id, command, std::move(change)));
}

Response created_with(World& world, ActionPlan plan, nlohmann::json more) {
    more["action"] = action_json(world, world.start(std::move(plan)));
    return json_response(201, more);
}

void require_stopped(const Server& server) {
    if (server.status == "off") return;
    throw ApiError(422, "server_not_stopped", "server must be stopped for this action");
}

std::string made_up_password(World& world) {
    static const std::string kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    std::mt19937_64 random(static_cast<std::uint64_t>(world.new_id()));
    std::string password;
    while (password.size() < 20)
        password += kLetters[random() % kLetters.size()];
    return password;
}

}  // namespace hcloud::sim
