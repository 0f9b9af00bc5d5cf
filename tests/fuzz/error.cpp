// What the client makes of any answer that is none: a typed error whose text is one printable line
// without the token. The input is the HTTP status, a line break, and the body.
#include "actions/cloud/client.h"
#include "tests/actions/cloud/virtual.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

using namespace hcloud;

namespace {

constexpr std::string_view kToken = "jEheVytlAoFl7F8MqUQ7jAo2hOXASztX";

class Fake : public cloud::FunctionTransport {
  public:
    using FunctionTransport::FunctionTransport;
    std::string without_secrets(std::string text) const override {
        for (auto at = text.find(kToken); at != std::string::npos; at = text.find(kToken))
            text.replace(at, kToken.size(), "(token)");
        return text;
    }
};

bool is_printable(std::string_view text) {
    static_cast<void>(nlohmann::json(text).dump());  // throws if it is no UTF-8
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c >= ' ' && c != '\x7f'; });
}

void check_error(const cloud::Error& error) {
    const std::string text = error.what();
    fuzz::check(text.find(kToken) == std::string::npos, "no token in the error's text");
    fuzz::check(error.details().details.find(kToken) == std::string::npos,
                "no token in its details");
    fuzz::check(is_printable(text), "the error's text is one printable line");
    fuzz::check(text.size() < 2000, "the error's text is short");
    static_cast<void>(error.error_class());
    static_cast<void>(error.retryable());
}

void call(const cloud::Reply& reply, const cloud::Request& request) {
    cloud::VirtualClock clock;
    cloud::Client client(
        std::make_unique<Fake>([&](const cloud::Request&, cloud::TimePoint) { return reply; }),
        clock, 1);
    try {
        fuzz::check(client.call(request, {.retry = false}).is_object(), "an answer is an object");
        fuzz::check(reply.status / 100 == 2, "only 2xx is an answer");
    } catch (const cloud::Error& error) {
        check_error(error);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end_of_line = std::min(input.find('\n'), input.size());
    cloud::Reply reply;
    std::from_chars(input.data(), input.data() + end_of_line, reply.status);
    if (reply.status < 200 || reply.status > 599) return 0;
    reply.body = input.substr(std::min(end_of_line + 1, input.size()));
    call(reply, {"GET", "/servers/42"});
    call(reply, {"POST", "/servers/42/actions/reboot", nlohmann::json::object()});
    return 0;
}
