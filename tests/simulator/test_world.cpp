// The world under a clock ticked by hand: actions, locks, the rate limit, metadata's lag.
#include "tests/simulator/test_support.h"
#include "tests/simulator/world.h"

#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using namespace std::chrono_literals;

class WorldTest : public testing::Test {
  protected:
    void tick(std::chrono::milliseconds step) {
        clock_.tick(step);
        world_.advance();
    }

    ActionPlan rename(Id server, const std::string& name) {
        return {"change_protection",
                {{server, "server"}},
                {},
                [=](State& state) -> std::optional<ActionError> {
                    state.servers.at(server).name = name;
                    return std::nullopt;
                }};
    }

    std::string name() const { return world_.state().servers.at(42).name; }
    std::string metadata_name() const { return world_.metadata_state().servers.at(42).name; }

    void set_lag(std::chrono::milliseconds lag) {
        State state = world_.state();
        state.metadata.lag = lag;
        world_.replace(state);
    }

    test::HandClock clock_;
    World world_{test::two_servers(), clock_.clock()};
};

TEST_F(WorldTest, AnActionTakesEffectWhenItEndsAndNotBefore) {
    const Action& action = world_.start(rename(42, "new"));
    EXPECT_EQ(action.status, Action::Status::running);
    tick(499ms);
    EXPECT_EQ(name(), "web1");
    EXPECT_EQ(action.status, Action::Status::running);
    tick(1ms);
    EXPECT_EQ(name(), "new");
    EXPECT_EQ(action.status, Action::Status::success);
}

TEST_F(WorldTest, WithoutDurationAnActionHasEndedAtOnce) {
    State state = world_.state();
    state.actions.duration = 0ms;
    world_.replace(state);
    EXPECT_EQ(world_.start(rename(42, "new")).status, Action::Status::success);
    EXPECT_EQ(name(), "new");
}

TEST_F(WorldTest, AnActionThatFailsChangesNothing) {
    const Action& action = world_.start(
        {"change_protection", {{42, "server"}}, {}, [](State& state) -> std::optional<ActionError> {
             state.servers.clear();
             return ActionError{"action_failed", "no"};
         }});
    tick(500ms);
    EXPECT_EQ(action.status, Action::Status::error);
    EXPECT_EQ(action.error->code, "action_failed");
    EXPECT_EQ(world_.state(), test::two_servers());
}

TEST_F(WorldTest, ARunningActionLocksItsResourcesOnly) {
    world_.start(rename(42, "new"));
    EXPECT_TRUE(world_.locked({42, "server"}));
    EXPECT_FALSE(world_.locked({43, "server"}));
    EXPECT_FALSE(world_.locked({42, "network"}));
    tick(500ms);
    EXPECT_FALSE(world_.locked({42, "server"}));
}

TEST_F(WorldTest, ActionsEndInTheOrderOfTheirEndsAfterALongPause) {
    world_.start(rename(42, "first"));
    tick(100ms);
    world_.start(rename(42, "second"));
    tick(1h);
    EXPECT_EQ(name(), "second");
}

TEST_F(WorldTest, AnAddressIsInUseFromItsReservationOn) {
    ActionPlan plan = rename(42, "x");
    plan.reserved = {{4711, "10.0.0.5"}};
    EXPECT_FALSE(world_.ip_in_use({4711, "10.0.0.5"}));
    world_.start(plan);
    EXPECT_TRUE(world_.ip_in_use({4711, "10.0.0.5"}));
    EXPECT_FALSE(world_.ip_in_use({4712, "10.0.0.5"}));
    EXPECT_TRUE(world_.ip_in_use({4711, "10.0.0.2"})) << "a primary address";
    EXPECT_TRUE(world_.ip_in_use({4711, "10.0.0.3"})) << "an alias";
    tick(500ms);
    EXPECT_FALSE(world_.ip_in_use({4711, "10.0.0.5"}));
}

TEST_F(WorldTest, WithoutLagMetadataIsUpToDate) {
    world_.start(rename(42, "new"));
    tick(500ms);
    EXPECT_EQ(metadata_name(), "new");
}

TEST_F(WorldTest, MetadataShowsAChangeOnlyAfterTheLag) {
    set_lag(10s);
    world_.start(rename(42, "new"));
    tick(10'499ms);
    EXPECT_EQ(name(), "new");
    EXPECT_EQ(metadata_name(), "web1");
    tick(1ms);
    EXPECT_EQ(metadata_name(), "new");
}

TEST_F(WorldTest, TheLagCountsFromTheEndOfTheActionNotFromWhenItWasNoticed) {
    set_lag(10s);
    world_.start(rename(42, "new"));
    tick(10'500ms);  // no request in between
    EXPECT_EQ(metadata_name(), "new");
}

TEST_F(WorldTest, EachOfSeveralChangesHasItsLag) {
    set_lag(10s);
    world_.start(rename(42, "one"));
    tick(1s);
    world_.start(rename(42, "two"));
    tick(9'500ms);
    EXPECT_EQ(metadata_name(), "one");
    tick(1s);
    EXPECT_EQ(metadata_name(), "two");
}

TEST_F(WorldTest, TheBucketEmptiesAndRefillsEvenly) {
    RateBucket bucket({3600, 2}, world_.now());
    EXPECT_TRUE(bucket.take(world_.now()));
    EXPECT_TRUE(bucket.take(world_.now()));
    EXPECT_FALSE(bucket.take(world_.now()));
    tick(999ms);
    EXPECT_FALSE(bucket.take(world_.now()));
    tick(1ms);
    EXPECT_TRUE(bucket.take(world_.now()));
    EXPECT_EQ(bucket.level(world_.now()).remaining, 0);
    EXPECT_EQ(bucket.full_at(world_.now()), world_.now() + 1h);
    tick(5h);
    EXPECT_EQ(bucket.level(world_.now()), (RateLimit{3600, 3600}));
    EXPECT_EQ(bucket.full_at(world_.now()), world_.now());
}

TEST_F(WorldTest, ReplacingTheStateKeepsTheRunningActions) {
    const Action& action = world_.start(rename(42, "new"));
    State state = world_.state();
    state.servers.at(43).name = "changed";
    world_.replace(state);
    tick(500ms);
    EXPECT_EQ(action.status, Action::Status::success);
    EXPECT_EQ(name(), "new");
    EXPECT_EQ(world_.state().servers.at(43).name, "changed");
}

}  // namespace
}  // namespace hcloud::sim
