// The small values that are written as text.
#include "tests/simulator/values.h"

#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

TEST(Cidr, HasNoHostBits) {
    for (const char* good :
         {"0.0.0.0/0", "10.0.0.0/24", "10.0.0.1/32", "::/0", "2001:db8::/33", "2001:db8::1/128"}) {
        EXPECT_TRUE(is_cidr(good)) << good;
    }
    for (const char* bad : {"", "10.0.0.1", "10.0.0.1/24", "10.0.0.0/33", "2001:db8::", "::1/127",
                            "2001:db8::/129", "2001:db8::/-1", "x/24"}) {
        EXPECT_FALSE(is_cidr(bad)) << bad;
    }
}

TEST(Duration, KnowsItsUnits) {
    using std::chrono::milliseconds;
    EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
    EXPECT_EQ(parse_duration("5s"), milliseconds(5000));
    EXPECT_EQ(parse_duration("2m"), milliseconds(120'000));
    EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
    EXPECT_EQ(parse_duration("0s"), milliseconds(0));
    for (const char* bad :
         {"", "5", "s", "-1s", "1.5s", "5 s", "5sec", "99999999999999999999s", "9999999999999h"}) {
        EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
    }
}

TEST(Duration, IsWrittenAsItCanBeRead) {
    for (const char* text : {"0s", "500ms", "5s", "90s"}) {
        EXPECT_EQ(format_duration(*parse_duration(text)), text);
    }
}

TEST(Ids, ArePositiveNumbersAndNothingElse) {
    EXPECT_EQ(parse_id("42"), 42);
    for (const char* bad : {"", "0", "-1", "+1", "042", "4x", "x", " 4", "99999999999999999999"}) {
        EXPECT_EQ(parse_id(bad), std::nullopt) << bad;
    }
}

TEST(Range, ContainsItsAddressesOnly) {
    const auto range = parse_range("10.0.0.0/29");
    ASSERT_TRUE(range);
    EXPECT_TRUE(range->contains(*parse_ipv4("10.0.0.7")));
    EXPECT_FALSE(range->contains(*parse_ipv4("10.0.0.8")));
    EXPECT_FALSE(range->contains(*parse_ipv4("9.255.255.255")));
    EXPECT_TRUE(parse_range("10.0.0.0/16")->contains(*range));
    EXPECT_FALSE(range->contains(*parse_range("10.0.0.0/16")));
    EXPECT_TRUE(range->overlaps(*parse_range("10.0.0.0/16")));
    EXPECT_FALSE(range->overlaps(*parse_range("10.0.1.0/24")));
    EXPECT_TRUE(parse_range("0.0.0.0/0")->contains(*range));
}

TEST(Range, RefusesWhatIsNoNetwork) {
    for (const char* bad : {"10.0.0.1/24", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/24",
                            "/8", "10.0.0.0/8x"}) {
        EXPECT_FALSE(parse_range(bad)) << bad;
    }
}

TEST(Ipv6, IsASlash64) {
    EXPECT_TRUE(is_ipv6_network("2001:db8::/64"));
    for (const char* bad :
         {"2001:db8::1/64", "2001:db8::/48", "2001:db8::", "10.0.0.0/24", "x/64"}) {
        EXPECT_FALSE(is_ipv6_network(bad)) << bad;
    }
    EXPECT_TRUE(ipv6_network_contains("2001:db8::/64", "2001:db8::ffff"));
    EXPECT_FALSE(ipv6_network_contains("2001:db8::/64", "2001:db8:0:1::1"));
    EXPECT_FALSE(ipv6_network_contains("2001:db8::/64", "10.0.0.1"));
    EXPECT_EQ(first_ipv6_host("2001:db8:42::/64"), "2001:db8:42::1/64");
}

TEST(Mac, HasSixPairs) {
    EXPECT_TRUE(is_mac("86:00:00:2a:7D:e0"));
    for (const char* bad :
         {"", "86:00:00:2a:7d", "86:00:00:2a:7d:e0:00", "86-00-00-2a-7d-e0", "86:00:00:2a:7d:eg"}) {
        EXPECT_FALSE(is_mac(bad)) << bad;
    }
}

TEST(Times, AreUtcWithZ) {
    EXPECT_EQ(format_time(Time(std::chrono::milliseconds(1'795'435'200'999))),
              "2026-11-23T12:00:00Z");
}

}  // namespace
}  // namespace hcloud::sim
