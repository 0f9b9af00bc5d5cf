// Requests of clients that die while they send.
#include "tests/simulator/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

TEST(HalfARequest, IsNotCarriedOut) {
    test::Cloud cloud;
    const std::string head =
        "PUT /v1/servers/43 HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer writer\r\n";
    const std::string body = R"({"name":"cut"})";
    auto client =
        test::RawClient::sending(cloud.port(), head + "Content-Length: 100\r\n\r\n" + body);
    EXPECT_THAT(client.read_all(), testing::StartsWith("HTTP/1.1 400"));
    EXPECT_EQ(cloud.get("/v1/servers/43").json()["server"]["name"], "web2");
    EXPECT_EQ(cloud.requests()[0]["status"], 400);
}

TEST(HalfARequest, WithAPathThatIsNoneIsLogged) {
    test::Cloud cloud;
    auto client = test::RawClient::sending(cloud.port(), "GET /%zz HTTP/1.1\r\nHost: sim\r\n\r\n");
    EXPECT_THAT(client.read_all(), testing::StartsWith("HTTP/1.1 400"));
    EXPECT_EQ(cloud.requests()[0]["path"], "/%zz");
}

}  // namespace
}  // namespace hcloud::sim
