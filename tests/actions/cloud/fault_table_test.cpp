// Everything that can go wrong with a call, one row each: what the caller sees, how many requests
// were sent, and that no change was made twice. On real sockets; the pauses between attempts take
// no time. (What can go wrong with an action that a call has started is in actions_test.cpp.)
#include "actions/cloud/client.h"
#include "tests/actions/cloud/certificates.h"
#include "tests/actions/cloud/fault_answers.h"
#include "tests/actions/cloud/faulty_api.h"
#include "tests/actions/cloud/tls_server.h"
#include "tests/actions/cloud/virtual.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using lab::http;
using lab::ScriptedServer;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Matcher;
using enum ErrorClass;

constexpr int kEndless = 1 << 30;
const Request kQuestion{"GET", "/volumes?name=data"};
const Request kChange{"POST", "/volumes", json{{"name", "data"}}};

/// How often a request is sent that meets its fault each time.
const Matcher<int> kNever = testing::Eq(0);
const Matcher<int> kOnce = testing::Eq(1);
const Matcher<int> kBackingOff = testing::Eq(5);
const Matcher<int> kQuickly = testing::Eq(6);
const Matcher<int> kRefilled = testing::AllOf(testing::Ge(5), testing::Le(6));
const Matcher<int> kUntilTheDeadline = testing::AllOf(testing::Ge(12), testing::Le(41));

struct Row {
    std::string name;
    FaultyApi::Fault fault;
    // What the caller sees.
    ErrorClass error_class = our_fault;
    std::string code = {};
    std::string text = {};
    // How often it was sent: a question; a change, but once if its outcome is unknown.
    Matcher<int> sent = kOnce;
    bool unknown = false;
    milliseconds io_timeout = std::chrono::hours(1);
    milliseconds deadline = seconds(30);
    std::string certificate = {};  // if it is about TLS: of a server that obeys

    bool is_retried() const { return !sent.Matches(0) && !sent.Matches(1); }
    /// Nothing is left of it to look what has become of a change.
    bool uses_up_its_deadline() const { return deadline < seconds(30); }
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

std::string name_of(int status, const std::string& code) {
    auto name = code;
    std::erase(name, '_');
    return (name.empty() ? "Bare" : name) + std::to_string(status);
}

/// An error of the API, which has done nothing.
Row error(int status, const std::string& code, ErrorClass error_class,
          const Matcher<int>& sent = kOnce) {
    const json body{{"error", {{"code", code}, {"message", "because"}, {"details", nullptr}}}};
    return {.name = name_of(status, code),
            .fault = {false, says(http(body.dump(), std::to_string(status) + " Reason"))},
            .error_class = error_class,
            .code = code,
            .text = "HTTP " + std::to_string(status) + " " + code + ": because",
            .sent = sent,
            .unknown = status >= 500};
}

/// A status without a body.
Row bare(int status, ErrorClass error_class, const Matcher<int>& sent = kOnce) {
    return {.name = name_of(status, ""),
            .fault = {false, says(http("", std::to_string(status) + " Reason"))},
            .error_class = error_class,
            .text = "HTTP " + std::to_string(status) + ": Reason",
            .sent = sent,
            .unknown = status >= 500 || status == 408 || status < 400};
}

/// A 2xx that nobody can make use of, after all was done.
Row nonsense(const std::string& name, const std::string& body, const std::string& text) {
    return {.name = name,
            .fault = {true, says(http(body, "200 OK", "Content-Type: text/x\r\n"))},
            .error_class = our_fault,
            .text = text,
            .unknown = true};
}

/// The connection breaks.
Row broken(const std::string& name, bool obeys, Answer answer, const std::string& text) {
    return {.name = name,
            .fault = {obeys, std::move(answer)},
            .error_class = retry_now,
            .text = text,
            .sent = kBackingOff,
            .unknown = true};
}

Row untrusted(const std::string& name, const std::string& certificate, const std::string& text) {
    return {.name = name,
            .fault = {},
            .error_class = our_fault,
            .text = text,
            .sent = kNever,
            .certificate = certificate};
}

/// The client's authority, and the server's certificate of that name.
void make_certificates(const Certificates& certificates, const std::string& name) {
    certificates.make_authority("ca");
    if (name == "expired") certificates.make(name, "ca", "IP:127.0.0.1", -1);
    if (name == "wrong-host") certificates.make(name, "ca", "DNS:api.hetzner.cloud");
    if (name == "unknown-ca") {
        certificates.make_authority("other-ca");
        certificates.make(name, "other-ca", "IP:127.0.0.1");
    }
}

/// The API of a row, and what was counted there.
class Api {
  public:
    Api(const Row& row, const std::optional<Certificates>& certificates, const std::string& method,
        int times) {
        if (certificates) {
            tls_.emplace(TlsServer::Options{certificates->file(row.certificate + ".pem"),
                                            certificates->file(row.certificate + ".key"),
                                            http("{}")});
        } else {
            faulty_.emplace(row.fault, method, times);
        }
    }
    std::string url() const {
        return faulty_ ? faulty_->url() : "https://127.0.0.1:" + std::to_string(tls_->port());
    }
    int requests(const std::string& method) const {
        return faulty_ ? faulty_->requests(method) : tls_->requests();
    }
    int changes() const { return faulty_ ? faulty_->volumes() : tls_->requests(); }

  private:
    std::optional<FaultyApi> faulty_;
    std::optional<TlsServer> tls_;
};

class FaultTable : public testing::TestWithParam<Row> {
  protected:
    /// The API whose first `times` requests of that method meet the row's fault, and a client.
    void set_up(const std::string& method, int times) {
        ClientOptions options;
        options.connect_timeout = std::chrono::hours(1);
        options.io_timeout = GetParam().io_timeout;
        // How much of its deadline a call has left is a matter of its pauses then, not of speed.
        if (!GetParam().uses_up_its_deadline()) clock_.stand_still();
        if (!GetParam().certificate.empty()) {
            certificates_.emplace();
            make_certificates(*certificates_, GetParam().certificate);
            options.ca_file = certificates_->file("ca.pem");
        }
        api_.emplace(GetParam(), certificates_, method, times);
        options.endpoint = api_->url();
        client_.emplace(make_transport(options, Token("t0ken")), clock_, 1);
    }

    std::optional<Error> error_of(const Request& request, CallOptions options = {}) {
        options.deadline = GetParam().deadline;
        try {
            client_->call(request, options);
            return std::nullopt;
        } catch (const Error& error) {
            return error;
        }
    }

    void expect_as_in_the_row(const std::optional<Error>& error) {
        ASSERT_TRUE(error) << "was accepted";
        EXPECT_EQ(error->error_class(), GetParam().error_class) << error->what();
        EXPECT_EQ(error->details().code, GetParam().code);
        EXPECT_THAT(error->what(), HasSubstr(GetParam().text));
    }

    /// Whether the volume is there, by asking the API.
    CallOptions looking() {
        CallOptions options;
        options.settled = [this]() -> std::optional<json> {
            const auto volumes = client_->call(kQuestion).at("volumes");
            if (volumes.empty()) return std::nullopt;
            return json{{"volume", volumes.front()}};
        };
        return options;
    }

    SkippingClock clock_;
    std::optional<Certificates> certificates_;
    std::optional<Api> api_;
    std::optional<Client> client_;
};

TEST_P(FaultTable, AQuestion) {
    set_up("GET", kEndless);
    const auto error = error_of(kQuestion);
    expect_as_in_the_row(error);
    EXPECT_FALSE(error->outcome_unknown());
    EXPECT_THAT(api_->requests("GET"), GetParam().sent);
}

TEST_P(FaultTable, AQuestionOnceTheFaultHasPassed) {
    set_up("GET", 3);
    const auto error = error_of(kQuestion);
    EXPECT_EQ(!error, GetParam().is_retried());
    EXPECT_THAT(api_->requests("GET"), GetParam().is_retried() ? testing::Eq(4) : GetParam().sent);
}

TEST_P(FaultTable, AChange) {
    const auto& row = GetParam();
    set_up("POST", kEndless);
    const auto error = error_of(kChange);
    expect_as_in_the_row(error);
    EXPECT_EQ(error->outcome_unknown(), row.unknown);
    EXPECT_THAT(api_->requests("POST"), row.unknown ? kOnce : row.sent);
    EXPECT_EQ(api_->changes(), row.fault.obeys ? 1 : 0);
}

TEST_P(FaultTable, AChangeThatCanBeLookedFor) {
    const auto& row = GetParam();
    set_up("POST", 1);
    const auto error = error_of(kChange, looking());
    EXPECT_LE(api_->changes(), 1) << "doubled";
    if (row.uses_up_its_deadline()) {
        ASSERT_TRUE(error);
        EXPECT_TRUE(error->outcome_unknown());
        EXPECT_EQ(api_->requests("POST"), 1);
    } else if (row.fault.obeys || row.is_retried()) {
        EXPECT_FALSE(error) << error->what();
        EXPECT_EQ(api_->changes(), 1);
        EXPECT_EQ(api_->requests("POST"), row.fault.obeys ? 1 : 2);
    } else {
        expect_as_in_the_row(error);
        EXPECT_EQ(api_->changes(), 0);
    }
}

TEST_P(FaultTable, AChangeThatCanBeLookedForAndNeverWorks) {
    set_up("POST", kEndless);
    const auto error = error_of(kChange, looking());
    EXPECT_EQ(!error, GetParam().fault.obeys && !GetParam().uses_up_its_deadline());
    EXPECT_EQ(api_->changes(), GetParam().fault.obeys ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(
    Codes, FaultTable,
    testing::Values(
        error(400, "json_error", our_fault), error(401, "unauthorized", not_permitted),
        error(401, "token_readonly", not_permitted), error(403, "forbidden", not_permitted),
        error(403, "maintenance", retry_later, kBackingOff),
        error(403, "resource_limit_exceeded", not_permitted), error(404, "not_found", gone),
        error(404, "firewall_resource_not_found", gone),
        error(405, "method_not_allowed", our_fault), error(409, "uniqueness_error", our_fault),
        error(409, "conflict", retry_now, kQuickly), error(410, "deprecated_api_endpoint", gone),
        error(412, "resource_unavailable", retry_later),
        error(412, "source_port_already_used", our_fault), error(422, "invalid_input", our_fault),
        error(422, "service_error", retry_later), error(422, "unsupported_error", our_fault),
        error(423, "locked", retry_later, kUntilTheDeadline),
        error(423, "protected", not_permitted),
        error(429, "rate_limit_exceeded", retry_later, kRefilled),
        error(500, "server_error", retry_later, kBackingOff),
        error(502, "bad_gateway", retry_now, kBackingOff),
        error(503, "unavailable", retry_later, kBackingOff),
        error(504, "timeout", retry_now, kBackingOff),
        error(423, "resource_locked", retry_later, kUntilTheDeadline),
        error(422, "volume_already_attached", already_so),
        error(422, "server_already_attached", already_so),
        error(422, "firewall_already_applied", already_so),
        error(422, "target_already_defined", already_so),
        error(422, "floating_ip_assigned", already_so),
        error(404, "load_balancer_target_not_found", already_so),
        error(403, "limit_exceeded_error", not_permitted),
        error(503, "robot_unavailable", retry_later, kBackingOff),
        error(422, "must_be_unassigned", our_fault), error(418, "brand_new", our_fault),
        error(503, "brand_new", retry_later, kBackingOff)),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Statuses, FaultTable,
    testing::Values(bare(302, our_fault), bare(400, our_fault), bare(401, not_permitted),
                    bare(403, not_permitted), bare(404, gone), bare(405, our_fault),
                    bare(408, retry_now, kBackingOff), bare(409, our_fault), bare(410, gone),
                    bare(412, retry_later), bare(422, our_fault),
                    bare(423, retry_later, kUntilTheDeadline), bare(429, retry_later, kRefilled),
                    bare(500, retry_later, kBackingOff), bare(501, our_fault),
                    bare(502, retry_now, kBackingOff), bare(503, retry_later, kBackingOff),
                    bare(504, retry_now, kBackingOff), bare(599, retry_later, kBackingOff)),
    [](const auto& test) { return test.param.name; });

Row html_bad_gateway() {
    return {.name = "HtmlBadGateway",
            .fault = {false, says(http("<html><h1>502 Bad Gateway</h1></html>", "502 Bad Gateway",
                                       "Content-Type: text/html\r\n"))},
            .error_class = retry_now,
            .text = "HTTP 502: Bad Gateway",
            .sent = kBackingOff,
            .unknown = true};
}

Row error_of_other_types() {
    return {.name = "ErrorOfOtherTypes",
            .fault = {false, says(http(R"({"error": {"code": 7, "message": [], "details": 1}})",
                                       "422 Reason"))},
            .error_class = our_fault,
            .text = "HTTP 422: Reason"};
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, FaultTable,
    testing::Values(html_bad_gateway(), error_of_other_types(),
                    nonsense("TruncatedJson", R"({"volume": {"id": 7, "na)",
                             R"(expected a JSON object, got 24 bytes of text/x: {"volume")"),
                    nonsense("AnArray", "[]", "got 2 bytes of text/x: []"),
                    nonsense("AText", "\"volume\"", "got 8 bytes"),
                    nonsense("Html", "<html>", "got 6 bytes of text/x: <html>"),
                    nonsense("NotUtf8", "{\"a\": \"\xff\"}", "\\xff")),
    [](const auto& test) { return test.param.name; });

Row slow_body(bool obeys) {
    return {.name = obeys ? "SlowBodyAfter" : "SlowBodyBefore",
            .fault = {obeys, trickles()},
            .error_class = retry_now,
            .text = "no complete answer in time",
            .unknown = true,
            .deadline = milliseconds(1200)};
}

Row silence(bool obeys) {
    auto row =
        broken(obeys ? "SilenceAfter" : "SilenceBefore", obeys, hangs(), "no answer within 500 ms");
    row.io_timeout = milliseconds(500);  // and time for the good answers
    return row;
}

INSTANTIATE_TEST_SUITE_P(
    Connections, FaultTable,
    testing::Values(
        broken("ResetBefore", false, resets(), "connection reset by peer"),
        broken("ResetAfter", true, resets(), "connection reset by peer"),
        broken("ClosedBefore", false, says_and_closes(""), "connection closed"),
        broken("ClosedAfter", true, says_and_closes(""), "connection closed"),
        broken("ClosedWithinTheHeader", true, says_and_closes("HTTP/1.1 201 Created\r\n"),
               "connection closed within the header"),
        broken("ClosedWithinTheBody", true,
               says_and_closes("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{"),
               "truncated: 1 of 9 bytes"),
        broken("NotHttp", true, says_and_closes("SSH-2.0-OpenSSH_9.2p1\r\n"), "not HTTP"),
        silence(false), silence(true), slow_body(false), slow_body(true)),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Certificates, FaultTable,
    testing::Values(untrusted("Expired", "expired", "certificate has expired"),
                    untrusted("WrongHost", "wrong-host", "Unacceptable certificate"),
                    untrusted("UnknownCa", "unknown-ca", "unable to get local issuer certificate")),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hcloud::cloud
