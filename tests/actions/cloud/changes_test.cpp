// What each change sends, and what it takes from the answer: held against the reference.
#include "actions/cloud/firewalls.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/load_balancers.h"
#include "actions/cloud/networks.h"
#include "actions/cloud/servers.h"
#include "actions/cloud/volumes.h"
#include "tests/actions/cloud/change_cases.h"
#include "tests/actions/cloud/virtual.h"
#include "tests/fixtures/reference.h"

#include <algorithm>
#include <deque>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using nlohmann::json;
using testing::ElementsAre;

/// A client whose requests are answered in order.
class Conversation {
  public:
    /// Throws the failures.
    explicit Conversation(std::deque<std::variant<Reply, Failure>> replies)
        : replies_(std::move(replies)) {}

    Client& client() { return client_; }
    const std::vector<Request>& seen() const { return seen_; }
    std::vector<std::string> calls() const {
        std::vector<std::string> calls;
        for (const Request& request : seen_)
            calls.push_back(request.method + " " + request.path);
        return calls;
    }

  private:
    Reply answer(const Request& request) {
        seen_.push_back(request);
        if (replies_.empty()) throw std::runtime_error("not expected: " + request.path);
        const auto reply = replies_.front();
        replies_.pop_front();
        if (const auto* failure = std::get_if<Failure>(&reply)) throw *failure;
        return std::get<Reply>(reply);
    }

    std::deque<std::variant<Reply, Failure>> replies_;
    std::vector<Request> seen_;
    VirtualClock clock_;
    Client client_{std::make_unique<FunctionTransport>(
                       [this](const Request& request, TimePoint) { return answer(request); }),
                   clock_};
};

Reply ok(int status, const json& body) {
    return {.status = status, .reason = "OK", .body = body.dump()};
}

Reply refusal(int status, const std::string& code, const std::string& message) {
    return {.status = status,
            .reason = "No",
            .body = json{{"error", {{"code", code}, {"message", message}}}}.dump()};
}

class Changes : public testing::TestWithParam<ChangeCase> {
  protected:
    const reference::Endpoint& endpoint() const {
        return reference::endpoint("POST", GetParam().endpoint);
    }
};

TEST_P(Changes, SendWhatTheReferenceAsksForAndReadTheAction) {
    const json& sample = endpoint().response_samples.at(0);
    Conversation conversation({ok(201, sample)});
    const auto actions = GetParam().send(conversation.client(), {});
    ASSERT_EQ(actions.size(), 1U);
    const json& expected = sample.contains("action") ? sample["action"] : sample["actions"][0];
    EXPECT_EQ(actions[0].id, expected["id"]);
    EXPECT_EQ(actions[0].command, expected["command"]);

    ASSERT_EQ(conversation.seen().size(), 1U);
    const Request& request = conversation.seen()[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, GetParam().path);
    EXPECT_EQ(request.body, GetParam().body);
}

TEST_P(Changes, SendNoFieldThatTheReferenceDoesNotKnowAndAllThatItRequires) {
    for (const reference::Field& field : endpoint().request_fields) {
        EXPECT_TRUE(!field.required || GetParam().body.contains(field.name)) << field.name;
    }
    for (const auto& item : GetParam().body.items()) {
        const auto& fields = endpoint().request_fields;
        EXPECT_TRUE(std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
            return field.name == item.key();
        })) << item.key();
    }
}

TEST_P(Changes, LeaveTheOutcomeOpenWhenTheActionIsUnreadable) {
    for (const json& answer : {json::object(), json{{"action", {{"id", "x"}}}, {"actions", {1}}}}) {
        Conversation conversation({ok(201, answer)});
        try {
            GetParam().send(conversation.client(), {});
            FAIL() << "was accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::malformed);
            EXPECT_TRUE(error.outcome_unknown());
            EXPECT_THAT(error.details().request, testing::StartsWith("POST "));
        }
    }
}

const Failure kLostAnswer{.kind = ErrorKind::broken, .detail = "connection reset", .sent = true};

TEST_P(Changes, AreNotSentAgainIfTheyWereMadeThoughTheAnswerWasLost) {
    for (const json& now : GetParam().made) {
        Conversation conversation({kLostAnswer, ok(200, now)});
        const auto actions = GetParam().send(conversation.client(), {});
        EXPECT_THAT(conversation.calls(),
                    ElementsAre("POST " + GetParam().path, "GET " + GetParam().resource))
            << now;
        ASSERT_EQ(actions.size(), 1U);
        EXPECT_EQ(actions[0].id, 0);
        EXPECT_TRUE(actions[0].succeeded());
        const json& sample = endpoint().response_samples.at(0);
        EXPECT_EQ(actions[0].command,
                  (sample.contains("action") ? sample["action"] : sample["actions"][0])["command"]);
    }
}

TEST_P(Changes, AreSentAgainIfTheyWereNotMade) {
    for (const json& now : GetParam().not_made) {
        Conversation conversation(
            {kLostAnswer, ok(200, now), ok(201, endpoint().response_samples.at(0))});
        EXPECT_NE(GetParam().send(conversation.client(), {}).at(0).id, 0);
        EXPECT_THAT(conversation.calls(),
                    ElementsAre("POST " + GetParam().path, "GET " + GetParam().resource,
                                "POST " + GetParam().path))
            << now;
    }
}

INSTANTIATE_TEST_SUITE_P(, Changes, testing::ValuesIn(change_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(ResetOfReverseDns, IsSentAgainWithoutALook) {
    const json& sample =
        reference::endpoint("POST", "/servers/{id}/actions/change_dns_ptr").response_samples.at(0);
    Conversation conversation({kLostAnswer, ok(201, sample)});
    change_server_dns_ptr(conversation.client(), 42, "1.2.3.4", std::nullopt);
    EXPECT_EQ(conversation.seen().size(), 2U);
}

TEST(ServerLabels, ArePutAsAWhole) {
    const json& sample = reference::endpoint("PUT", "/servers/{id}").response_samples.at(0);
    Conversation conversation({ok(200, sample)});
    const auto server = set_server_labels(conversation.client(), 42, {{"role", "web"}});
    EXPECT_EQ(server.id, 42);
    ASSERT_EQ(conversation.seen().size(), 1U);
    EXPECT_EQ(conversation.seen()[0].method, "PUT");
    EXPECT_EQ(conversation.seen()[0].path, "/servers/42");
    EXPECT_EQ(conversation.seen()[0].body, (json{{"labels", {{"role", "web"}}}}));
}

TEST(ServerLabels, AreReadIfTheAnswerWasLost) {
    const json before{{"server", {{"id", 42}, {"name", "web1"}, {"labels", {{"role", "db"}}}}}};
    const json after{{"server", {{"id", 42}, {"name", "web1"}, {"labels", {{"role", "web"}}}}}};
    Conversation made({kLostAnswer, ok(200, after)});
    EXPECT_EQ(set_server_labels(made.client(), 42, {{"role", "web"}}).labels,
              (Labels{{"role", "web"}}));
    EXPECT_THAT(made.calls(), ElementsAre("PUT /servers/42", "GET /servers/42"));
    Conversation not_made({kLostAnswer, ok(200, before), ok(200, after)});
    set_server_labels(not_made.client(), 42, {{"role", "web"}});
    EXPECT_THAT(not_made.calls(),
                ElementsAre("PUT /servers/42", "GET /servers/42", "PUT /servers/42"));
}

TEST(ServerLabels, AnUnreadableAnswerToTheLookIsAnError) {
    Conversation conversation({kLostAnswer, ok(200, {{"server", {{"id", "42"}}}})});
    EXPECT_THROW(set_server_labels(conversation.client(), 42, {}), Error);
}

ErrorClass class_of(const Reply& reply, const std::function<void(Client&)>& call) {
    Conversation conversation({reply});
    try {
        call(conversation.client());
    } catch (const Error& error) {
        return error.error_class();
    }
    throw std::runtime_error("was accepted");
}

TEST(AlreadySo, IsWhatTheCodeSaysForThisCall) {
    const auto detach = [](Client& client) { detach_from_network(client, 42, 4711); };
    const auto add = [](Client& client) { add_target(client, 4711, {42, true}); };
    const auto not_attached = refusal(422, "server_not_attached_to_network", "no");
    EXPECT_EQ(class_of(not_attached, detach), ErrorClass::already_so);
    EXPECT_EQ(class_of(not_attached, add), ErrorClass::retry_later);

    const auto attach = [](Client& client) { attach_volume(client, 554, 42); };
    EXPECT_EQ(
        class_of(refusal(422, "service_error", "volume is already attached to a server"), attach),
        ErrorClass::already_so);
    EXPECT_NE(class_of(refusal(422, "service_error", "volume is broken"), attach),
              ErrorClass::already_so);
}

struct AlreadySoCase {
    const char* code;
    std::function<void(Client&)> call;
};

TEST(AlreadySo, IsKnownForEachChange) {
    const std::vector<AlreadySoCase> cases{
        {"firewall_already_applied", [](Client& c) { apply_firewall(c, 38, 42); }},
        {"firewall_already_removed", [](Client& c) { remove_firewall(c, 38, 42); }},
        {"target_already_defined",
         [](Client& c) {
             add_target(c, 4711, {42, false});
         }},
        {"load_balancer_target_not_found", [](Client& c) { remove_target(c, 4711, 42); }},
        {"server_already_attached", [](Client& c) { attach_to_network(c, 42, {4711}); }},
        {"volume_already_attached", [](Client& c) { attach_volume(c, 554, 42); }},
        {"floating_ip_assigned", [](Client& c) { assign_floating_ip(c, 478, 42); }},
    };
    for (const auto& test : cases) {
        EXPECT_EQ(class_of(refusal(422, test.code, "already"), test.call), ErrorClass::already_so)
            << test.code;
    }
}

}  // namespace
}  // namespace hcloud::cloud
