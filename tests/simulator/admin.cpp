// /_sim/…: what a test looks at and changes behind the cloud's back.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"
#include "tests/simulator/state/state_json.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

Response get_state(World& world, const Request&) {
    return json_response(200, to_json(world.snapshot()));
}

Response answer_patch(World& world, const Request& request) {
    try {
        patch_state(world, json_body(request));
    } catch (const StateError& error) {
        throw ApiError(422, "invalid_input", error.what());
    }
    return get_state(world, request);
}

Response get_forwarding(World& world, const Request&) {
    if (world.forwarding() != nullptr) {
        return json_response(200, {{"services", world.forwarding()->describe()}});
    }
    throw ApiError(404, "not_found", "nothing is forwarded: start the simulator with --forward");
}

void add_faults(Router& router, FaultBook& faults) {
    router.add("PUT", "/_sim/faults", [&faults](World&, const Request& request) {
        return json_response(201, {{"id", faults.add(json_body(request))}});
    });
    router.add("GET", "/_sim/faults", [&faults](World&, const Request&) {
        return json_response(200, {{"faults", faults.list()}});
    });
    router.add("DELETE", "/_sim/faults", [&faults](World&, const Request&) {
        faults.clear();
        return text_response(204, "");
    });
    router.add("DELETE", "/_sim/faults/{id}", [&faults](World&, const Request& request) {
        const Id id = path_id(request);
        if (!faults.remove(id)) throw not_found("fault", std::to_string(id));
        return text_response(204, "");
    });
}

}  // namespace

void patch_state(World& world, const json& patch) {
    json document = to_json(world.snapshot());
    document.merge_patch(patch);
    world.replace(parse_state(document));
}

void add_admin(Router& router, FaultBook& faults, RequestLog& log) {
    router.add("GET", "/_sim/state", get_state);
    router.add("PATCH", "/_sim/state", answer_patch);
    add_faults(router, faults);
    router.add("DELETE", "/_sim/actions/{id}", [](World& world, const Request& request) {
        const Id id = path_id(request);
        if (!world.lose_action(id)) throw not_found("action", std::to_string(id));
        return text_response(204, "");
    });
    router.add("GET", "/_sim/forwarding", get_forwarding);
    router.add("GET", "/_sim/requests",
               [&log](World&, const Request&) { return json_response(200, log.list()); });
    router.add("DELETE", "/_sim/requests", [&log](World&, const Request&) {
        log.clear();
        return text_response(204, "");
    });
}

}  // namespace hcloud::sim
