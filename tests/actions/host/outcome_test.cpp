// apply(): one outcome a change, in order, whatever becomes of the others; and how it fails.
#include "tests/actions/host/network_fixture.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hcloud::host {
namespace {

using testing::Each;
using testing::SizeIs;

class OutcomeTest : public NetworkTest {
  protected:
    Route unreachable_gateway() const {
        return route({.link = link_, .to = "10.9.0.0/16", .via = "192.0.2.1"});
    }

    std::vector<Change> delete_many(int count) const {
        auto changes = add_many(count);
        for (auto& change : changes)
            change = DeleteAddress{std::get<AddAddress>(change).address};
        return changes;
    }
};

TEST_F(OutcomeTest, nothing_to_do_does_nothing) {
    EXPECT_THAT(network_.apply({}), testing::IsEmpty());
}

TEST_F(OutcomeTest, failure_carries_errno_and_the_kernels_words) {
    EXPECT_THAT(apply(AddRoute{unreachable_gateway()}),
                failed_with(ENETUNREACH, "Network is unreachable: Nexthop has invalid gateway"));
}

TEST_F(OutcomeTest, add_on_a_link_that_is_gone_fails) {
    auto address = host_address("10.0.0.3/32");
    address.link = 999;
    EXPECT_THAT(apply(AddAddress{address}), failed_with(ENODEV, "No such device"));
    const auto on_link = route({.link = 999, .to = "10.9.0.0/16", .scope = Scope::link});
    EXPECT_THAT(apply(AddRoute{on_link}), failed_with(ENODEV, "No such device"));
}

TEST_F(OutcomeTest, delete_on_a_link_that_is_gone_is_gone) {
    auto address = host_address("10.0.0.3/32");
    address.link = 999;
    EXPECT_EQ(apply(DeleteAddress{address}), kGone);
    address.prefix = prefix("2001:db8::1/64");
    EXPECT_EQ(apply(DeleteAddress{address}), kGone);
}

TEST_F(OutcomeTest, what_makes_no_sense_is_refused_before_the_kernel_guesses) {
    const auto good = route({.link = link_, .to = "10.9.0.0/16"});
    auto host_bits = good;
    host_bits.destination = prefix("10.9.0.1/16");
    EXPECT_THAT(apply(AddRoute{host_bits}), failed_with(EINVAL, "bits beyond its prefix"));
    auto other_family = good;
    other_family.source = ip("2001:db8::1");
    EXPECT_THAT(apply(AddRoute{other_family}), failed_with(EINVAL, "another family"));
    auto too_long = host_address("10.0.0.3/32");
    too_long.prefix.length = 33;
    EXPECT_THAT(apply(AddAddress{too_long}), failed_with(EINVAL, "longer than the address"));
    auto no_link = host_address("10.0.0.3/32");
    no_link.link = 0;
    EXPECT_THAT(apply(DeleteAddress{no_link}), failed_with(EINVAL, "no link is given"));
}

TEST_F(OutcomeTest, thousand_adds_in_one_call_all_arrive) {
    EXPECT_THAT(network_.apply(add_many(1000)), testing::AllOf(SizeIs(1000), Each(kDone)));
    EXPECT_THAT(addresses(), SizeIs(1000));
    EXPECT_THAT(network_.apply(add_many(1000)), testing::AllOf(SizeIs(1000), Each(kAlready)));
    EXPECT_THAT(network_.apply(delete_many(1000)), testing::AllOf(SizeIs(1000), Each(kDone)));
    EXPECT_THAT(network_.apply(delete_many(1000)), testing::AllOf(SizeIs(1000), Each(kGone)));
    EXPECT_THAT(addresses(), SizeIs(0));
}

TEST_F(OutcomeTest, failures_stand_in_their_places_and_stop_nothing) {
    auto changes = add_many(1000);
    for (std::size_t i = 0; i < changes.size(); i += 7) {
        std::get<AddAddress>(changes[i]).address.link =
            i % 2 == 0 ? 999 : 0;  // the kernel's no, and ours
    }
    const auto outcomes = network_.apply(changes);
    ASSERT_THAT(outcomes, SizeIs(1000));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto expected = i % 7 == 0 ? Outcome::Kind::failed : Outcome::Kind::done;
        EXPECT_EQ(outcomes[i].kind, expected) << i;
        EXPECT_EQ(outcomes[i].code, i % 7 != 0 ? 0 : i % 2 == 0 ? ENODEV : EINVAL) << i;
    }
    EXPECT_THAT(addresses(), SizeIs(1000 - 143));
}

TEST_F(OutcomeTest, dead_socket_throws_once_and_is_replaced) {
    // The lowest free descriptor is the one that the next socket gets.
    const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ASSERT_GE(next, 0);
    close(next);
    Rtnetlink network;
    int family = 0;
    socklen_t size = sizeof family;
    ASSERT_EQ(getsockopt(next, SOL_SOCKET, SO_DOMAIN, &family, &size), 0);
    ASSERT_EQ(family, AF_NETLINK);
    EXPECT_EQ(fcntl(next, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC) << "children must not inherit it";

    const int broken = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(dup2(broken, next), next);
    close(broken);
    try {
        network.observe();
        FAIL() << "observed through a dead socket";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ENOTSOCK);
        EXPECT_STREQ(error.what(), "cannot send to the kernel: Socket operation on non-socket");
    }
    EXPECT_EQ(network.observe(), network_.observe());
}

}  // namespace
}  // namespace hcloud::host
