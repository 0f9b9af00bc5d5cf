// From sending the deletion of an address to seeing it added again: by the real agent as a process
// of its own, against the floor, a bare loop (repair_floor.cpp). Both are seen by the same
// observer, in turns.
#include "agent/daemon/debounce.h"
#include "tests/bench/bare_netlink.h"
#include "tests/bench/figures.h"
#include "tests/bench/many_addresses.h"
#include "tests/lab/server.h"

#include <algorithm>
#include <cerrno>
#include <future>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

namespace hcloud::bench {
namespace {

constexpr int kRepairedAddresses = 200;
constexpr int kRepairSeries = 3;
constexpr int kRepairsPerSeries = 100;  // no address is deleted so often that it looks like a fight
constexpr double kRepairLimit = 8;      // times the floor, without the time of quiet
constexpr std::chrono::minutes kHang{1};

double milliseconds_of(std::chrono::duration<double, std::milli> time) {
    return time.count();
}

/// Deletes addresses from eth0 of the network namespace that it is made in, and sees them come
/// back.
class Observer {
  public:
    double delete_and_wait(const std::string& text) {
        in_addr_t address{};
        inet_pton(AF_INET, text.c_str(), &address);
        const auto start = std::chrono::steady_clock::now();
        send_deletion(address);
        for (bool back = false; !back;) {
            if (!kernel_.wait(kHang)) throw std::runtime_error(text + " does not come back");
            kernel_.receive([&](const nlmsghdr& event) { back |= is_addition(event, address); });
        }
        return milliseconds_of(std::chrono::steady_clock::now() - start);
    }

  private:
    void send_deletion(in_addr_t address) {
        struct {
            nlmsghdr header{};
            ifaddrmsg body{};
            rtattr attribute{};
            in_addr_t address{};
        } request;
        request.header.nlmsg_len = sizeof request;
        request.header.nlmsg_type = RTM_DELADDR;
        request.header.nlmsg_flags = NLM_F_REQUEST;
        request.body.ifa_family = AF_INET;
        request.body.ifa_prefixlen = 32;
        request.body.ifa_index = link_;
        request.attribute.rta_len = RTA_LENGTH(sizeof address);
        request.attribute.rta_type = IFA_LOCAL;
        request.address = address;
        kernel_.send(request.header);
    }

    static bool is_addition(const nlmsghdr& event, in_addr_t address) {
        if (event.nlmsg_type != RTM_NEWADDR) return false;
        const auto* body = static_cast<const ifaddrmsg*>(NLMSG_DATA(&event));
        auto left = IFA_PAYLOAD(&event);
        const auto* attribute = IFA_RTA(body);
        for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
            if (attribute->rta_type != IFA_LOCAL) continue;
            return *static_cast<const in_addr_t*>(RTA_DATA(attribute)) == address;
        }
        return false;
    }

    BareNetlink kernel_{RTMGRP_IPV4_IFADDR};
    unsigned link_ = if_nametoindex("eth0");
};

/// In the network namespace of a process, by a thread that goes there and does not return.
void run_in_namespace_of(pid_t pid, const std::function<void()>& work) {
    std::async(std::launch::async, [&] {
        const int there = open(fmt::format("/proc/{}/ns/net", pid).c_str(), O_RDONLY | O_CLOEXEC);
        const bool entered = there >= 0 && setns(there, CLONE_NEWNET) == 0;
        const int code = errno;
        close(there);
        if (!entered) throw std::system_error(code, std::generic_category(), "setns");
        work();
    }).get();
}

/// The bare loop, with a network namespace and as many addresses of its own: the agent is neither
/// woken by its samples nor has more to dump.
class Floor {
  public:
    Floor() {
        if (!lab::wait_until([&] { return !loop_.output().empty(); }) || !loop_.running()) {
            throw std::runtime_error("no floor: " + loop_.output());
        }
        run_in_namespace_of(loop_.pid(), [&] {
            lab::add_veth("eth0", "wire0", lab::Server::kPublicMac);
            lab::run("ip -batch " + directory_.write("batch", batch_of(kRepairedAddresses)));
            observer_.emplace();
        });
    }
    double delete_and_wait(const std::string& address) {
        return observer_->delete_and_wait(address);
    }

  private:
    lab::TempDir directory_;
    lab::Process loop_{{"unshare", "-n", lab::program("repair_floor")}};
    std::optional<Observer> observer_;
};

struct Phase {
    std::vector<double> agent;  // ms
    std::vector<double> floor;
    std::vector<double> ratios;  // of the medians of each series

    std::string text() const {
        return fmt::format(
            "median {:.2f} ms, 99th percentile {:.2f} ms (a bare loop {:.2f} ms, {:.2f} ms; {:.1f} "
            "times its median but for {} ms of quiet)",
            median(agent), quantile(agent, 0.99), median(floor), quantile(floor, 0.99),
            median(ratios), agent::Debounce::kQuiet.count());
    }
};

class RepairBenchmark : public testing::Test {
  protected:
    void SetUp() override {
        server_.start_agent();
        ASSERT_EQ(clock_getcpuclockid(server_.agent().pid(), &agents_cpu_), 0);
        observer_.emplace();
    }
    void TearDown() override {
        if (!HasFailure()) return;
        const auto log = server_.log();
        std::cout << log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
    }

    Phase measure() {
        Phase phase;
        for (int series = 0; series < kRepairSeries; ++series) {
            std::vector<double> agent;
            std::vector<double> floor;
            for (int i = 0; i < kRepairsPerSeries; ++i) {
                const auto address = address_of(next_++ % kRepairedAddresses);
                wait_for_quiet();
                agent.push_back(observer_->delete_and_wait(address));
                wait_for_quiet();
                floor.push_back(floor_.delete_and_wait(address));
            }
            const double quiet = milliseconds_of(agent::Debounce::kQuiet);
            phase.ratios.push_back((median(agent) - quiet) / median(floor));
            phase.agent.insert(phase.agent.end(), agent.begin(), agent.end());
            phase.floor.insert(phase.floor.end(), floor.begin(), floor.end());
        }
        return phase;
    }

    lab::Server server_{{{"network", {{"floating_ips", addresses(kRepairedAddresses)}}}}};

  private:
    /// Until the agent has nothing left to do from the sample before: it does not run for longer
    /// than its own time of quiet.
    void wait_for_quiet() const {
        timespec before{-1, 0};
        EXPECT_TRUE(lab::wait_until([&] {
            timespec now{};
            clock_gettime(agents_cpu_, &now);
            const auto earlier = std::exchange(before, now);
            return earlier.tv_sec == now.tv_sec && earlier.tv_nsec == now.tv_nsec;
        })) << "the agent is never quiet";
    }

    Floor floor_;
    std::optional<Observer> observer_;
    clockid_t agents_cpu_{};
    int next_ = 0;
};

TEST_F(RepairBenchmark, AgainstABareLoop) {
    const auto usual = measure();
    server_.fault({{"path", "/hetzner/*"}, {"hang", true}});
    server_.fault({{"path", "/v1/*"}, {"hang", true}});
    ASSERT_TRUE(
        lab::wait_until([&] { return server_.status()["metadata"]["state"] == "failing"; }));
    const auto hung = measure();
    publish("repair", fmt::format("repair of one of {} addresses, delete to re-added: {}; while "
                                  "metadata and API hang: {}",
                                  kRepairedAddresses, usual.text(), hung.text()));
    EXPECT_TRUE(held(median(usual.ratios), kRepairLimit));
    EXPECT_TRUE(held(median(hung.ratios), kRepairLimit)) << "while metadata and API hang";
}

}  // namespace
}  // namespace hcloud::bench
