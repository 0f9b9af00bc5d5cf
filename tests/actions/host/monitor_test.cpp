// The monitor: wakes for every kind of change, and for lost events, and goes on afterwards.
#include "actions/host/monitor.h"

#include "tests/actions/host/network_fixture.h"

#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace hcloud::host {
namespace {

class MonitorTest : public NetworkTest {
  protected:
    static bool is_readable(const Monitor& monitor, int timeout_ms) {
        pollfd waiting{monitor.fd(), POLLIN, 0};
        return poll(&waiting, 1, timeout_ms) == 1;
    }

    /// The kernel queues an event before it answers the request that caused it: no need to wait.
    static bool woken_by(Monitor& monitor, const std::string& command) {
        monitor.drain();
        EXPECT_FALSE(is_readable(monitor, 0));
        lab::run(command);
        return is_readable(monitor, 0) && monitor.drain();
    }

    /// Events that the kernel dropped for any netlink socket of this namespace.
    static long dropped_events() {
        std::ifstream table("/proc/net/netlink");
        std::string line;
        std::getline(table, line);  // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
        long sum = 0;
        while (std::getline(table, line)) {
            std::istringstream words(line);
            std::string skipped;
            for (int i = 0; i < 8; ++i)
                words >> skipped;
            long drops = 0;
            words >> drops;
            sum += drops;
        }
        return sum;
    }
};

struct Event {
    const char* name;
    const char* command;  // causes events of one kind alone
};

void PrintTo(const Event& test, std::ostream* out) {
    *out << test.name;
}

class MonitorEvent : public MonitorTest, public testing::WithParamInterface<Event> {};

TEST_P(MonitorEvent, wakes) {
    lab::run("ip address add 10.0.0.2/24 dev eth1 && ip address add 2001:db8::2/64 dev eth1 nodad");
    ASSERT_TRUE(lab::wait_until([] { return lab::run("ip -o address show tentative").empty(); }));
    finish_background_work();
    Monitor monitor;
    EXPECT_TRUE(woken_by(monitor, GetParam().command));
}

INSTANTIATE_TEST_SUITE_P(
    All, MonitorEvent,
    testing::Values(
        Event{"link", "ip link set eth1 alias changed"},
        Event{"v4_address",
              "ip address change 10.0.0.2/24 dev eth1 valid_lft 9000 preferred_lft 9000"},
        Event{"v6_address", "ip address change 2001:db8::2/64 dev eth1 preferred_lft 0"},
        Event{"v4_route", "ip route add 10.9.0.0/16 via 10.0.0.1 dev eth1"},
        Event{"v6_route", "ip -6 route add 2001:db8:9::/48 via 2001:db8::1 dev eth1"}),
    name_of<Event>);

TEST_F(MonitorTest, is_quiet_when_nothing_happens) {
    Monitor monitor;
    EXPECT_FALSE(monitor.drain());
    network_.observe();
    EXPECT_FALSE(monitor.drain()) << "looking is no change";
}

TEST_F(MonitorTest, what_happened_before_a_dump_is_queued_no_gap) {
    Monitor monitor;
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.3/32")}), kDone);
    EXPECT_TRUE(monitor.drain());
}

TEST_F(MonitorTest, lost_events_wake_and_later_ones_still_arrive) {
    Monitor monitor;
    const auto before = dropped_events();
    EXPECT_THAT(network_.apply(add_many(2000)), testing::Each(kDone));
    ASSERT_GT(dropped_events(), before) << "the queue was not overrun";

    EXPECT_TRUE(is_readable(monitor, 0));
    EXPECT_TRUE(monitor.drain());
    EXPECT_FALSE(monitor.drain()) << "everything was read";
    EXPECT_TRUE(woken_by(monitor, "ip address add 10.0.0.3/32 dev eth1"));
}

TEST_F(MonitorTest, dead_socket_throws) {
    Monitor monitor;
    const int broken = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(dup2(broken, monitor.fd()), monitor.fd());
    close(broken);
    try {
        monitor.drain();
        FAIL() << "drained a dead socket";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ENOTSOCK);
    }
}

TEST_F(MonitorTest, is_not_inherited_by_children) {
    Monitor monitor;
    EXPECT_EQ(fcntl(monitor.fd(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

}  // namespace
}  // namespace hcloud::host
