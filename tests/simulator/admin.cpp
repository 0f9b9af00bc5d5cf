// /_sim/…: what a test looks at and changes behind the cloud's back.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"
#include "tests/simulator/state_json.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

Response get_state(World& world, const Request&) {
    return json_response(200, to_json(world.snapshot()));
}

Response patch_state(World& world, const Request& request) {
    json document = to_json(world.snapshot());
    document.merge_patch(json_body(request));
    try {
        world.replace(parse_state(document));
    } catch (const StateError& error) {
        throw ApiError(422, "invalid_input", error.what());
    }
    return get_state(world, request);
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

void add_admin(Router& router, FaultBook& faults, RequestLog& log) {
    router.add("GET", "/_sim/state", get_state);
    router.add("PATCH", "/_sim/state", patch_state);
    add_faults(router, faults);
    router.add("GET", "/_sim/requests",
               [&log](World&, const Request&) { return json_response(200, log.list()); });
    router.add("DELETE", "/_sim/requests", [&log](World&, const Request&) {
        log.clear();
        return text_response(204, "");
    });
}

}  // namespace hcloud::sim
