#include "actions/cloud/answer.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

ErrorKind kind_of(int status) {
    if (status == 401 || status == 403) return ErrorKind::not_permitted;
    if (status == 404) return ErrorKind::not_found;
    if (status == 429) return ErrorKind::rate_limited;
    if (status >= 400 && status < 500) return ErrorKind::rejected;
    if (status >= 500 && status < 600) return ErrorKind::server_fault;
    return ErrorKind::malformed;  // 1xx and 3xx are no answer that an API gives
}

/// Whether the API certainly did nothing. A 408 may come from a proxy that gave up waiting.
bool is_refused(int status) {
    return status >= 400 && status < 500 && status != 408;
}

/// Deeper than any answer of the API: walking through it would need as much stack.
bool is_too_deep(const std::string& body) {
    constexpr int kDeepest = 200;
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < body.size() && depth <= kDeepest; ++i) {
        const char c = body[i];
        if (in_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            ++depth;
        } else if (!in_string && (c == ']' || c == '}')) {
            --depth;
        }
    }
    return depth > kDeepest;
}

json parse_json(const std::string& body) {
    if (is_too_deep(body)) return json(json::value_t::discarded);
    return json::parse(body, nullptr, false);
}

std::string text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// {"error": {"code": …, "message": …, "details": …}}; a proxy's HTML leaves all empty.
void read_api_error(const std::string& body, Error::Details& details) {
    const auto document = parse_json(body);
    if (!document.is_object()) return;
    const auto error = document.find("error");
    if (error == document.end() || !error->is_object()) return;
    details.code = text_at(*error, "code");
    details.message = text_at(*error, "message");
    const auto more = error->find("details");
    if (more != error->end() && !more->is_null()) details.details = more->dump();
}

std::string not_an_object(const Reply& reply) {
    return fmt::format("expected a JSON object, got {} bytes of {}: {}", reply.body.size(),
                       reply.content_type.empty() ? "no type" : reply.content_type,
                       reply.body.substr(0, 1000));
}

/// Of an answer that is no 2xx.
Error::Details refusal(const Reply& reply) {
    Error::Details details{.kind = kind_of(reply.status),
                           .http_status = reply.status,
                           .correlation_id = reply.correlation_id};
    read_api_error(reply.body, details);
    if (details.message.empty()) details.message = reply.reason;
    if (reply.status >= 300 && reply.status < 400) {
        details.message += " (redirects are not followed)";
    }
    return details;
}

}  // namespace

std::variant<json, Error::Details> read_answer(const Reply& reply, bool to_a_change) {
    if (reply.status < 200 || reply.status >= 300) {
        auto details = refusal(reply);
        details.outcome_unknown = to_a_change && !is_refused(reply.status);
        return details;
    }
    if (reply.body.empty() && to_a_change) return json::object();
    auto document = parse_json(reply.body);
    if (document.is_object()) return document;
    return Error::Details{.kind = ErrorKind::malformed,
                          .http_status = reply.status,
                          .message = not_an_object(reply),
                          .correlation_id = reply.correlation_id,
                          .outcome_unknown = to_a_change};
}

}  // namespace hcloud::cloud
