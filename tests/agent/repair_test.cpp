// Whatever happens to the host's network, what the cloud wants comes back; nothing else changes.
#include "actions/host/rtnetlink.h"
#include "tests/agent/server_fixture.h"

#include <fstream>

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::run;
using lab::Server;
using lab::wait_until;

class Repair : public ServerTest {
  protected:
    void SetUp() override { start(); }
    void replug(const std::string& name, const std::string& mac) {
        run("ip link del eth1");
        lab::add_veth(name, "wire-" + name, mac);
    }
};

struct Damage {
    std::string name;
    std::string command;
};

class Damaged : public Repair, public testing::WithParamInterface<Damage> {};

TEST_P(Damaged, ComesBack) {
    run(GetParam().command);
    EXPECT_TRUE(comes_back());
}

INSTANTIATE_TEST_SUITE_P(
    Commands, Damaged,
    testing::Values(
        Damage{"AliasDeleted", "ip addr del 10.0.0.3/32 dev eth1"},
        Damage{"OwnPrimaryDeleted", "ip addr del 10.0.0.2/32 dev eth1"},
        Damage{"FloatingDeleted", "ip addr del 203.0.113.77/32 dev eth0"},
        Damage{"FloatingV6Deleted", "ip addr del 2001:db8:77::1/64 dev eth0"},
        Damage{"RouteDeleted", "ip route del 10.0.0.0/16"},
        Damage{"AllRoutesDeleted", "ip route flush dev eth1"},
        Damage{"Flushed", "ip addr flush dev eth1 to 10.0.0.0/8"},
        Damage{"LinkDownAndUp", "ip link set eth1 down && ip link set eth1 up"},
        Damage{
            "PublicLinkDownAndUp",
            "ip link set eth0 down && ip link set eth0 up && ip route add 172.31.1.1 dev eth0 && "
            "ip route add default via 172.31.1.1 dev eth0 && "
            "ip route add 198.51.100.0/24 via 172.31.1.1 dev eth0 && "
            "ip -6 addr add 2001:db8:42::1/64 dev eth0 nodad && "
            "ip -6 route add 2001:db8:98::/64 dev eth0"},
        Damage{"PortDownAndUp", "ip link set wire1 down && ip link set wire1 up"}),
    [](const auto& i) { return i.param.name; });

TEST_F(Repair, ALinkSetDownStaysDownAndItsRoutesComeBackWithIt) {
    run("ip link set eth1 down");
    EXPECT_TRUE(wait_until(
        [&] { return server_.status().dump().find("eth1 is set down") != std::string::npos; }));
    EXPECT_EQ(run("ip -o link show eth1 up"), "");
    run("ip link set eth1 up");
    EXPECT_TRUE(comes_back());
}

TEST_F(Repair, ANicThatIsUnpluggedAndPluggedInAgain) {
    replug("eth1", Server::kBackendMac);
    run("ip addr add 192.0.2.6/32 dev eth1 scope host");
    EXPECT_TRUE(comes_back());
}

TEST_F(Repair, ANicThatComesBackUnderAnotherName) {
    replug("enp7s0", Server::kBackendMac);
    EXPECT_TRUE(wait_until([] {
        return Server::addresses("enp7s0") ==
               std::set<std::string>{"10.0.0.2/32", "10.0.0.3/32", "10.0.0.4/32"};
    }));
}

TEST_F(Repair, ANicThatIsRenamedIsStillLookedAfter) {
    run("ip link set eth1 down; ip link set eth1 name backend; ip link set backend up;"
        "ip addr del 10.0.0.3/32 dev backend");
    EXPECT_TRUE(wait_until([] { return Server::addresses("backend").contains("10.0.0.3/32"); }));
    EXPECT_TRUE(wait_until(
        [] { return run("ip route show dev backend").find("10.0.0.0/16") != std::string::npos; }));
}

// Events that were lost: the agent sleeps while more happens than its socket can hold.
TEST_F(Repair, AfterItsNetlinkSocketHasOverflown) {
    std::string batch;
    for (int i = 0; i < 6000; ++i) {
        const char* verb = i % 2 == 0 ? "add" : "del";
        batch.append("addr ").append(verb).append(" 198.18.0.1/32 dev eth2\n");
    }
    const auto file = server_.directory().write("batch", batch);
    server_.agent().signal(SIGSTOP);
    run("ip -batch " + file +
        "; ip addr del 10.0.0.3/32 dev eth1; ip addr del 203.0.113.77/32 dev eth0");
    const auto drops = run("awk '$3 == " + std::to_string(server_.agent().pid()) +
                           " || $9 > 0 {sum += $9} END {print sum + 0}' /proc/net/netlink");
    server_.agent().signal(SIGCONT);
    EXPECT_GT(std::stol(drops), 0) << "the burst did not overflow anything:\n"
                                   << run("cat /proc/net/netlink");
    EXPECT_TRUE(comes_back());
    run("ip addr del 10.0.0.4/32 dev eth1");
    EXPECT_TRUE(comes_back()) << "it went deaf";
}

TEST_F(Repair, ExtraAddressesAreNeverTheSourceOfConnections) {
    run("ip addr del 192.0.2.5/24 dev eth0");  // of others, and rightly a candidate
    run("ip addr del 203.0.113.10/32 dev eth0 && ip addr add 203.0.113.10/32 dev eth0");
    run("ip addr del 10.0.0.2/32 dev eth1");
    ASSERT_TRUE(wait_until([] { return Server::addresses("eth1") == Server::expected("eth1"); }));
    ASSERT_TRUE(wait_until(
        [] { return run("ip route show dev eth1").find("10.0.0.0/16") != std::string::npos; }));
    EXPECT_THAT(run("ip route get 198.51.102.1"), testing::HasSubstr("src 203.0.113.10"));
    EXPECT_THAT(run("ip route get 10.0.5.5"), testing::HasSubstr("src 10.0.0.2"));
    EXPECT_THAT(run("ip -6 route add default dev eth0; ip -6 route get 2001:db8:1::1"),
                testing::HasSubstr("src 2001:db8:42::1"));
    run("ip addr add 192.0.2.5/24 dev eth0");
}

TEST_F(Repair, IsAsQuickWhileMetadataAndApiHang) {
    server_.fault({{"path", "/hetzner/*"}, {"hang", true}});
    server_.fault({{"path", "/v1/*"}, {"hang", true}});
    ASSERT_TRUE(wait_until([&] { return server_.status()["metadata"]["state"] == "failing"; }));
    run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(comes_back());
}

TEST_F(Repair, AFightIsDampedAndReported) {
    const auto contested = [&] {
        lab::try_run("ip addr del 10.0.0.3/32 dev eth1");
        return server_.log().find("contested: something removes alias 10.0.0.3/32 from eth1") !=
               std::string::npos;
    };
    ASSERT_TRUE(wait_until(contested)) << server_.log();
    const auto item_state = [&] {
        const auto status = server_.status();
        for (const auto& item : status["items"]) {
            if (item["what"] == "alias 10.0.0.3/32") return item["state"].get<std::string>();
        }
        return std::string();
    };
    EXPECT_EQ(item_state(), "contested");
    EXPECT_EQ(server_.status()["state"], "converged") << "the rest goes on";
    const auto repairs = server_.status()["counters"]["repairs"].get<int>();
    const auto repaired = [&](int times) {
        return server_.status()["counters"]["repairs"].get<int>() >= repairs + times;
    };
    // The pauses grow: 1 s, 2 s, 4 s. The attacker loses patience in the third.
    EXPECT_TRUE(wait_until([&] {
        lab::try_run("ip addr del 10.0.0.3/32 dev eth1");
        return repaired(2);
    }));
    lab::try_run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(wait_until(Server::complete)) << "it gave up";
    EXPECT_TRUE(repaired(3));
}

}  // namespace
}  // namespace hcloud::agent
