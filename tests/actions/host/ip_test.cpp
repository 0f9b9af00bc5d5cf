// IP addresses and prefixes: what parses, how it prints, what a prefix holds.
#include "actions/host/ip.h"

#include "tests/actions/host/values.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

namespace hcloud::host {
namespace {

using std::string_view_literals::operator""sv;

struct Text {
    const char* name;
    std::string_view text;
    std::string_view printed;  // empty: does not parse
};

void PrintTo(const Text& test, std::ostream* out) {
    *out << test.name;
}

class IpAddressText : public testing::TestWithParam<Text> {};

TEST_P(IpAddressText, parses_and_prints) {
    const auto address = IpAddress::parse(GetParam().text);
    ASSERT_EQ(address.has_value(), !GetParam().printed.empty());
    if (address) {
        EXPECT_EQ(address->to_string(), GetParam().printed);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, IpAddressText,
    testing::Values(Text{"v4", "10.0.0.3", "10.0.0.3"},
                    Text{"v4_highest", "255.255.255.255", "255.255.255.255"},
                    Text{"v6", "2001:DB8:0::1", "2001:db8::1"}, Text{"v6_unspecified", "::", "::"},
                    Text{"v6_longest", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
                         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
                    Text{"v4_mapped_stays_v6", "::ffff:10.0.0.3", "::ffff:10.0.0.3"},
                    Text{"empty", "", ""}, Text{"leading_space", " 10.0.0.3", ""},
                    Text{"trailing_newline", "10.0.0.3\n", ""}, Text{"three_parts", "10.0.3", ""},
                    Text{"octal_looking", "10.0.0.03", ""},
                    Text{"too_large_part", "10.0.0.256", ""}, Text{"zone", "fe80::1%eth0", ""},
                    Text{"hidden_after_nul", "10.0.0.3\0/8"sv, ""},
                    Text{"prefix", "10.0.0.0/8", ""}, Text{"name", "localhost", ""},
                    Text{"two_gaps", "1::2::3", ""},
                    Text{"endless", "0000000000000000000000000000000000000000000000001", ""}),
    name_of<Text>);

class PrefixText : public testing::TestWithParam<Text> {};

TEST_P(PrefixText, parses_and_prints) {
    const auto parsed = Prefix::parse(GetParam().text);
    ASSERT_EQ(parsed.has_value(), !GetParam().printed.empty());
    if (parsed) {
        EXPECT_EQ(parsed->to_string(), GetParam().printed);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, PrefixText,
    testing::Values(
        Text{"v4", "10.0.0.0/8", "10.0.0.0/8"}, Text{"v6", "2001:db8::/64", "2001:db8::/64"},
        Text{"v4_alone_is_a_host", "10.0.0.3", "10.0.0.3/32"},
        Text{"v6_alone_is_a_host", "2001:db8::1", "2001:db8::1/128"},
        Text{"keeps_host_bits", "10.0.0.3/16", "10.0.0.3/16"},
        Text{"zero", "0.0.0.0/0", "0.0.0.0/0"}, Text{"v4_longest", "1.2.3.4/32", "1.2.3.4/32"},
        Text{"v6_longest", "::1/128", "::1/128"}, Text{"v4_too_long", "10.0.0.0/33", ""},
        Text{"v6_too_long", "::/129", ""}, Text{"four_digits", "::/0128", ""},
        Text{"no_address", "/8", ""}, Text{"no_length", "1.2.3.4/", ""},
        Text{"space_before_length", "1.2.3.4/ 8", ""}, Text{"space_after_length", "1.2.3.4/8 ", ""},
        Text{"leading_zero", "1.2.3.4/08", ""}, Text{"plus", "1.2.3.4/+8", ""},
        Text{"minus", "1.2.3.4/-1", ""}, Text{"netmask", "1.2.3.4/255.0.0.0", ""},
        Text{"two_slashes", "1.2.3.4/8/8", ""}),
    name_of<Text>);

TEST(IpAddress, default_is_unspecified_v4) {
    EXPECT_EQ(IpAddress(), ip("0.0.0.0"));
    EXPECT_TRUE(IpAddress().is_v4());
}

TEST(IpAddress, tells_its_family_and_size) {
    EXPECT_EQ(ip("10.0.0.3").family(), AF_INET);
    EXPECT_EQ(ip("10.0.0.3").bits(), 32);
    EXPECT_EQ(ip("::ffff:10.0.0.3").family(), AF_INET6);
    EXPECT_EQ(ip("::ffff:10.0.0.3").bits(), 128);
    EXPECT_NE(ip("::ffff:10.0.0.3"), ip("10.0.0.3"));
    EXPECT_NE(ip("::"), ip("0.0.0.0"));
}

TEST(IpAddress, bytes_make_the_same_address_again) {
    EXPECT_THAT(ip("10.0.0.3").bytes(), testing::ElementsAre(10, 0, 0, 3));
    for (const auto* text : {"10.0.0.3", "2001:db8::1"}) {
        EXPECT_EQ(IpAddress::from_bytes(ip(text).bytes()), ip(text));
    }
}

TEST(IpAddress, bytes_of_another_number_are_no_address) {
    const std::array<std::uint8_t, 17> bytes{};
    for (const std::size_t size : {0, 3, 5, 15, 17}) {
        EXPECT_FALSE(IpAddress::from_bytes({bytes.data(), size})) << size;
    }
}

TEST(IpAddress, sorts_numerically_v4_first) {
    EXPECT_LT(ip("10.0.0.9"), ip("10.0.0.10"));
    EXPECT_LT(ip("255.0.0.0"), ip("::1"));
    EXPECT_LT(ip("10.0.0.255"), ip("10.0.1.0"));
    EXPECT_LT(ip("2001:db8::2"), ip("2001:db8::100"));
    EXPECT_LT(ip("2001:db8::ffff:0:0:0"), ip("2001:db8:0:1::"));
}

TEST(Prefix, network_clears_the_host_bits) {
    EXPECT_EQ(prefix("10.1.2.3/15").network(), prefix("10.0.0.0/15"));
    EXPECT_EQ(prefix("10.1.2.3/32").network(), prefix("10.1.2.3/32"));
    EXPECT_EQ(prefix("255.255.255.255/0").network(), prefix("0.0.0.0/0"));
    EXPECT_EQ(prefix("2001:db8:ffff::1/33").network(), prefix("2001:db8:8000::/33"));
}

TEST(Prefix, contains_addresses_of_its_range_and_family) {
    EXPECT_TRUE(prefix("10.0.0.0/8").contains(ip("10.255.0.1")));
    EXPECT_FALSE(prefix("10.0.0.0/8").contains(ip("11.0.0.0")));
    EXPECT_TRUE(prefix("10.0.0.77/24").contains(ip("10.0.0.1")))
        << "an interface address counts as its range";
    EXPECT_TRUE(prefix("0.0.0.0/0").contains(ip("203.0.113.5")));
    EXPECT_FALSE(prefix("0.0.0.0/0").contains(ip("::1")));
    EXPECT_FALSE(prefix("::/0").contains(ip("10.0.0.1")));
    EXPECT_TRUE(prefix("2001:db8::/33").contains(ip("2001:db8:7fff::1")));
    EXPECT_FALSE(prefix("2001:db8::/33").contains(ip("2001:db8:8000::1")));
}

TEST(Prefix, host_is_as_long_as_the_address) {
    EXPECT_EQ(Prefix::host(ip("10.0.0.3")), prefix("10.0.0.3/32"));
    EXPECT_EQ(Prefix::host(ip("::1")), prefix("::1/128"));
}

}  // namespace
}  // namespace hcloud::host
