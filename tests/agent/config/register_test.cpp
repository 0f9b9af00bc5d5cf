// The section `register`: what is accepted, what it means and how it is shown.
#include "agent/config/load.h"
#include "agent/config/show.h"
#include "tests/agent/config/case_name.h"

#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

using Register = Config::Register;
using std::chrono::minutes;
using std::chrono::seconds;

host::IpAddress address(const char* text) {
    return host::IpAddress::parse(text).value();
}

struct Good {
    std::string name;
    std::string yaml;
    std::function<void(Register&)> change;
};

void PrintTo(const Good& good, std::ostream* out) {
    *out << good.name;
}

class GoodRegister : public testing::TestWithParam<Good> {};

TEST_P(GoodRegister, means) {
    Config expected;
    GetParam().change(expected.registration);
    const auto config = parse_config("register: " + GetParam().yaml, "c.yaml");
    EXPECT_EQ(show_config(config), show_config(expected));
    EXPECT_EQ(config, expected);
    EXPECT_EQ(parse_config(show_config(config), "shown"), config);
}

const std::vector<Good> kGood{
    {"nothing", "", [](Register&) {}},
    {"empty_lists", "{labels: {}, firewalls: [], networks: [], load_balancers: []}",
     [](Register&) {}},
    {"labels_are_texts", "{labels: {tier: 1, on: true, 0: 1.10, example.com/x: no, none: ''}}",
     [](Register& r) {
         r.labels = {
             {"tier", "1"}, {"on", "true"}, {"0", "1.10"}, {"example.com/x", "no"}, {"none", ""}};
     }},
    {"label_in_quotes", "{labels: {'null': \"null\"}}",
     [](Register& r) {
         r.labels = {{"null", "null"}};
     }},
    {"firewalls_by_name_and_id", "{firewalls: [web, 38, 'two words', \"\\xe4\", -1]}",
     [](Register& r) {
         r.firewalls = {"web", "38", "two words", "\xc3\xa4", "-1"};
     }},
    {"networks_by_name_alone", "{networks: [backend, 4711]}",
     [](Register& r) {
         r.networks = {{"backend", {}, {}}, {"4711", {}, {}}};
     }},
    {"networks_in_full",
     "{networks: [{alias_ips: [10.0.0.3, 10.0.0.4], ip: 10.0.0.2, name: backend}, "
     "{name: 4711, ip: null, alias_ips: [172.31.255.255]}, {name: c, ip: 192.168.0.1}]}",
     [](Register& r) {
         r.networks = {{"backend", address("10.0.0.2"), {address("10.0.0.3"), address("10.0.0.4")}},
                       {"4711", {}, {address("172.31.255.255")}},
                       {"c", address("192.168.0.1"), {}}};
     }},
    {"load_balancers", "{load_balancers: [web, {name: 7, use_private_ip: yes, drain: 0s}]}",
     [](Register& r) {
         r.load_balancers = {{"web", false, seconds(10)}, {"7", true, seconds(0)}};
     }},
    {"longest_drain", "{load_balancers: [{name: a, drain: 10m}], drain_timeout: 600s}",
     [](Register& r) {
         r.load_balancers = {{"a", false, minutes(10)}};
         r.drain_timeout = minutes(10);
     }},
    {"shortest_drain_timeout", "{drain_timeout: 1s}",
     [](Register& r) { r.drain_timeout = seconds(1); }},
    {"reverse_dns", "{reverse_dns: Web-1.example.com, reverse_dns_floating_ips: true}",
     [](Register& r) {
         r.reverse_dns = "Web-1.example.com";
         r.reverse_dns_floating_ips = true;
     }},
    {"reverse_dns_not_set", "{reverse_dns: ~}", [](Register&) {}},
    {"records_that_are_aliases", "{networks: [&a {name: x}, b], load_balancers: [*a]}",
     [](Register& r) {
         r.networks = {{"x", {}, {}}, {"b", {}, {}}};
         r.load_balancers = {{"x", false, seconds(10)}};
     }},
};

INSTANTIATE_TEST_SUITE_P(shapes, GoodRegister, testing::ValuesIn(kGood), kName);

TEST(Registration, isEmptyUnlessSomethingIsToBeRegistered) {
    const auto is_empty = [](const std::string& yaml) {
        return parse_config("register: {" + yaml + "}", "c.yaml").registration.empty();
    };
    EXPECT_TRUE(is_empty(""));
    EXPECT_TRUE(is_empty("drain_timeout: 1m, reverse_dns_floating_ips: true"));
    EXPECT_FALSE(is_empty("labels: {a: b}"));
    EXPECT_FALSE(is_empty("firewalls: [a]"));
    EXPECT_FALSE(is_empty("networks: [a]"));
    EXPECT_FALSE(is_empty("load_balancers: [a]"));
    EXPECT_FALSE(is_empty("reverse_dns: a.b"));
}

TEST(Registration, isShownRecordByRecord) {
    const auto shown = show_config(parse_config(
        "register: {labels: {role: web, tier: 1}, firewalls: [web], networks: [{name: backend, "
        "alias_ips: [10.0.0.100]}], load_balancers: [{name: web, drain: 5s}, 7]}",
        "c.yaml"));
    const auto begin = shown.find("register:");
    EXPECT_EQ(shown.substr(begin, shown.find("metrics:") - begin), R"(register:
  labels:
    role: web
    tier: 1
  firewalls: [web]
  networks:
    - name: backend
      ip: null
      alias_ips: [10.0.0.100]
  load_balancers:
    - name: web
      use_private_ip: false
      drain: 5s
    - name: 7
      use_private_ip: false
      drain: 10s
  reverse_dns: null
  reverse_dns_floating_ips: false
  drain_timeout: 30s
)");
}

// A megabyte of aliases that stand for records and lists as large as itself costs no time to speak
// of: the test's time limit would tell.
TEST(Registration, ofManyAliasesIsReadInTime) {
    std::string large = "&a [";
    for (int i = 0; i < 40'000; ++i)
        large += fmt::format("10.{}.{}.1,", i / 256, i % 256);
    large += "]";
    std::string yaml = "register:\n  networks:\n    - &n {name: x, alias_ips: " + large + "}\n";
    for (int i = 0; i < 20'000; ++i)
        yaml += "    - *n\n";
    yaml += "  load_balancers:\n";
    for (int i = 0; i < 20'000; ++i)
        yaml += "    - *n\n";
    try {
        parse_config(yaml, "c.yaml");
        FAIL() << "accepted";
    } catch (const ConfigError& error) {
        EXPECT_GT(error.problems().size(), 10U);
    }
}

}  // namespace
}  // namespace hcloud::agent::test
