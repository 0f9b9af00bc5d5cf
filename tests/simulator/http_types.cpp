#include "tests/simulator/http_types.h"

#include <algorithm>

namespace hcloud::sim {

using nlohmann::json;

std::string Request::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::optional<std::string> Request::query_value(const std::string& name) const {
    const auto found = std::find_if(query.begin(), query.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    if (found == query.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string> Request::query_values(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : query) {
        if (key == name) values.push_back(value);
    }
    return values;
}

Response json_response(int status, const json& body) {
    // Text that is no UTF-8 can come in by a state file; it must not end in an exception here.
    return {
        status, {}, "application/json", body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

Response text_response(int status, std::string body) {
    return {status, {}, "text/plain; charset=utf-8", std::move(body)};
}

Response ApiError::response() const {
    return json_response(
        status_, {{"error", {{"code", code_}, {"message", what()}, {"details", details_}}}});
}

json parse_json(const std::string& text) {
    constexpr int kDeepest = 64;
    bool too_deep = false;
    const auto look = [&](int depth, json::parse_event_t, json&) {
        too_deep |= depth > kDeepest;
        return !too_deep;
    };
    json value = json::parse(text, look, false);
    return too_deep ? json(json::value_t::discarded) : value;
}

json json_body(const Request& request) {
    if (request.body.empty()) return json::object();
    json body = parse_json(request.body);
    if (!body.is_object()) throw ApiError(400, "json_error", "invalid JSON in the request body");
    return body;
}

}  // namespace hcloud::sim
