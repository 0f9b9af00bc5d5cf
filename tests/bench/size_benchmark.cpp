// A thousand addresses on one NIC: `apply` against `ip -batch` doing the same, alternating in one
// run; and the CPU time of a cycle that finds nothing to do.
#include "actions/host/rtnetlink.h"
#include "agent/daemon/reconciler.h"
#include "tests/bench/figures.h"
#include "tests/lab/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <time.h>

namespace hcloud::bench {
namespace {

constexpr int kAddresses = 1000;
constexpr int kRuns = 21;
constexpr std::size_t kSeries = 3;
constexpr std::size_t kMostSeries = 9;
constexpr double kRatioLimit = 1.5;
constexpr double kCpuLimit = 10;  // ms

std::string address_of(int i) {
    return fmt::format("198.18.{}.{}", i / 250, i % 250 + 1);
}

class SizeBenchmark : public testing::Test {
  protected:
    SizeBenchmark() {
        std::string list;
        std::string batch;
        for (int i = 0; i < kAddresses; ++i) {
            list += (i > 0 ? ", \"" : "\"") + address_of(i) + '"';
            batch += "addr add " + address_of(i) + "/32 dev eth0 scope host\n";
        }
        server_.directory().write(
            "config.yaml", "network:\n  private_networks: off\n  floating_ips: [" + list + "]\n");
        batch_ = server_.directory().write("batch", batch);
    }

    static double milliseconds(const std::function<void()>& work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count();
    }

    void clear() const {
        lab::run("ip addr flush dev eth0 to 198.18.0.0/15; rm -rf " + server_.runtime_dir());
    }

    // The medians of both, taken in turns.
    std::pair<double, double> compare() const {
        std::vector<double> apply;
        std::vector<double> batch;
        for (int run = 0; run < kRuns; ++run) {
            batch.push_back(milliseconds([&] { lab::run("ip -batch " + batch_); }));
            EXPECT_EQ(count(), kAddresses);
            clear();
            apply.push_back(milliseconds([&] {
                const auto result = server_.command("apply");
                EXPECT_EQ(result.exit_code, 0) << result.output.substr(0, 2000);
            }));
            EXPECT_EQ(count(), kAddresses);
            clear();
        }
        return {median(apply), median(batch)};
    }

    static long count() {
        return std::stol(lab::run("ip -o addr show dev eth0 to 198.18.0.0/15 | wc -l"));
    }

    lab::Server server_;
    std::string batch_;
};

TEST_F(SizeBenchmark, ApplyAgainstIpBatch) {
    std::vector<double> ratios;
    std::vector<double> apply;
    std::vector<double> batch;
    while (ratios.size() < kSeries || (best(ratios) > kRatioLimit && ratios.size() < kMostSeries)) {
        const auto [apply_ms, batch_ms] = compare();
        apply.push_back(apply_ms);
        batch.push_back(batch_ms);
        ratios.push_back(apply_ms / batch_ms);
    }
    publish("apply",
            fmt::format("{} addresses: apply takes {:.2f} times as long as ip -batch ({:.1f} "
                        "ms, {:.1f} ms)",
                        kAddresses, median(ratios), median(apply), median(batch)));
    EXPECT_LE(best(ratios), kRatioLimit);
}

TEST_F(SizeBenchmark, CpuOfACycleWithNothingToDo) {
    ASSERT_EQ(server_.command("apply").exit_code, 0);
    agent::Desired desired;
    desired.public_addresses = {*host::IpAddress::parse("203.0.113.10")};
    desired.floating_ips.certainty = agent::Certainty::complete;
    for (int i = 0; i < kAddresses; ++i) {
        desired.floating_ips.list.push_back(*host::Prefix::parse(address_of(i) + "/32"));
    }
    host::Rtnetlink network;
    host::FileLedger ledger(server_.runtime_dir() + "/ledger.json");
    agent::Reconciler reconciler(network, ledger);
    std::vector<double> samples;
    for (int i = 0; i < kRuns; ++i) {
        timespec before{};
        timespec after{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        const auto report =
            reconciler.cycle(desired, std::chrono::milliseconds(0), agent::Clock::now());
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        ASSERT_TRUE(report.steps.empty());
        ASSERT_TRUE(report.converged());
        samples.push_back(static_cast<double>(after.tv_sec - before.tv_sec) * 1e3 +
                          static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e6);
    }
    publish("cpu", fmt::format("{} addresses, nothing to do: {:.2f} ms of CPU a cycle", kAddresses,
                               median(samples)));
    EXPECT_LE(median(samples), kCpuLimit);
}

}  // namespace
}  // namespace hcloud::bench
