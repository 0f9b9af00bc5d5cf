#include "metadata/client.h"

#include "metadata/connection.h"
#include "metadata/parse.h"
#include "metadata/text.h"

#include <utility>

#include <Poco/URI.h>
#include <fmt/format.h>

namespace hcloud::metadata {

namespace {

constexpr int kNotFound = 404;

bool says_none(int status) {
    return status == kNoContent || status == kNotFound;
}

Error status_error(std::string request, const Reply& reply, const char* remark) {
    return {ErrorKind::status, std::move(request),
            fmt::format("HTTP {} {}{}", reply.status, printable(reply.reason, 60), remark)};
}

Error malformed(std::string request, const ParseError& error) {
    return {ErrorKind::malformed, std::move(request), printable(error.what())};
}

/// `read` makes an Answer of a 200's body and may throw ParseError.
template <typename T, typename Read>
Answer<T> answer_of(const Reply& reply, const std::string& request, Read read) {
    if (says_none(reply.status)) return Absent{std::to_string(reply.status)};
    if (reply.status >= 300 && reply.status < 400) {
        return status_error(request, reply, " (redirects are not followed)");
    }
    if (reply.status != kOk) return status_error(request, reply, "");
    try {
        return read(reply.body);
    } catch (const ParseError& error) {
        return malformed(request, error);
    }
}

Answer<PrivateNetworks> read_private_networks(const std::string& body) {
    const auto text = trim(body);
    if (text.empty()) return Absent{"empty 200"};
    if (text == "null" || text == "~") return Absent{"null"};
    return parse_private_networks(body);
}

Answer<std::string> read_leaf(const std::string& body) {
    const auto text = trim(body);
    if (text.empty()) return Absent{"empty 200"};
    return std::string(text);
}

}  // namespace

Client::Client(ClientOptions options)
    : connection_(std::make_unique<Connection>(std::move(options))) {}

Client::~Client() = default;

Answer<Root> Client::root() {
    const auto request = connection_->describe("");
    try {
        const auto reply = connection_->get("");
        if (says_none(reply.status)) {
            return status_error(request, reply, ", but the root document is never absent");
        }
        return answer_of<Root>(reply, request,
                               [](const std::string& body) { return parse_root(body); });
    } catch (const Failure& failure) {
        return Error{failure.kind, request, failure.detail};
    }
}

Answer<PrivateNetworks> Client::private_networks() {
    static const std::string kPath = "/private-networks";
    const auto request = connection_->describe(kPath);
    try {
        return answer_of<PrivateNetworks>(connection_->get(kPath), request, read_private_networks);
    } catch (const Failure& failure) {
        return Error{failure.kind, request, failure.detail};
    }
}

Answer<std::string> Client::leaf(std::string_view name) {
    std::string path = "/";
    Poco::URI::encode(std::string(name), "?#", path);
    const auto request = connection_->describe(path);
    try {
        return answer_of<std::string>(connection_->get(path), request, read_leaf);
    } catch (const Failure& failure) {
        return Error{failure.kind, request, failure.detail};
    }
}

void Client::cancel() noexcept {
    connection_->cancel();
}

}  // namespace hcloud::metadata
