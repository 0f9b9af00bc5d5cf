// A thousand addresses on one NIC: `apply` against `ip -batch` doing the same, alternating in one
// run; and the CPU time of a cycle that finds nothing to do against that of the bare dumps.
#include "actions/host/rtnetlink.h"
#include "agent/daemon/reconciler.h"
#include "tests/bench/bare_netlink.h"
#include "tests/bench/figures.h"
#include "tests/bench/many_addresses.h"
#include "tests/lab/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <time.h>

namespace hcloud::bench {
namespace {

constexpr int kAppliedAddresses = 1000;
constexpr int kSizeSeries = 5;
constexpr int kAppliesPerSeries = 11;
constexpr int kIdleCycles = 63;
constexpr double kApplyLimit = 1.5;  // times ip -batch
constexpr double kCycleLimit = 20;   // times the bare dumps

class SizeBenchmark : public testing::Test {
  protected:
    SizeBenchmark() {
        server_.directory().write("config.yaml",
                                  "network:\n  private_networks: off\n  floating_ips: " +
                                      addresses(kAppliedAddresses).dump() + "\n");
        batch_ = server_.directory().write("batch", batch_of(kAppliedAddresses));
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
        for (int run = 0; run < kAppliesPerSeries; ++run) {
            batch.push_back(milliseconds([&] { lab::run("ip -batch " + batch_); }));
            EXPECT_EQ(count(), kAppliedAddresses);
            clear();
            apply.push_back(milliseconds([&] {
                const auto result = server_.command("apply");
                EXPECT_EQ(result.exit_code, 0) << result.output.substr(0, 2000);
            }));
            EXPECT_EQ(count(), kAppliedAddresses);
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
    for (int series = 0; series < kSizeSeries; ++series) {
        const auto [apply_ms, batch_ms] = compare();
        apply.push_back(apply_ms);
        batch.push_back(batch_ms);
        ratios.push_back(apply_ms / batch_ms);
    }
    publish("apply",
            fmt::format("{} addresses: apply takes {:.2f} times as long as ip -batch ({:.1f} "
                        "ms, {:.1f} ms)",
                        kAppliedAddresses, median(ratios), median(apply), median(batch)));
    EXPECT_TRUE(held(median(ratios), kApplyLimit));
}

template <class Body>
void dump(BareNetlink& kernel, std::uint16_t type, const Body& body) {
    struct {
        nlmsghdr header;
        Body body;
    } request{{}, body};
    request.header.nlmsg_len = NLMSG_LENGTH(sizeof body);
    request.header.nlmsg_type = type;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    kernel.send(request.header);
    for (bool done = false; !done;)
        kernel.receive([&](const nlmsghdr& message) { done = message.nlmsg_type == NLMSG_DONE; });
}

/// What no look at the host can do without: the kernel's links, addresses and routes, not even
/// read.
void take_bare_dumps(BareNetlink& kernel) {
    rtmsg routes{};
    routes.rtm_table = RT_TABLE_MAIN;
    dump(kernel, RTM_GETLINK, ifinfomsg{});
    dump(kernel, RTM_GETADDR, ifaddrmsg{});
    for (const int family : {AF_INET, AF_INET6}) {
        routes.rtm_family = static_cast<unsigned char>(family);
        dump(kernel, RTM_GETROUTE, routes);
    }
}

/// ms of CPU, the kernel's part included.
double cpu_of(const std::function<void()>& work) {
    const auto used = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    const double before = used();
    work();
    return used() - before;
}

TEST_F(SizeBenchmark, CpuOfACycleWithNothingToDo) {
    ASSERT_EQ(server_.command("apply").exit_code, 0);
    agent::Desired desired;
    desired.public_addresses = {*host::IpAddress::parse("203.0.113.10")};
    desired.floating_ips.certainty = agent::Certainty::complete;
    for (int i = 0; i < kAppliedAddresses; ++i) {
        desired.floating_ips.list.push_back(*host::Prefix::parse(address_of(i) + "/32"));
    }
    host::Rtnetlink network;
    host::FileLedger ledger(server_.runtime_dir() + "/ledger.json");
    agent::Reconciler reconciler(network, ledger);
    BareNetlink kernel;
    std::vector<double> cycles;
    std::vector<double> bare;
    for (int i = 0; i < kIdleCycles; ++i) {
        bare.push_back(cpu_of([&] { take_bare_dumps(kernel); }));
        agent::CycleReport report;
        cycles.push_back(cpu_of([&] {
            report = reconciler.cycle(desired, std::chrono::milliseconds(0), agent::Clock::now());
        }));
        ASSERT_TRUE(report.steps.empty());
        ASSERT_TRUE(report.converged());
    }
    const double ratio = median(cycles) / median(bare);
    publish("cpu",
            fmt::format("{} addresses, nothing to do: {:.2f} ms of CPU a cycle, {:.1f} times "
                        "that of the bare dumps ({:.2f} ms)",
                        kAppliedAddresses, median(cycles), ratio, median(bare)));
    EXPECT_TRUE(held(ratio, kCycleLimit));
}

}  // namespace
}  // namespace hcloud::bench
