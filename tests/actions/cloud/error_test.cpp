// An error in one line for a person, and whether the same request is worth repeating.
#include "actions/cloud/error.h"

#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

constexpr const char* kRequest = "GET https://api.hetzner.cloud/v1/servers/42";

struct TextCase {
    std::string name;
    Error::Details details;
    std::string what;
};

void PrintTo(const TextCase& text, std::ostream* out) {
    *out << text.name;
}

class ErrorText : public testing::TestWithParam<TextCase> {};

TEST_P(ErrorText, IsOneLineWithAllThatIsKnown) {
    EXPECT_EQ(Error(GetParam().details).what(), kRequest + GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ErrorText,
    testing::Values(
        TextCase{"NoAnswer",
                 {ErrorKind::unreachable, kRequest, 0, "", "connection refused", ""},
                 " failed: connection refused"},
        TextCase{"ApiError",
                 {ErrorKind::not_found, kRequest, 404, "not_found", "server not found", "cafe"},
                 " failed: HTTP 404 not_found: server not found (correlation id cafe)"},
        TextCase{"ProxyError",
                 {ErrorKind::server_fault, kRequest, 502, "", "Bad Gateway", ""},
                 " failed: HTTP 502: Bad Gateway"},
        TextCase{
            "StatusOnly", {ErrorKind::rejected, kRequest, 418, "", "", ""}, " failed: HTTP 418"}),
    [](const auto& test) { return test.param.name; });

struct RetryCase {
    ErrorKind kind;
    int status;
    std::string code;
    bool retryable;
};

class Retryable : public testing::TestWithParam<RetryCase> {};

TEST_P(Retryable, TellsPassingTroubleFromTheRest) {
    const auto& [kind, status, code, retryable] = GetParam();
    EXPECT_EQ(Error({kind, kRequest, status, code, "", ""}).retryable(), retryable)
        << status << " " << code;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Retryable,
    testing::Values(RetryCase{ErrorKind::unreachable, 0, "", true},
                    RetryCase{ErrorKind::timeout, 0, "", true},
                    RetryCase{ErrorKind::broken, 0, "", true},
                    RetryCase{ErrorKind::rate_limited, 429, "rate_limit_exceeded", true},
                    RetryCase{ErrorKind::server_fault, 503, "unavailable", true},
                    RetryCase{ErrorKind::not_permitted, 401, "unauthorized", false},
                    RetryCase{ErrorKind::not_permitted, 403, "forbidden", false},
                    RetryCase{ErrorKind::not_permitted, 403, "maintenance", true},
                    RetryCase{ErrorKind::not_found, 404, "not_found", false},
                    RetryCase{ErrorKind::rejected, 408, "", true},
                    RetryCase{ErrorKind::rejected, 409, "conflict", true},
                    RetryCase{ErrorKind::rejected, 409, "uniqueness_error", false},
                    RetryCase{ErrorKind::rejected, 410, "deprecated_api_endpoint", false},
                    RetryCase{ErrorKind::rejected, 422, "invalid_input", false},
                    RetryCase{ErrorKind::rejected, 423, "locked", true},
                    RetryCase{ErrorKind::rejected, 423, "protected", false},
                    RetryCase{ErrorKind::too_large, 200, "", false},
                    RetryCase{ErrorKind::malformed, 200, "", false}));

}  // namespace
}  // namespace hcloud::cloud
