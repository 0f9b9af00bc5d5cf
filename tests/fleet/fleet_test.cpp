// Agents that know nothing of each other share one rate limit, in virtual time: real client, real
// round of requests, real budget and pacing, against the real simulator with its token bucket.
#include "tests/bench/figures.h"
#include "tests/fleet/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hcloud::fleet {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

#ifdef HCLOUD_LARGE_FLEETS
constexpr hours kDay{24};
const auto kSizes = testing::Values(1, 10, 100, 1000);
#else  // sanitizers take their time
constexpr hours kDay{3};
const auto kSizes = testing::Values(1, 10, 100);
#endif

void show(const Report& report) {
    bench::publish(fmt::format("fleet-{:05}", report.servers), report.text());
}

void expect_reserve_kept(const Report& report) {
    EXPECT_EQ(report.below_reserve, 0) << "polls that took the bucket below the reserve";
    EXPECT_GE(report.lowest, kReserve);
    EXPECT_EQ(report.refused_polls, 0);
    EXPECT_EQ(report.refused_essential, 0);
}

/// Agents that ask at random moments: in some 10 s of a day there are up to three times as many
/// polls as on average. Agents in step would be there all at once.
void expect_no_bursts(const Report& report) {
    EXPECT_LE(static_cast<double>(report.peak), std::max(4 * report.busiest_10s, 8.0));
    // All begin in the same second, and spread over the next two.
    const auto evenly = static_cast<double>(report.servers) / 2;
    EXPECT_LE(static_cast<double>(report.peak_at_boot), 1.25 * evenly + 8);
}

void expect_good_day(const Report& report) {
    expect_reserve_kept(report);
    expect_no_bursts(report);
    EXPECT_GT(report.essential, 100);
    EXPECT_GT(report.changes, 100U);
    EXPECT_EQ(report.unnoticed, 0U);
    EXPECT_EQ(report.wrong, 0);
    // The whole refill is used, or each asks as often as it wants.
    EXPECT_GT(report.polls_per_hour(),
              0.85 * std::min<double>(kLimit, 60.0 * static_cast<double>(report.servers)));
}

class FleetOf : public testing::TestWithParam<std::int64_t> {};

TEST_P(FleetOf, SharesTheRateLimitForADay) {
    const auto report = run({.servers = GetParam(), .length = kDay});
    show(report);
    expect_good_day(report);
}

INSTANTIATE_TEST_SUITE_P(Sizes, FleetOf, kSizes, testing::PrintToStringParamName());

#ifdef HCLOUD_LARGE_FLEETS

// Too many to boot in the same second: one poll each is more than the bucket holds.
TEST(LargeFleet, Of10000SharesTheRateLimitForADay) {
    const auto report = run({.servers = 10000, .boot = hours(24), .begin = hours(24)});
    show(report);
    expect_good_day(report);
}

TEST(Fleet, Of2000MayBootInTheSameSecond) {
    const auto report = run({.servers = 2000, .length = hours(12)});
    expect_reserve_kept(report);
    expect_no_bursts(report);
    EXPECT_EQ(report.unnoticed, 0U);
}

TEST(Fleet, Of1000MayRebootAtTheSameMoment) {
    Fleet fleet(1000);
    fleet.boot_all(seconds(0));
    fleet.timeline().run_until(hours(6));
    fleet.reboot_at_once();
    fleet.timeline().run_until(hours(12));
    expect_reserve_kept(report_of(fleet, hours(12)));
    EXPECT_LT(fleet.mean_interval(), 2500);
}

TEST(Fleet, OfWhichMostLeaveSoonAsksAsOftenAsTheRestMay) {
    Fleet fleet(1000);
    fleet.boot_all(seconds(0));
    fleet.timeline().run_until(hours(6));
    EXPECT_NEAR(fleet.mean_interval(), 1000, 150);
    fleet.shrink_to(50);
    fleet.timeline().run_until(hours(8));
    EXPECT_LT(fleet.longest_interval(), 75);
    expect_reserve_kept(report_of(fleet, hours(8)));
}

// When it is back, the bucket is full and everybody sees it.
TEST(Fleet, Of1000OutlivesAnOutageOfTheApi) {
    Fleet fleet(1000);
    fleet.boot_all(seconds(0));
    fleet.timeline().run_until(hours(6));
    fleet.project().set_down(true);
    fleet.timeline().run_until(hours(9));
    fleet.project().set_down(false);
    fleet.timeline().run_until(hours(18));
    const auto report = report_of(fleet, hours(18));
    expect_reserve_kept(report);
    expect_no_bursts(report);
    EXPECT_NEAR(fleet.mean_interval(), 1000, 150);
}

#endif

TEST(Fleet, OfTenIsNotDisturbedByAToolThatTakesMostOfTheRefill) {
    Fleet fleet(10);
    fleet.boot_all(seconds(0));
    fleet.burn(milliseconds(1250), hours(3));
    fleet.timeline().run_until(hours(3));
    expect_reserve_kept(report_of(fleet, hours(3)));
    EXPECT_DOUBLE_EQ(fleet.mean_interval(), 60);
}

// No agent can see what others leave without asking, so each look may find the reserve touched by
// them; but there are few, and when the tool stops, all is soon as before.
TEST(Fleet, OfTenStandsBackFromAToolThatTakesEverything) {
    Fleet fleet(10);
    fleet.boot_all(seconds(0));
    fleet.timeline().run_until(hours(1));
    fleet.burn(milliseconds(200), hours(3));
    fleet.timeline().run_until(hours(3));
    const auto report = report_of(fleet, hours(3));
    EXPECT_GT(report.below_reserve, 0);
    EXPECT_LT(report.below_reserve, 40) << "of 1200 in two hours";
    EXPECT_GT(fleet.mean_interval(), 600);
    fleet.timeline().run_until(hours(7));
    EXPECT_DOUBLE_EQ(fleet.longest_interval(), 60);
}

}  // namespace
}  // namespace hcloud::fleet
