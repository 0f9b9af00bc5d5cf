// What a call makes of answers and failures: one attempt or several, in virtual time and without
// sockets.
#include "actions/cloud/client.h"
#include "tests/actions/cloud/virtual.h"

#include <deque>
#include <numeric>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Request kPost{"POST", "/volumes", json{{"name", "data"}}};

Reply refused(int status, const std::string& code, const std::string& message = "m") {
    return {.status = status,
            .reason = "Reason",
            .body = json({{"error", {{"code", code}, {"message", message}}}}).dump()};
}

const Reply kOk{.status = 200, .reason = "OK", .body = R"({"ok": true})"};
const Reply kGatewayTimeout{.status = 504, .reason = "Gateway Timeout"};
const Failure kReset{ErrorKind::broken, "connection reset by peer", true};
const Failure kRefused{ErrorKind::unreachable, "connection refused"};

class Call : public testing::Test {
  protected:
    using Happening = std::variant<Reply, Failure>;

    /// What the next requests meet; the last one for all that follow.
    void next(std::vector<Happening> happenings) {
        happenings_ = {happenings.begin(), happenings.end()};
    }

    Error error_of(const Request& request, const CallOptions& options = {}) {
        try {
            const auto answer = client_.call(request, options);
            ADD_FAILURE() << "was accepted: " << answer;
        } catch (const Error& error) {
            return error;
        }
        return Error({});
    }

    milliseconds slept() const {
        return std::accumulate(clock_.sleeps().begin(), clock_.sleeps().end(), milliseconds(0));
    }

    VirtualClock clock_;
    std::vector<std::string> seen_;
    std::vector<TimePoint> deadlines_;
    std::deque<Happening> happenings_{kOk};
    Client client_{
        std::make_unique<FunctionTransport>([this](const Request& request, TimePoint deadline) {
            seen_.push_back(request.method + " " + request.path +
                            (request.body ? " " + request.body->dump() : ""));
            deadlines_.push_back(deadline);
            const auto happening = happenings_.front();
            if (happenings_.size() > 1) happenings_.pop_front();
            if (const auto* failure = std::get_if<Failure>(&happening)) throw *failure;
            return std::get<Reply>(happening);
        }),
        clock_, 1};
};

TEST_F(Call, CarriesAnyMethodWithABody) {
    next({Reply{.status = 201, .reason = "Created", .body = R"({"action": {"id": 7}})"}});
    EXPECT_EQ(client_.call({"POST", "/servers/42/actions/attach_to_network", {{{"network", 3}}}})
                  .at("action")
                  .at("id"),
              7);
    client_.call({"PUT", "/servers/42", json::object()});
    EXPECT_THAT(seen_, ElementsAre("POST /servers/42/actions/attach_to_network {\"network\":3}",
                                   "PUT /servers/42 {}"));
}

TEST_F(Call, TakesNothingForAnAnswerToAChangeAlone) {
    next({Reply{.status = 204, .reason = "No Content"}});
    EXPECT_EQ(client_.call({"DELETE", "/floating_ips/478"}), json::object());
    EXPECT_EQ(error_of({"GET", "/floating_ips/478"}).kind(), ErrorKind::malformed);
}

TEST_F(Call, KeepsTheDetailsOfAnError) {
    Reply reply{.status = 422, .reason = "Unprocessable Entity", .correlation_id = "cafe"};
    reply.body = R"({"error": {"code": "invalid_input", "message": "invalid input in field 'ip'",
                      "details": {"fields": [{"name": "ip", "messages": ["is too long"]}]}}})";
    next({reply});
    const auto error = error_of(kPost);
    EXPECT_STREQ(error.what(),
                 "POST virtual://api/volumes failed: HTTP 422 invalid_input: invalid input in "
                 "field 'ip' (correlation id cafe)");
    EXPECT_EQ(error.details().details, R"({"fields":[{"messages":["is too long"],"name":"ip"}]})");
    EXPECT_EQ(error.error_class(), ErrorClass::our_fault);
    EXPECT_FALSE(error.outcome_unknown());
}

TEST_F(Call, ErrorsAreReadableInAnyLanguageAndSpoilNoTerminal) {
    const auto said = [&](const std::string& message) {
        const auto body = nlohmann::json{{"error", {{"code", "x"}, {"message", message}}}};
        next({Reply{.status = 422,
                    .reason = "R",
                    .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)}});
        const std::string text = error_of({"GET", "/x"}).what();
        return text.substr(text.find("x: ") + 3);
    };
    EXPECT_EQ(said("B\u00fcro \u2013 \u20ac \U0001F600"), "B\u00fcro \u2013 \u20ac \U0001F600");
    EXPECT_EQ(said("a\u202eb\u009b31m\x1b[0m\n"), "a\\xe2\\x80\\xaeb\\xc2\\x9b31m\\x1b[0m\\x0a");
}

TEST_F(Call, SurvivesDetailsOfAnyDepth) {
    const std::string deep = std::string(30000, '[') + std::string(30000, ']');
    next({Reply{.status = 422, .reason = "R", .body = R"({"error": {"details": )" + deep + "}}"}});
    EXPECT_EQ(error_of(kPost).details().details, "");
    next({Reply{.status = 200, .body = R"({"a": )" + deep + "}"}});
    EXPECT_EQ(error_of({"GET", "/x"}).kind(), ErrorKind::malformed);
    next({Reply{.status = 200, .body = R"({"a": ")" + deep + R"(\"[["})"}});
    EXPECT_NO_THROW(client_.get("/x")) << "in a text, brackets are but text";
}

TEST_F(Call, TriesAgainWhatPasses) {
    next({kReset, kGatewayTimeout, refused(429, "rate_limit_exceeded"), kOk});
    EXPECT_EQ(client_.get("/servers").at("ok"), true);
    EXPECT_THAT(seen_, SizeIs(4));
    EXPECT_THAT(clock_.sleeps(), SizeIs(3));
}

TEST_F(Call, GivesUpAfterAWhileAndSaysHowOftenItTried) {
    next({kReset});
    const auto error = error_of({"GET", "/servers"});
    EXPECT_STREQ(error.what(),
                 "GET virtual://api/servers failed: connection reset by peer, 5 attempts");
    EXPECT_EQ(error.details().attempts, 5);
    EXPECT_EQ(error.error_class(), ErrorClass::retry_now);
    EXPECT_THAT(seen_, SizeIs(5));
}

TEST_F(Call, TriesOnlyOnceIfToldSo) {
    next({kReset});
    error_of({"GET", "/servers"}, {.retry = false});
    EXPECT_THAT(seen_, SizeIs(1));
    EXPECT_THAT(clock_.sleeps(), IsEmpty());
}

TEST_F(Call, DoesNotSleepBeyondItsDeadline) {
    next({refused(423, "locked")});
    const auto start = clock_.now();
    error_of(kPost, {.deadline = seconds(10)});
    EXPECT_LT(clock_.now() - start, seconds(10));
    EXPECT_GT(clock_.now() - start, seconds(6)) << "but makes use of it";
    for (const auto deadline : deadlines_)
        EXPECT_EQ(deadline, start + seconds(10));
}

TEST_F(Call, SendsAChangeAgainThatWasCertainlyNotMade) {
    for (const Happening& not_made :
         {Happening(kRefused), Happening(refused(429, "rate_limit_exceeded")),
          Happening(refused(423, "locked")), Happening(refused(409, "conflict")),
          Happening(refused(403, "maintenance"))}) {
        seen_.clear();
        next({not_made, kOk});
        EXPECT_EQ(client_.call(kPost).at("ok"), true);
        EXPECT_THAT(seen_, SizeIs(2));
    }
}

TEST_F(Call, NeverSendsAChangeAgainByHope) {
    for (const Happening& unknown :
         {Happening(kReset), Happening(kGatewayTimeout), Happening(refused(500, "server_error")),
          Happening(refused(503, "unavailable")), Happening(Reply{.status = 408, .reason = "R"}),
          Happening(Reply{.status = 201, .reason = "Created", .body = "{\"volume\": {"})}) {
        seen_.clear();
        next({unknown, kOk});
        const auto error = error_of(kPost);
        EXPECT_TRUE(error.outcome_unknown()) << error.what();
        EXPECT_THAT(seen_, SizeIs(1));
    }
}

TEST_F(Call, LooksBeforeItSendsAChangeAgain) {
    next({kReset, Reply{.status = 200, .body = R"({"volumes": []})"}, kOk});
    CallOptions options;
    options.settled = [&]() -> std::optional<json> {
        const auto answer = client_.get("/volumes?name=data");
        if (answer.at("volumes").empty()) return std::nullopt;
        return json{{"found", true}};
    };
    EXPECT_EQ(client_.call(kPost, options).at("ok"), true);
    EXPECT_THAT(seen_, ElementsAre("POST /volumes {\"name\":\"data\"}", "GET /volumes?name=data",
                                   "POST /volumes {\"name\":\"data\"}"));
    EXPECT_THAT(clock_.sleeps(), SizeIs(1)) << "which may be what it takes to happen";
}

TEST_F(Call, IsContentWithAChangeThatWasMade) {
    next({kReset});
    CallOptions options;
    options.settled = [] { return json{{"found", true}}; };
    EXPECT_EQ(client_.call(kPost, options).at("found"), true);
    EXPECT_THAT(seen_, SizeIs(1));
}

TEST_F(Call, LooksOnceMoreWhenTheSecondSendingIsRefused) {
    next({kReset, refused(409, "uniqueness_error")});
    int looked = 0;
    CallOptions options;
    options.settled = [&]() -> std::optional<json> {
        if (++looked == 1) return std::nullopt;
        return json{{"found", true}};
    };
    EXPECT_EQ(client_.call(kPost, options).at("found"), true);
    EXPECT_THAT(seen_, SizeIs(2));
}

TEST_F(Call, StaysInDoubtWhenTheSecondSendingIsRefused) {
    next({kReset, refused(422, "invalid_input")});
    CallOptions options;
    options.settled = []() -> std::optional<json> { return std::nullopt; };
    const auto error = error_of(kPost, options);
    EXPECT_EQ(error.details().code, "invalid_input");
    EXPECT_TRUE(error.outcome_unknown());
}

TEST_F(Call, DoesNotSendAgainWhenItCannotLook) {
    next({kReset});
    CallOptions options;
    options.settled = [&]() -> std::optional<json> { return client_.get("/volumes"); };
    const auto error = error_of(kPost, options);
    EXPECT_THAT(error.what(), HasSubstr("connection reset by peer (and to look whether it "
                                        "happened: GET virtual://api/volumes failed: "));
    EXPECT_TRUE(error.outcome_unknown());
    EXPECT_EQ(std::count(seen_.begin(), seen_.end(), "POST /volumes {\"name\":\"data\"}"), 1);
}

TEST_F(Call, LooksWithinItsOwnDeadline) {
    next({kReset, kOk});
    CallOptions options{.deadline = seconds(5)};
    options.settled = [&] { return client_.get("/volumes", {.deadline = seconds(100)}); };
    client_.call(kPost, options);
    ASSERT_THAT(deadlines_, SizeIs(2));
    EXPECT_EQ(deadlines_[0], deadlines_[1]);
}

TEST_F(Call, EndsWithACancel) {
    next({kReset});
    client_.cancel();
    EXPECT_EQ(error_of({"GET", "/servers"}).kind(), ErrorKind::timeout);
    EXPECT_THAT(seen_, IsEmpty());
}

TEST_F(Call, SendsNothingInTheBackgroundThatTouchesTheReserve) {
    auto low = kOk;
    low.rate_limit = RateLimit{3600, 700};
    next({low});
    const CallOptions background{.priority = Priority::background};
    client_.get("/servers", background);
    const auto error = error_of({"GET", "/servers"}, background);
    EXPECT_EQ(error.kind(), ErrorKind::rate_limited);
    EXPECT_EQ(error.error_class(), ErrorClass::retry_later);
    EXPECT_THAT(seen_, SizeIs(1));
    client_.get("/servers");
    EXPECT_THAT(seen_, SizeIs(2)) << "essential";
    clock_.advance(seconds(60));
    EXPECT_NO_THROW(client_.get("/servers", background)) << "refilled";
}

TEST_F(Call, DoesNotInsistInTheBackgroundOnceRefused) {
    next({refused(429, "rate_limit_exceeded")});
    const auto error = error_of({"GET", "/servers"}, {.priority = Priority::background});
    EXPECT_EQ(error.details().http_status, 429);
    EXPECT_THAT(seen_, SizeIs(1));
    EXPECT_THAT(clock_.sleeps(), IsEmpty());
}

TEST_F(Call, BacksOffFromTheRateLimitWithinSecondsForWhatIsEssential) {
    const auto refusal = refused(429, "rate_limit_exceeded");
    next({refusal, refusal, kOk});
    client_.call(kPost);
    EXPECT_LE(slept(), milliseconds(4500));
}

}  // namespace
}  // namespace hcloud::cloud
