// How long after an action's end its caller knows: `hcloud-agent api --wait` against the official
// command-line tool, in turns. Both are whole commands, started and ended.
#include "tests/bench/cloud_lab.h"
#include "tests/bench/figures.h"
#include "tests/lab/server.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace hcloud::bench {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int kMovesPerDuration = 5;
constexpr double kActionLimit = 1.0 / 3;  // times theirs, in the median of all durations
// Theirs asks every 500 ms, so that at whole seconds both learn of the end with their next
// question. What then differs is the noise of starting and ending a process: the shortest of their
// times is little else, and ours may be later by twice that.
constexpr double kNoise = 2;
const std::vector<milliseconds> kDurations{
    milliseconds(0),    milliseconds(100),  milliseconds(300), milliseconds(700),
    milliseconds(1000), milliseconds(2000), milliseconds(3000)};

double now_ms() {
    return std::chrono::duration<double, std::milli>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

class ActionBenchmark : public testing::Test {
  protected:
    /// ms from the end of the action that the command starts to the end of the command.
    double delay_of(const std::string& command, milliseconds duration) {
        lab::run("env HCLOUD_TOKEN=any HCLOUD_ENDPOINT=" + cloud_.plain_url() +
                 "/v1 HOME=" + cloud_.directory().path() + " " + command);
        const double end = now_ms();
        for (const auto& request : cloud_.requests()) {
            if (request.at("method") == "POST") started_ = request.at("received").get<double>();
        }
        return end - started_ - static_cast<double>(duration.count());
    }

    /// Back and forth, so that each is a real move.
    double ours(milliseconds duration) {
        return delay_of(
            fmt::format("{} --config {} api POST "
                        "/floating_ips/478/actions/assign -d '{{\"server\": {}}}' --wait",
                        lab::program("hcloud-agent"), config_, next_server()),
            duration);
    }
    double theirs(milliseconds duration) {
        return delay_of(fmt::format("hcloud floating-ip assign 478 {}", next_server()), duration);
    }

    CloudLab cloud_;
    const std::string config_ = cloud_.directory().write("agent.yaml", "");

  private:
    int next_server() { return at_ = at_ == 42 ? 43 : 42; }
    int at_ = 42;
    double started_ = 0;
};

TEST_F(ActionBenchmark, AgainstTheOfficialTool) {
    std::vector<double> all_ours;
    std::vector<double> all_theirs;
    std::vector<std::string> cells;
    for (const milliseconds duration : kDurations) {
        cloud_.change({{"action_duration", fmt::format("{}ms", duration.count())}});
        std::vector<double> our;
        std::vector<double> their;
        for (int run = 0; run < kMovesPerDuration; ++run) {
            our.push_back(ours(duration));
            their.push_back(theirs(duration));
        }
        cells.push_back(fmt::format("{} s: {:.0f}/{:.0f}",
                                    static_cast<double>(duration.count()) / 1e3, median(our),
                                    median(their)));
        all_ours.push_back(median(our));
        all_theirs.push_back(median(their));
    }
    publish("action",
            fmt::format("from an action's end to the caller's knowing it, ours/the official "
                        "tool's, in ms: {}; median {:.0f}/{:.0f}",
                        fmt::join(cells, ", "), median(all_ours), median(all_theirs)));
    const double noise = kNoise * *std::min_element(all_theirs.begin(), all_theirs.end());
    for (std::size_t i = 0; i < kDurations.size(); ++i) {
        EXPECT_TRUE(held(all_ours[i] / (all_theirs[i] + noise), 1)) << kDurations[i].count();
    }
    EXPECT_TRUE(held(median(all_ours) / median(all_theirs), kActionLimit));
}

}  // namespace
}  // namespace hcloud::bench
