#include "actions/cloud/client.h"

#include "actions/cloud/connection.h"
#include "actions/cloud/text.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

json parse_json(const std::string& body) {
    return json::parse(body, nullptr, false);
}

std::string text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// {"error": {"code": …, "message": …}}; a proxy's HTML leaves both empty.
void read_api_error(const std::string& body, Error::Details& details) {
    const auto document = parse_json(body);
    if (!document.is_object()) return;
    const auto error = document.find("error");
    if (error == document.end() || !error->is_object()) return;
    details.code = text_at(*error, "code");
    details.message = text_at(*error, "message");
}

void require_path(const std::string& path) {
    const bool fit = path.starts_with('/') && std::all_of(path.begin(), path.end(), [](char c) {
                         return c > ' ' && c < '\x7f';
                     });
    if (!fit) throw std::invalid_argument("API path " + in_quotes(path) + " is not one");
}

std::string not_an_object(const Reply& reply) {
    return fmt::format("expected a JSON object, got {} bytes of {}: {}", reply.body.size(),
                       reply.content_type.empty() ? "no type" : reply.content_type,
                       reply.body.substr(0, 1000));
}

}  // namespace

Client::Client(ClientOptions options, const Token& token)
    : connection_(std::make_unique<Connection>(std::move(options), token)) {}

Client::~Client() = default;

Error Client::make_error(const std::string& path, Error::Details details) const {
    const auto clean = [this](const std::string& text, std::size_t limit) {
        return printable(connection_->without_token(text), limit);
    };
    details.request = clean(connection_->describe(path), 500);
    details.code = clean(details.code, 60);
    details.message = clean(details.message, 200);
    details.correlation_id = clean(details.correlation_id, 100);
    return Error(std::move(details));
}

Error Client::malformed(const std::string& path, const std::string& what) const {
    return make_error(path, {ErrorKind::malformed, {}, 200, {}, what, {}});
}

json Client::get(const std::string& path) {
    require_path(path);
    Reply reply;
    try {
        reply = connection_->get(path);
    } catch (const Failure& failure) {
        throw make_error(path, {failure.kind, {}, 0, {}, failure.detail, {}});
    }
    Error::Details details{ErrorKind::malformed, {}, reply.status, {}, {}, reply.correlation_id};
    if (reply.status < 200 || reply.status >= 300) {
        details.kind = kind_of(reply.status);
        read_api_error(reply.body, details);
        if (details.message.empty()) details.message = reply.reason;
        if (reply.status >= 300 && reply.status < 400) {
            details.message += " (redirects are not followed)";
        }
        throw make_error(path, std::move(details));
    }
    auto document = parse_json(reply.body);
    if (!document.is_object()) {
        details.message = not_an_object(reply);
        throw make_error(path, std::move(details));
    }
    return document;
}

std::optional<RateLimit> Client::rate_limit() const {
    return connection_->rate_limit();
}

void Client::cancel() noexcept {
    connection_->cancel();
}

}  // namespace hcloud::cloud
