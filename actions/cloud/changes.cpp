#include "actions/cloud/changes.h"

#include "actions/cloud/action.h"
#include "actions/cloud/fields.h"

#include <utility>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

/// An action that nobody has to wait for.
json done(const std::string& command) {
    return {{"id", 0},
            {"command", command},
            {"status", "success"},
            {"progress", 100},
            {"started", "1970-01-01T00:00:00Z"}};
}

template <typename Parse>
auto send(Client& client, const Change& change, CallOptions options, const json& settled_answer,
          Parse parse) {
    if (!options.settled) {
        options.settled = [&, reading = reading_for(options)]() -> std::optional<json> {
            if (!change.made(reading)) return std::nullopt;
            return settled_answer;
        };
    }
    const Request request{"POST", change.path, change.body};
    const auto answer = client.call(request, options);
    try {
        return parse(answer);
    } catch (const FieldError& error) {
        throw client.malformed(request, error.what());
    }
}

}  // namespace

Action start(Client& client, const Change& change, const CallOptions& options) {
    return send(client, change, options, {{"action", done(change.command)}}, parse_action);
}

std::vector<Action> start_several(Client& client, const Change& change,
                                  const CallOptions& options) {
    return send(client, change, options, {{"actions", json::array({done(change.command)})}},
                parse_actions);
}

void rethrow_as(const Error& error, ErrorClass error_class) {
    auto details = error.details();
    details.error_class = error_class;
    throw Error(std::move(details));
}

}  // namespace hcloud::cloud
