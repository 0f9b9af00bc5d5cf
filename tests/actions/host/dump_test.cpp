// A dump that changes interrupt is recognised, taken again, and given up in the end.
#include "actions/host/dump.h"

#include "tests/actions/host/network_fixture.h"

#include <linux/rtnetlink.h>

namespace hcloud::host {
namespace {

class DumpTest : public NetworkTest {
  protected:
    void SetUp() override {
        NetworkTest::SetUp();
        // More than the kernel sends at once, so that a change can come between two parts.
        ASSERT_THAT(network_.apply(add_many(2000)), testing::Each(kDone));
    }
};

TEST_F(DumpTest, quiet_dump_is_whole) {
    RequestSocket socket;
    int messages = 0;
    EXPECT_TRUE(socket.dump(address_dump(), [&](const nlmsghdr& message) {
        EXPECT_EQ(message.nlmsg_type, RTM_NEWADDR);
        ++messages;
    }));
    EXPECT_GE(messages, 2000);
}

TEST_F(DumpTest, change_between_two_parts_makes_it_incomplete) {
    RequestSocket socket;
    bool changed = false;
    EXPECT_FALSE(socket.dump(address_dump(), [&](const nlmsghdr&) {
        if (!std::exchange(changed, true)) lab::run("ip address add 10.0.0.3/32 dev eth1");
    }));
    // It was read to its end all the same: the next one is in step.
    EXPECT_TRUE(socket.dump(address_dump(), [](const nlmsghdr&) {}));
}

TEST_F(DumpTest, refused_dump_names_the_kernels_reason) {
    RequestSocket socket;
    Message request(RTM_GETLINK, NLM_F_DUMP);
    request.add_header<ifinfomsg>().ifi_index = 7;  // the kernel filters by no index
    try {
        socket.dump(request, [](const nlmsghdr&) {});
        FAIL() << "not refused";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), EINVAL);
        EXPECT_THAT(error.what(),
                    testing::HasSubstr("Filter by device index not supported for link dumps"));
    }
}

TEST(UntilUninterrupted, returns_the_first_whole_result) {
    int calls = 0;
    const auto result = until_uninterrupted("addresses", [&calls] {
        return ++calls < 4 ? std::optional<int>() : std::optional<int>(calls);
    });
    EXPECT_EQ(result, 4);
}

TEST(UntilUninterrupted, gives_up_with_an_error_and_never_with_a_part) {
    int calls = 0;
    try {
        until_uninterrupted("addresses", [&calls]() -> std::optional<int> {
            ++calls;
            return std::nullopt;
        });
        FAIL() << "returned something";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), EINTR);
        EXPECT_STREQ(
            error.what(),
            "dump of addresses kept being interrupted by changes: Interrupted system call");
    }
    EXPECT_EQ(calls, kDumpTries);
}

}  // namespace
}  // namespace hcloud::host
