// From the deletion of an address to its return, by the real agent as a process of its own; as seen
// by another process, so that the watcher's own dump is in the figure.
#include "actions/host/monitor.h"
#include "actions/host/rtnetlink.h"
#include "tests/bench/figures.h"
#include "tests/lab/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <poll.h>

namespace hcloud::bench {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kAddresses = 500;
constexpr int kRuns = 3;
constexpr int kDeletionsPerRun = 250;  // no address is deleted so often that it looks like a fight
// Ten times what a quiet machine needs: a poll in place of an event would be a hundred times that.
constexpr double kMedianLimit = 30;  // ms
constexpr double kTailLimit = 200;   // ms, 99th percentile

std::string address_of(int i) {
    return fmt::format("198.18.{}.{}", i / 250, i % 250 + 1);
}

json many_floating_ips() {
    json list = json::array();
    for (int i = 0; i < kAddresses; ++i)
        list.push_back(address_of(i));
    return {{"network", {{"floating_ips", list}}}};
}

class RepairBenchmark : public testing::Test {
  protected:
    void SetUp() override { server_.start_agent(); }

    const host::Address* find(const host::Snapshot& snapshot, const host::Prefix& prefix) const {
        for (const auto& address : snapshot.addresses) {
            if (address.prefix == prefix) return &address;
        }
        return nullptr;
    }

    double delete_and_wait(const std::string& text) {
        const auto prefix = *host::Prefix::parse(text);
        const auto snapshot = network_.observe();
        const auto* address = find(snapshot, prefix);
        EXPECT_NE(address, nullptr) << text;
        monitor_.drain();
        const host::Change change = host::DeleteAddress{*address};
        const auto start = Clock::now();
        network_.apply({&change, 1});
        do {
            pollfd wait{monitor_.fd(), POLLIN, 0};
            EXPECT_EQ(poll(&wait, 1, 5000), 1) << text << " does not come back\n" << server_.log();
            monitor_.drain();
        } while (find(network_.observe(), prefix) == nullptr);
        return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    }

    // The medians over the runs of each run's median and 99th percentile.
    std::pair<double, double> measure(int first) {
        std::vector<double> medians;
        std::vector<double> tails;
        for (int run = 0; run < kRuns; ++run) {
            std::vector<double> samples;
            for (int i = 0; i < kDeletionsPerRun; ++i) {
                samples.push_back(delete_and_wait(address_of((first + i) % kAddresses)));
            }
            first += kDeletionsPerRun;
            medians.push_back(median(samples));
            tails.push_back(quantile(samples, 0.99));
        }
        return {median(medians), median(tails)};
    }

    lab::Server server_{many_floating_ips()};
    host::Rtnetlink network_;
    host::Monitor monitor_;
};

TEST_F(RepairBenchmark, DeleteToReAdded) {
    const auto [usual, usual_tail] = measure(0);
    server_.fault({{"path", "/hetzner/*"}, {"hang", true}});
    server_.fault({{"path", "/v1/*"}, {"hang", true}});
    ASSERT_TRUE(
        lab::wait_until([&] { return server_.status()["metadata"]["state"] == "failing"; }));
    const auto [hung, hung_tail] = measure(kDeletionsPerRun);
    publish("repair",
            fmt::format("repair of one of {} addresses, delete to re-added: median {:.2f} ms, 99th "
                        "percentile {:.2f} ms; while metadata and API hang: {:.2f} ms, {:.2f} ms",
                        kAddresses, usual, usual_tail, hung, hung_tail));
    EXPECT_LT(usual, kMedianLimit);
    EXPECT_LT(usual_tail, kTailLimit);
    EXPECT_LT(hung, kMedianLimit);
    EXPECT_LT(hung_tail, kTailLimit);
}

}  // namespace
}  // namespace hcloud::bench
