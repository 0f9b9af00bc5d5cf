// rtnetlink messages as bytes: what other kernels may send. A malformed one is an error, never a
// value.
#include "actions/host/rtnetlink_parse.h"

#include "actions/host/rtnetlink_build.h"
#include "tests/actions/host/values.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hcloud::host {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kIpv6Settings = 2;      // IFLA_INET6_CONF
constexpr std::uint16_t kAddressProtocol = 11;  // IFA_PROTO

const nlmsghdr& sent(const Message& message) {
    return *reinterpret_cast<const nlmsghdr*>(message.bytes().data());
}

Message address_message(int family = AF_INET, std::uint8_t length = 32) {
    Message message(RTM_NEWADDR, 0);
    auto& header = message.add_header<ifaddrmsg>();
    header.ifa_family = static_cast<std::uint8_t>(family);
    header.ifa_prefixlen = length;
    header.ifa_index = 3;
    return message;
}

Message route_message(int family = AF_INET, std::uint8_t length = 16) {
    Message message(RTM_NEWROUTE, 0);
    auto& header = message.add_header<rtmsg>();
    header.rtm_family = static_cast<std::uint8_t>(family);
    header.rtm_dst_len = length;
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_type = RTN_UNICAST;
    return message;
}

Message link_message() {
    Message message(RTM_NEWLINK, 0);
    message.add_header<ifinfomsg>().ifi_index = 3;
    message.put(IFLA_IFNAME, Bytes{'e', 't', 'h', '1', 0});
    return message;
}

/// An attribute of another attribute.
Bytes nested(std::uint16_t type, const Bytes& value) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + value.size()), type};
    Bytes bytes(header.nla_len);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::copy(value.begin(), value.end(), bytes.begin() + sizeof header);
    return bytes;
}

struct Malformed {
    const char* name;
    std::function<void()> parse;
};

void PrintTo(const Malformed& test, std::ostream* out) {
    *out << test.name;
}

class MalformedMessage : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedMessage, is_an_error) {
    try {
        GetParam().parse();
        FAIL() << "taken for a value";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), EBADMSG);
    }
}

void parse_address_with(std::uint16_t attribute, const Bytes& value, int family = AF_INET,
                        std::uint8_t length = 32) {
    auto message = address_message(family, length);
    message.put(attribute, value);
    parse_address(sent(message));
}

void parse_route_with(std::uint16_t attribute, const Bytes& value) {
    auto message = route_message();
    message.put(attribute, value);
    parse_route(sent(message), AF_INET);
}

void parse_link_with(std::uint16_t attribute, const Bytes& value) {
    auto message = link_message();
    message.put(attribute, value);
    parse_link(sent(message));
}

void parse_bare(std::uint16_t type) {
    const Message message(type, 0);
    parse_link(sent(message));
    parse_address(sent(message));
    parse_route(sent(message), AF_INET);
}

const Bytes kIp{10, 0, 0, 3};

void parse_address_with_protocol(const Bytes& value) {
    auto message = address_message();
    message.put(IFA_LOCAL, kIp);
    message.put(kAddressProtocol, value);
    parse_address(sent(message));
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedMessage,
    testing::Values(
        Malformed{"link_without_header", [] { parse_bare(RTM_NEWLINK); }},
        Malformed{"address_without_header", [] { parse_bare(RTM_NEWADDR); }},
        Malformed{"route_without_header", [] { parse_bare(RTM_NEWROUTE); }},
        Malformed{"address_without_address", [] { parse_address(sent(address_message())); }},
        Malformed{"address_of_three_bytes",
                  [] {
                      parse_address_with(IFA_LOCAL, {10, 0, 0});
                  }},
        Malformed{"address_of_other_family",
                  [] { parse_address_with(IFA_LOCAL, kIp, AF_INET6, 64); }},
        Malformed{"address_prefix_too_long",
                  [] { parse_address_with(IFA_LOCAL, kIp, AF_INET, 33); }},
        Malformed{"address_protocol_empty", [] { parse_address_with_protocol({}); }},
        Malformed{"route_destination_short",
                  [] {
                      parse_route_with(RTA_DST, {10, 0});
                  }},
        Malformed{"route_gateway_of_other_family",
                  [] { parse_route_with(RTA_GATEWAY, Bytes(16)); }},
        Malformed{"route_metric_short", [] { parse_route_with(RTA_PRIORITY, {5}); }},
        Malformed{"route_table_short", [] { parse_route_with(RTA_TABLE, {254}); }},
        Malformed{"route_via_short", [] { parse_route_with(RTA_VIA, {10}); }},
        Malformed{"route_via_of_odd_family",
                  [] {
                      parse_route_with(RTA_VIA, {99, 0, 10, 0, 0, 1});
                  }},
        Malformed{"link_mtu_short",
                  [] {
                      parse_link_with(IFLA_MTU, {5, 0});
                  }},
        Malformed{"link_name_without_end", [] { parse_link_with(IFLA_IFNAME, {'e'}); }}),
    name_of<Malformed>);

TEST(ParseAddress, of_a_kernel_without_the_mark_has_none) {
    auto message = address_message();
    message.put(IFA_LOCAL, kIp);
    const auto parsed = parse_address(sent(message));
    ASSERT_TRUE(parsed);
    EXPECT_FALSE(parsed->has_protocol);
    EXPECT_EQ(parsed->address, (Address{.link = 3, .prefix = prefix("10.0.0.3/32")}));
    message.put(kAddressProtocol, Bytes{72});
    EXPECT_TRUE(parse_address(sent(message))->has_protocol);
    EXPECT_EQ(parse_address(sent(message))->address.protocol, 72);
}

TEST(ParseAddress, of_another_family_is_left_out) {
    EXPECT_FALSE(parse_address(sent(address_message(AF_PHONET))));
}

TEST(ParseAddress, unknown_attributes_are_skipped) {
    auto message = address_message();
    message.put(IFA_LOCAL, kIp);
    message.put(100, Bytes{1, 2, 3});
    message.put(3000, Bytes{1, 2, 3});
    EXPECT_EQ(parse_address(sent(message))->address.prefix, prefix("10.0.0.3/32"));
}

TEST(ParseRoute, of_another_family_type_or_table_is_left_out) {
    EXPECT_TRUE(parse_route(sent(route_message()), AF_INET));
    EXPECT_FALSE(parse_route(sent(route_message()), AF_INET6))
        << "a kernel without IPv6 answers with IPv4 routes";
    auto other_table = route_message();
    other_table.put_u32(RTA_TABLE, 1000);
    EXPECT_FALSE(parse_route(sent(other_table), AF_INET)) << "an old kernel does not filter";
    EXPECT_FALSE(parse_route(sent(address_message()), AF_INET));
}

TEST(ParseLink, without_ipv6_part_counts_as_disabled) {
    EXPECT_TRUE(parse_link(sent(link_message()))->ipv6_disabled);
    auto ipv4_only = link_message();
    ipv4_only.put(IFLA_AF_SPEC, nested(AF_INET, {}));
    EXPECT_TRUE(parse_link(sent(ipv4_only))->ipv6_disabled);
}

TEST(ParseLink, reads_the_ipv6_switch_only_where_it_is) {
    Bytes settings(27 * 4);  // the switch is the number at 26
    const auto parse = [](const Bytes& values) {
        auto message = link_message();
        message.put(IFLA_AF_SPEC, nested(AF_INET6, nested(kIpv6Settings, values)));
        return parse_link(sent(message))->ipv6_disabled;
    };
    EXPECT_FALSE(parse(settings));
    settings[26 * 4] = 1;
    EXPECT_TRUE(parse(settings));
    settings.resize(26 * 4);
    EXPECT_TRUE(parse(settings)) << "not told: then IPv6 is not relied on";
}

TEST(Message, larger_than_its_buffer_is_an_error) {
    Message message(RTM_NEWLINK, 0);
    EXPECT_THROW(message.put(IFLA_IFNAME, Bytes(Message::kCapacity)), Error);
}

struct Release {
    const char* name;
    const char* release;
    bool has_protocol;
};

void PrintTo(const Release& test, std::ostream* out) {
    *out << test.name;
}

class KernelRelease : public testing::TestWithParam<Release> {};

TEST_P(KernelRelease, tells_whether_addresses_are_marked) {
    EXPECT_EQ(release_has_address_protocol(GetParam().release), GetParam().has_protocol);
}

INSTANTIATE_TEST_SUITE_P(
    All, KernelRelease,
    testing::Values(Release{"debian_12", "6.1.0-18-amd64", true}, Release{"first", "5.18.0", true},
                    Release{"last_without", "5.17.15", false},
                    Release{"ubuntu_22_04", "5.15.0-91-generic", false},
                    Release{"two_digit_minor", "5.4.0", false},
                    Release{"next_major", "10.0.1", true}, Release{"no_minor", "6", false},
                    Release{"odd", "linux", false}, Release{"empty", "", false}),
    name_of<Release>);

}  // namespace
}  // namespace hcloud::host
