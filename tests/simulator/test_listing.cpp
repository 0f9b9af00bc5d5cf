// Lists of the API: pages, the Link header, filters, order.
#include "tests/simulator/test_support.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;

State many_servers(int count) {
    State state;
    for (Id id = 1; id <= count; ++id) {
        Server server;
        server.name = "s" + std::to_string(id);
        server.location = "fsn1";
        state.servers[id] = server;
    }
    return state;
}

std::vector<Id> ids(const test::Reply& reply) {
    const json answer = reply.json();
    std::vector<Id> found;
    for (const json& server : answer["servers"])
        found.push_back(server["id"]);
    return found;
}

TEST(Pages, AreTwentyFiveLongUnlessAskedOtherwise) {
    test::Cloud cloud(many_servers(60));
    EXPECT_EQ(ids(cloud.get("/v1/servers")).size(), 25U);
    EXPECT_EQ(ids(cloud.get("/v1/servers?per_page=50")).size(), 50U);
    EXPECT_EQ(ids(cloud.get("/v1/servers?per_page=1000")).size(), 50U) << "that is the maximum";
    EXPECT_EQ(ids(cloud.get("/v1/servers?page=3")).size(), 10U);
    EXPECT_EQ(ids(cloud.get("/v1/servers?page=4")).size(), 0U);
    EXPECT_EQ(ids(cloud.get("/v1/servers?page=9223372036854775807")).size(), 0U);
}

TEST(Pages, TellWhereTheyAre) {
    test::Cloud cloud(many_servers(5));
    const test::Reply reply = cloud.get("/v1/servers?page=2&per_page=2");
    EXPECT_THAT(ids(reply), testing::ElementsAre(3, 4));
    EXPECT_EQ(reply.json()["meta"]["pagination"],
              json::parse(R"({"page":2,"per_page":2,"previous_page":1,"next_page":3,"last_page":3,
                              "total_entries":5})"));
    const std::string base =
        "<http://127.0.0.1:" + std::to_string(cloud.port()) + "/v1/servers?page=";
    EXPECT_EQ(reply.header("Link"), base + "1&per_page=2>; rel=\"prev\", " + base +
                                        "3&per_page=2>; rel=\"next\", " + base +
                                        "3&per_page=2>; rel=\"last\"");
}

TEST(Pages, OfNothingAreOnePage) {
    test::Cloud cloud{State()};
    const json answer = cloud.get("/v1/servers").json();
    EXPECT_EQ(answer["servers"], json::array());
    EXPECT_EQ(answer["meta"]["pagination"],
              json::parse(R"({"page":1,"per_page":25,"previous_page":null,"next_page":null,
                              "last_page":1,"total_entries":0})"));
}

TEST(Pages, FollowingNextSeesEachServerOnce) {
    test::Cloud cloud(many_servers(60));
    std::vector<Id> seen;
    json next = 1;
    while (!next.is_null()) {
        const test::Reply reply = cloud.get("/v1/servers?page=" + next.dump());
        for (const Id id : ids(reply))
            seen.push_back(id);
        next = reply.json()["meta"]["pagination"]["next_page"];
    }
    ASSERT_EQ(seen.size(), 60U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Filters, ByNameAndStatus) {
    test::Cloud cloud(many_servers(3));
    EXPECT_THAT(ids(cloud.get("/v1/servers?name=s2")), testing::ElementsAre(2));
    EXPECT_THAT(ids(cloud.get("/v1/servers?name=s")), testing::IsEmpty());
    EXPECT_THAT(ids(cloud.get("/v1/servers?status=off")), testing::IsEmpty());
    EXPECT_THAT(ids(cloud.get("/v1/servers?status=off&status=running")), testing::SizeIs(3));
    EXPECT_THAT(cloud.get("/v1/servers?name=s2&per_page=1").header("Link"),
                testing::HasSubstr("/v1/servers?name=s2&page=1&per_page=1"));
}

TEST(Pages, LinkToWhateverTheClientCallsThem) {
    test::Cloud cloud(many_servers(1));
    auto client = test::RawClient::sending(
        cloud.port(),
        "GET /v1/servers HTTP/1.1\r\nHost: a:b\r\nAuthorization: Bearer writer\r\n\r\n");
    EXPECT_THAT(client.read_all(), testing::HasSubstr("Link: <http://a:b/v1/servers?page=1"));
}

TEST(Filters, ActionsById) {
    test::Cloud cloud;
    cloud.call("POST", "/v1/floating_ips/479/actions/assign", R"({"server":43})");
    const auto found = [&](const std::string& id) {
        return cloud.get("/v1/floating_ips/actions?id=" + id).json()["actions"].size();
    };
    EXPECT_EQ(found("1"), 1U);
    EXPECT_EQ(found("2"), 0U);
}

TEST(Filters, OrderIsAscendingUnlessAskedOtherwise) {
    test::Cloud cloud(many_servers(10));
    EXPECT_EQ(ids(cloud.get("/v1/servers?sort=name"))[1], 10);
    EXPECT_EQ(ids(cloud.get("/v1/servers?sort=id:desc"))[0], 10);
    EXPECT_EQ(ids(cloud.get("/v1/servers?sort=created&sort=id:desc"))[0], 10);
}

class BadQuery : public testing::TestWithParam<const char*> {};

TEST_P(BadQuery, IsInvalidInput) {
    test::Cloud cloud(many_servers(1));
    const test::Reply reply = cloud.get(std::string("/v1/servers?") + GetParam());
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json()["error"]["code"], "invalid_input");
    EXPECT_TRUE(reply.json()["error"]["details"]["fields"][0]["messages"][0].is_string());
}

INSTANTIATE_TEST_SUITE_P(Cases, BadQuery,
                         testing::Values("page=0", "page=x", "per_page=-1", "per_page=",
                                         "sort=labels", "sort=id:up", "label_selector=a%20in"));

}  // namespace
}  // namespace hcloud::sim
