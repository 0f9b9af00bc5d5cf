// Whatever the bytes: parse_config() returns or throws ConfigError, and what it accepts survives
// being shown and read back. The seed is fixed, so that a failure comes back.
#include "agent/config/load.h"
#include "agent/config/sample.h"
#include "agent/config/show.h"

#include <array>
#include <random>
#include <string_view>

#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

constexpr int kRounds = 4000;
constexpr std::array<std::string_view, 30> kTokens{
    ": ",  "- ",  "[",         "]",       "{",   "}",         ",",   "#",   "\n",   "\n  ",
    "&a ", "*a ", "<<: ",      "!t ",     "'",   "\"",        "|\n", ">\n", "? ",   "---\n",
    "~",   "off", "[1.2.3.4]", "2001::1", "99h", "%YAML 1.2", "\t",  "\\",  "\xff", "\x04"};

class Fuzz : public testing::Test {
  protected:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    void mutate(std::string& text) {
        const auto at = below(text.size() + 1);
        switch (below(5)) {
            case 0:
                text.insert(at, kTokens.at(below(kTokens.size())));
                break;
            case 1:
                text.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 2:
                text.erase(at, below(20));
                break;
            case 3:
                text.insert(at, text.substr(below(text.size() + 1), below(80)));
                break;
            default:
                text.resize(at);
                break;
        }
    }

    /// One round; true if the text was accepted.
    static bool accepts(const std::string& text) {
        Config config;
        try {
            config = parse_config(text, "fuzz");
        } catch (const ConfigError& error) {
            EXPECT_FALSE(error.problems().empty());
            for (const auto& problem : error.problems()) {
                EXPECT_FALSE(problem.text.empty()) << text;
                EXPECT_FALSE(problem.hint.empty()) << text;
                EXPECT_GE(problem.line, 0) << text;
            }
            return false;
        }
        EXPECT_EQ(parse_config(show_config(config), "shown"), config) << text;
        return true;
    }

    std::mt19937 random_{20240607};  // NOLINT(cert-msc51-cpp): the same every time
};

TEST_F(Fuzz, randomBytes) {
    int accepted = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::string text(below(60), '\0');
        for (auto& c : text)
            c = static_cast<char>(below(256));
        accepted += accepts(text) ? 1 : 0;
    }
    EXPECT_LT(accepted, kRounds);
}

TEST_F(Fuzz, yamlTokens) {
    for (int round = 0; round < kRounds; ++round) {
        constexpr std::array<std::string_view, 4> kBeginnings{
            "api:", "network: {floating_ips: ", "register: {networks: ", "register: {labels: {"};
        std::string text(kBeginnings.at(below(kBeginnings.size())));
        for (auto count = below(25); count > 0; --count)
            text += kTokens.at(below(kTokens.size()));
        accepts(text);
    }
}

Config::Register full_registration() {
    Config::Register registration;
    registration.labels = {{"example.com/role", "web"}, {"tier", "1"}};
    registration.firewalls = {"web", "4711"};
    registration.networks = {{"backend",
                              host::IpAddress::parse("10.0.0.2"),
                              {host::IpAddress::parse("10.0.0.100").value()}},
                             {"4711", std::nullopt, {}}};
    registration.load_balancers = {{"web", true, std::chrono::seconds(20)}};
    registration.reverse_dns = "web1.example.com";
    return registration;
}

// Every key set, so that mutations hit values as well as structure; some must still be accepted.
TEST_F(Fuzz, mutationsOfAFullConfiguration) {
    Config config;
    config.api.token_file = "/etc/token";
    config.network.floating_ips = std::vector{host::Prefix::parse("203.0.113.5").value(),
                                              host::Prefix::parse("2001:db8::1/64").value()};
    config.registration = full_registration();
    const auto full = show_config(config);
    int accepted = 0;
    for (int round = 0; round < kRounds; ++round) {
        auto text = full;
        for (auto count = 1 + below(4); count > 0; --count)
            mutate(text);
        accepted += accepts(text) ? 1 : 0;
    }
    EXPECT_GT(accepted, kRounds / 100);
    EXPECT_LT(accepted, kRounds);
}

TEST_F(Fuzz, mutationsOfTheSample) {
    const auto sample = sample_config();
    int accepted = 0;
    for (int round = 0; round < kRounds / 4; ++round) {
        auto text = sample;
        for (auto count = 1 + below(10); count > 0; --count)
            mutate(text);
        accepted += accepts(text) ? 1 : 0;
    }
    EXPECT_GT(accepted, 0);
}

// A file that was cut off, at each place.
TEST_F(Fuzz, everyPrefixOfAFullConfiguration) {
    Config config;
    config.registration = full_registration();
    const auto full = show_config(config);
    for (std::size_t size = 0; size <= full.size(); ++size)
        accepts(full.substr(0, size));
}

}  // namespace
}  // namespace hcloud::agent
