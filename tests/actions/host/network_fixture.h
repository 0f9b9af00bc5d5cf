// For tests of the host's network on the kernel: two connected links.
#pragma once

#include "actions/host/rtnetlink.h"
#include "tests/actions/host/values.h"
#include "tests/lab/command.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <net/if.h>

namespace hcloud::host {

/// eth1 and peer1 are the ends of one cable, both up, without addresses of their own.
class NetworkTest : public testing::Test {
  protected:
    static constexpr const char* kMac = "86:00:00:00:00:01";

    void SetUp() override {
        lab::add_veth("eth1", "peer1", kMac, false);
        for (const std::string name : {"eth1", "peer1"}) {
            lab::run("ip link set " + name + " addrgenmode none && ip link set " + name + " up");
        }
        // The kernel sees the carrier a little later.
        ASSERT_TRUE(lab::wait_until([] { return is_up("eth1") && is_up("peer1"); }));
        finish_background_work();
        link_ = static_cast<int>(if_nametoindex("eth1"));
    }

    void TearDown() override { lab::try_run("ip link delete eth1"); }

    /// The kernel reports a carrier and a usable IPv6 address from a worker that holds the RTNL
    /// lock while it does so: once the state is seen, the next request that takes the lock comes
    /// after its events.
    static void finish_background_work() { lab::run("ip link set lo up"); }

    static bool is_up(const std::string& name) {
        return lab::run("ip link show " + name).find("state UP") != std::string::npos;
    }

    Outcome apply(const Change& change) { return network_.apply({&change, 1}).at(0); }

    Address host_address(std::string_view text) const {
        return {.link = link_, .prefix = prefix(text), .scope = Scope::host, .protocol = kProtocol};
    }

    /// `count` addresses of scope host, 10.1.0.0/32 and up.
    std::vector<Change> add_many(int count) const {
        std::vector<Change> changes;
        for (int i = 0; i < count; ++i) {
            const auto text = "10.1." + std::to_string(i / 256) + "." + std::to_string(i % 256);
            changes.push_back(AddAddress{host_address(text)});
        }
        return changes;
    }

    std::vector<Address> addresses() {
        std::vector<Address> found;
        for (const auto& address : network_.observe().addresses) {
            if (address.link == link_) found.push_back(address);
        }
        return found;
    }

    std::vector<Route> routes() { return network_.observe().routes; }

    Rtnetlink network_;
    int link_ = 0;
};

inline const Outcome kDone{};
inline const Outcome kAlready{Outcome::Kind::already, 0, {}};
inline const Outcome kGone{Outcome::Kind::gone, 0, {}};

/// A failed outcome with this errno, whose message holds `text`.
inline auto failed_with(int code, const std::string& text) {
    return testing::AllOf(testing::Field("kind", &Outcome::kind, Outcome::Kind::failed),
                          testing::Field("code", &Outcome::code, code),
                          testing::Field("message", &Outcome::message, testing::HasSubstr(text)));
}

}  // namespace hcloud::host
