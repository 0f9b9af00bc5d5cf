// Waiting for Actions: when it asks, how often, and what it makes of the answers. In virtual time.
#include "actions/cloud/actions.h"

#include "actions/cloud/action_schedule.h"
#include "tests/actions/cloud/virtual.h"

#include <map>
#include <set>

#include <fmt/format.h>
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
using Kind = Outcome::Kind;

TEST(ActionSchedule, AsksOftenAtFirst) {
    const auto pause = [](int waited) {
        return pause_before_next_poll(milliseconds(waited), false).count();
    };
    EXPECT_EQ(pause(0), 100);
    EXPECT_EQ(pause(999), 100);
    EXPECT_EQ(pause(1000), 250);
    EXPECT_EQ(pause(5000), 250);
    EXPECT_EQ(pause(10'000), 500);
    EXPECT_EQ(pause(40'000), 2000);
    EXPECT_EQ(pause(3'600'000), 2000);
}

TEST(ActionSchedule, LeavesALowBudgetAlone) {
    EXPECT_EQ(pause_before_next_poll(milliseconds(0), true), seconds(2));
}

class Waiting : public testing::Test {
  protected:
    Waiting()
        : client_(std::make_unique<FunctionTransport>(
                      [this](const Request& request, TimePoint) { return answer(request); }),
                  clock_, 1) {}

    static Action running(std::int64_t id) {
        return {.id = id, .command = "assign_floating_ip", .status = "running"};
    }

    static json action_json(std::int64_t id, const std::string& status,
                            const json& error = nullptr) {
        return {{"id", id},
                {"command", "assign_floating_ip"},
                {"status", status},
                {"progress", status == "running" ? 50 : 100},
                {"started", "2026-11-24T12:00:00Z"},
                {"finished", nullptr},
                {"resources", json::array()},
                {"error", error}};
    }

    Reply answer(const Request& request) {
        paths_.push_back(request.path);
        clock_.advance(takes_);
        if (failure_) throw *failure_;
        json actions = json::array();
        for (const auto& [id, ends] : ends_) {
            const bool asked =
                (request.path + "&").find(fmt::format("id={}&", id)) != std::string::npos;
            if (!asked || gone_.contains(id)) continue;
            const bool ended = clock_.now() - began_ >= ends;
            const bool fails = failing_.contains(id);
            const json error =
                fails ? json{{"code", "unknown_error"}, {"message", "no luck"}} : json(nullptr);
            actions.push_back(action_json(id,
                                          !ended  ? unended_
                                          : fails ? "error"
                                                  : "success",
                                          error));
        }
        return {.status = status_, .rate_limit = rate_, .body = json{{"actions", actions}}.dump()};
    }

    VirtualClock clock_;
    TimePoint began_ = clock_.now();
    std::map<std::int64_t, milliseconds> ends_;
    std::set<std::int64_t> gone_;
    std::set<std::int64_t> failing_;
    std::string unended_ = "running";
    std::optional<Failure> failure_;
    std::optional<RateLimit> rate_;
    int status_ = 200;
    milliseconds takes_{0};
    std::vector<std::string> paths_;
    Client client_;
};

TEST_F(Waiting, CostsNothingForWhatHasEnded) {
    auto ended = running(1);
    ended.status = "success";
    ended.error = Action::Error{"action_failed", "an artefact of the reference"};
    const auto outcomes = wait_for_actions(client_, {ended});
    ASSERT_THAT(outcomes, SizeIs(1));
    EXPECT_EQ(outcomes[0].kind, Kind::succeeded);
    EXPECT_TRUE(outcomes[0].made);
    EXPECT_EQ(outcomes[0].problem, "");
    EXPECT_THAT(paths_, IsEmpty());
}

TEST_F(Waiting, AsksForAllAtOnceAndOnlyForThoseStillRunning) {
    ends_ = {{1, milliseconds(150)}, {2, milliseconds(250)}};
    const auto outcomes = wait_for_actions(client_, {running(1), running(2)});
    EXPECT_TRUE(outcomes[0].made);
    EXPECT_TRUE(outcomes[1].made);
    EXPECT_THAT(paths_, ElementsAre("/actions?id=1&id=2", "/actions?id=1&id=2", "/actions?id=2"));
    EXPECT_EQ(clock_.now() - began_, milliseconds(300));
}

TEST_F(Waiting, CutsLongListsIntoRequests) {
    std::vector<Action> many;
    for (std::int64_t id = 1; id <= 60; ++id) {
        ends_[id] = milliseconds(0);
        many.push_back(running(id));
    }
    const auto outcomes = wait_for_actions(client_, many);
    EXPECT_THAT(outcomes, testing::Each(testing::Field(&Outcome::made, true)));
    EXPECT_THAT(paths_, SizeIs(3));
}

TEST_F(Waiting, KnowsSoonAndAsksLessAndLess) {
    ends_ = {{1, seconds(60)}};
    const auto outcomes = wait_for_actions(client_, {running(1)}, {.deadline = seconds(100)});
    EXPECT_TRUE(outcomes[0].made);
    EXPECT_LE(clock_.now() - began_, seconds(62));
    EXPECT_THAT(paths_, SizeIs(testing::Lt(90U)));
}

TEST_F(Waiting, TheTimeOfTheAnswersDoesNotAddUp) {
    takes_ = milliseconds(30);
    ends_ = {{1, milliseconds(900)}};
    EXPECT_TRUE(wait_for_actions(client_, {running(1)})[0].made);
    EXPECT_EQ(clock_.now() - began_, milliseconds(930));
}

TEST_F(Waiting, ASlowServiceIsLeftHalfOfThePause) {
    takes_ = milliseconds(400);
    ends_ = {{1, milliseconds(1400)}};
    EXPECT_TRUE(wait_for_actions(client_, {running(1)})[0].made);
    EXPECT_THAT(paths_, SizeIs(3));
    EXPECT_EQ(clock_.now() - began_, milliseconds(100 + 400 + 50 + 400 + 50 + 400));
}

TEST_F(Waiting, AFailedActionSaysWhyAndTheResourceIsLookedAt) {
    ends_ = {{1, milliseconds(0)}, {2, milliseconds(0)}};
    failing_ = {1, 2};
    std::vector<std::int64_t> looked;
    const auto outcomes =
        wait_for_actions(client_, {running(1), running(2)}, {.made = [&](const Action& action) {
                             looked.push_back(action.id);
                             return action.id == 2;
                         }});
    EXPECT_EQ(outcomes[0].kind, Kind::failed);
    EXPECT_EQ(outcomes[0].problem, "action 1 (assign_floating_ip) failed: unknown_error: no luck");
    EXPECT_FALSE(outcomes[0].made);
    EXPECT_EQ(outcomes[1].kind, Kind::failed);
    EXPECT_TRUE(outcomes[1].made);
    EXPECT_THAT(looked, ElementsAre(1, 2));
}

TEST_F(Waiting, AnActionThatVanishesIsGone) {
    ends_ = {{1, seconds(9)}};
    gone_ = {1};
    const auto outcomes = wait_for_actions(client_, {running(1)});
    EXPECT_EQ(outcomes[0].kind, Kind::gone);
    EXPECT_EQ(outcomes[0].problem,
              "action 1 (assign_floating_ip) is not known to the API any more");
    EXPECT_THAT(paths_, SizeIs(2)) << "one answer alone may be behind";
}

TEST_F(Waiting, SoIsOneWhoseListAnswers404) {
    status_ = 404;
    EXPECT_EQ(wait_for_actions(client_, {running(1)})[0].kind, Kind::gone);
}

TEST_F(Waiting, AnActionThatNeverEndsEndsTheWaitAtItsDeadline) {
    ends_ = {{1, std::chrono::hours(1)}};
    bool looked = false;
    const auto outcomes = wait_for_actions(client_, {running(1)},
                                           {.deadline = seconds(7), .made = [&](const Action&) {
                                                looked = true;
                                                return false;
                                            }});
    EXPECT_EQ(outcomes[0].kind, Kind::not_ended);
    EXPECT_EQ(outcomes[0].problem, "action 1 (assign_floating_ip) has not ended in time");
    EXPECT_EQ(outcomes[0].action.progress, 50);
    EXPECT_TRUE(looked);
    EXPECT_LE(clock_.now() - began_, seconds(7));
}

TEST_F(Waiting, LooksOnceMoreBeforeItGivesUp) {
    ends_ = {{1, milliseconds(6500)}};
    EXPECT_TRUE(wait_for_actions(client_, {running(1)}, {.deadline = seconds(7)})[0].made);
    ends_ = {{1, std::chrono::hours(1)}};
    began_ = clock_.now();
    wait_for_actions(client_, {running(1)}, {.deadline = milliseconds(50)});
    EXPECT_LE(clock_.now() - began_, milliseconds(50));
}

TEST_F(Waiting, AnUnknownStatusIsStillRunning) {
    ends_ = {{1, seconds(1)}};
    unended_ = "paused";
    EXPECT_TRUE(wait_for_actions(client_, {running(1)})[0].made);
}

TEST_F(Waiting, GoesOnAfterPassingFaultsAndTellsThemInTheEnd) {
    failure_ = Failure{ErrorKind::broken, "connection reset by peer"};
    const auto outcomes = wait_for_actions(client_, {running(1)}, {.deadline = seconds(30)});
    EXPECT_EQ(outcomes[0].kind, Kind::not_ended);
    EXPECT_THAT(outcomes[0].problem, HasSubstr("has not ended in time: GET "));
    EXPECT_THAT(outcomes[0].problem, HasSubstr("connection reset by peer"));
    EXPECT_LE(clock_.now() - began_, seconds(30));
}

TEST_F(Waiting, ATokenThatIsRefusedEndsIt) {
    status_ = 401;
    const auto outcomes = wait_for_actions(client_, {running(1)});
    EXPECT_EQ(outcomes[0].kind, Kind::not_followed);
    EXPECT_THAT(outcomes[0].problem, HasSubstr("cannot be followed: GET "));
    EXPECT_THAT(outcomes[0].problem, HasSubstr("HTTP 401"));
    EXPECT_THAT(paths_, SizeIs(1));
}

TEST_F(Waiting, LeavesTheReserveAlone) {
    ends_ = {{1, seconds(5)}};
    rate_ = RateLimit{3600, 100};  // below the fifth that is reserved
    EXPECT_TRUE(wait_for_actions(client_, {running(1)})[0].made);
    EXPECT_THAT(paths_, SizeIs(4)) << "one that tells it, then one every 2 s";
}

TEST_F(Waiting, EndsWhenCancelled) {
    ends_ = {{1, seconds(5)}};
    client_.cancel();
    EXPECT_EQ(wait_for_actions(client_, {running(1)})[0].kind, Kind::not_ended);
    EXPECT_THAT(paths_, IsEmpty());
}

}  // namespace
}  // namespace hcloud::cloud
