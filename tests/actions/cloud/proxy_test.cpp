// Which proxy a host is reached through: the URL, and curl's grammar of exceptions.
#include "actions/cloud/proxy.h"

#include <cstdlib>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kUrl = "http://proxy.example:3128";

struct Exception {
    std::string no_proxy;
    std::string host;
    bool direct;
};

void PrintTo(const Exception& exception, std::ostream* out) {
    *out << "'" << exception.no_proxy << "' " << exception.host;
}

class NoProxy : public testing::TestWithParam<Exception> {};

TEST_P(NoProxy, DecidesByHost) {
    const auto& [no_proxy, host, direct] = GetParam();
    EXPECT_EQ(!proxy_for(host, {kUrl, no_proxy}), direct);
}

INSTANTIATE_TEST_SUITE_P(
    Names, NoProxy,
    testing::Values(Exception{"", "api.hetzner.cloud", false},
                    Exception{"*", "api.hetzner.cloud", true},
                    Exception{"a, *", "api.hetzner.cloud", true},
                    Exception{"api.hetzner.cloud", "api.hetzner.cloud", true},
                    Exception{"API.Hetzner.Cloud", "api.hetzner.cloud", true},
                    Exception{"api.hetzner.cloud", "API.hetzner.cloud.", true},
                    Exception{"hetzner.cloud", "api.hetzner.cloud", true},
                    Exception{".hetzner.cloud", "api.hetzner.cloud", true},
                    Exception{".hetzner.cloud", "hetzner.cloud", true},
                    Exception{"hetzner.cloud.", "api.hetzner.cloud", true},
                    Exception{"tzner.cloud", "api.hetzner.cloud", false},
                    Exception{"api.hetzner.cloud", "hetzner.cloud", false},
                    Exception{"*.hetzner.cloud", "api.hetzner.cloud", false},
                    Exception{"localhost,hetzner.cloud", "api.hetzner.cloud", true},
                    Exception{"localhost hetzner.cloud\t", "api.hetzner.cloud", true},
                    Exception{" , ,", "api.hetzner.cloud", false},
                    Exception{".", "api.hetzner.cloud", false}));

INSTANTIATE_TEST_SUITE_P(Addresses, NoProxy,
                         testing::Values(Exception{"10.0.0.1", "10.0.0.1", true},
                                         Exception{"0.0.1", "10.0.0.1", false},
                                         Exception{"10.0.0.0/8", "10.200.3.4", true},
                                         Exception{"10.0.0.0/8", "11.0.0.1", false},
                                         Exception{"10.1.2.3/31", "10.1.2.2", true},
                                         Exception{"0.0.0.0/0", "10.1.2.2", true},
                                         Exception{"10.0.0.0/33", "10.0.0.0", false},
                                         Exception{"10.0.0.0/x", "10.0.0.0", false},
                                         Exception{"10.0.0.0/", "10.0.0.0", false},
                                         Exception{"2001:db8::1", "2001:db8:0::1", true},
                                         Exception{"[2001:db8::1]", "2001:db8::1", true},
                                         Exception{"2001:db8::/32", "2001:db8:5::1", true},
                                         Exception{"2001:db8::/32", "2001:db9::1", false},
                                         Exception{"2001:db8::/32", "10.0.0.1", false},
                                         Exception{"10.0.0.0/8", "api.hetzner.cloud", false}));

TEST(Proxy, IsWhereItsUrlSays) {
    const auto proxy = proxy_for("host", {kUrl, ""});
    ASSERT_TRUE(proxy);
    EXPECT_EQ(proxy->host, "proxy.example");
    EXPECT_EQ(proxy->port, 3128);
    EXPECT_EQ(proxy->authorization, "");
    EXPECT_EQ(proxy_for("host", {"http://proxy.example", ""})->port, 80);
    EXPECT_EQ(proxy_for("host", {"10.0.0.1:3128", ""})->port, 3128) << "curl does without http://";
    EXPECT_FALSE(proxy_for("host", {"", ""}));
}

TEST(Proxy, KnowsItsUser) {
    const auto proxy = proxy_for("host", {"http://us%40er:p%3A%20ss@proxy.example/", ""});
    EXPECT_EQ(proxy->authorization, "Basic dXNAZXI6cDogc3M=");  // us@er:p: ss
    EXPECT_EQ(proxy->password, "p: ss");
    const std::string longer(80, 'x');
    EXPECT_THAT(proxy_for("host", {"http://u:" + longer + "@p/", ""})->authorization,
                Not(HasSubstr("\n")));
    EXPECT_EQ(proxy_for("host", {"http://user@p/", ""})->authorization, "Basic dXNlcjo=");
}

class UnusableProxy : public testing::TestWithParam<std::string> {};

TEST_P(UnusableProxy, IsNamedWithoutItsSecrets) {
    try {
        proxy_for("host", {GetParam(), ""});
        FAIL() << "was accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), HasSubstr("HTTPS_PROXY"));
        EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
        EXPECT_THAT(error.what(), Not(HasSubstr("user")));
    }
}

INSTANTIATE_TEST_SUITE_P(Urls, UnusableProxy,
                         testing::Values("https://user:s3cret@proxy",
                                         "socks5://user:s3cret@proxy:1", "http://user:s3cret@:80",
                                         "http://user:s3cret@proxy:x", "http://", "://",
                                         "http://proxy:0"));

TEST(Proxy, IsNotLookedAtForAnExceptedHost) {
    EXPECT_FALSE(proxy_for("host", {"nonsense://", "host"}));
}

/// The environment as it was, afterwards.
class ProxyEnvironment : public testing::Test {
  protected:
    void SetUp() override { TearDown(); }
    void TearDown() override {
        for (const char* name : {"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"})
            unsetenv(name);
    }
};

TEST_F(ProxyEnvironment, PrefersTheLowerCaseAsCurlDoes) {
    EXPECT_EQ(proxy_from_environment().url, "");
    setenv("HTTPS_PROXY", "http://upper", 1);
    setenv("NO_PROXY", "upper", 1);
    EXPECT_EQ(proxy_from_environment().url, "http://upper");
    EXPECT_EQ(proxy_from_environment().no_proxy, "upper");
    setenv("https_proxy", "http://lower", 1);
    setenv("no_proxy", "lower", 1);
    EXPECT_EQ(proxy_from_environment().url, "http://lower");
    EXPECT_EQ(proxy_from_environment().no_proxy, "lower");
    setenv("https_proxy", "", 1);
    EXPECT_EQ(proxy_from_environment().url, "http://upper") << "empty is not set";
}

}  // namespace
}  // namespace hcloud::cloud
