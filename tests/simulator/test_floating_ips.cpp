// Floating IPs: create, update, delete, protect, reverse DNS. Assigning: test_api.cpp.
#include "tests/simulator/address_pool.h"
#include "tests/simulator/test_project.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

State profile_2025() {
    State state = test::two_servers();
    state.profile = Profile::of_2025_06;
    return state;
}

class FloatingIps : public testing::Test {
  protected:
    Project project_{test::two_servers()};
};

TEST_F(FloatingIps, AreCreatedInALocationByNameOrId) {
    for (const char* location : {"hel1", "3"}) {
        const Outcome made =
            project_.post("/floating_ips", {{"type", "ipv4"}, {"home_location", location}});
        ASSERT_EQ(made.status, 201) << made.body;
        EXPECT_FALSE(made.body.contains("action"));
        EXPECT_EQ(made.body["floating_ip"]["home_location"]["name"], "hel1");
        EXPECT_EQ(made.body["floating_ip"]["server"], nullptr);
        EXPECT_EQ(made.body["floating_ip"]["created"], "2026-11-23T12:00:00Z");
    }
}

TEST_F(FloatingIps, GetAddressesThatNobodyHasHad) {
    State state = test::two_servers();
    state.floating_ips.at(478).ip = "198.51.100.1";
    state.floating_ips.at(478).server = std::nullopt;
    state.floating_ips.at(479).ip = "2001:0db8:0001::/64";
    Project project(state);
    EXPECT_EQ(project.call("DELETE", "/floating_ips/478").status, 204);
    const auto address = [&](const char* type) {
        const Outcome made =
            project.post("/floating_ips", {{"type", type}, {"home_location", "fsn1"}});
        return made.body["floating_ip"]["ip"];
    };
    EXPECT_EQ(address("ipv4"), "198.51.100.2");
    EXPECT_EQ(address("ipv4"), "198.51.100.3");
    EXPECT_EQ(address("ipv6"), "2001:db8:2::/64");
}

constexpr int kAllIpv4 = (2 + 2 * 256) * 254;

TEST(AddressPool, GivesAnAddressAgainWhenAllHaveBeenGiven) {
    State state = test::two_servers();
    state.floating_ips.at(478).ip = "198.51.100.1";
    AddressPool pool;
    pool.avoid(state);
    std::set<std::string> given;
    while (auto address = pool.next("ipv4", state)) {
        if (!given.insert(*address).second) break;
    }
    EXPECT_EQ(given.size(), kAllIpv4 - 2);
    EXPECT_EQ(given.count("198.51.100.1"), 0U);
    EXPECT_EQ(given.count(*public_ip_of(state, 42, "ipv4")), 0U);
}

TEST(AddressPool, HasNoneLeftWhenAllAreInUse) {
    State state;
    AddressPool pool;
    for (int i = 1; i <= kAllIpv4; ++i) {
        state.floating_ips[i].name = std::to_string(i);
        state.floating_ips[i].ip = *pool.next("ipv4", state);
    }
    Project project(state);
    const Outcome refused =
        project.post("/floating_ips", {{"type", "ipv4"}, {"home_location", "fsn1"}});
    EXPECT_EQ(refused.status, 412);
    EXPECT_EQ(refused.code(), "resource_unavailable");
}

TEST_F(FloatingIps, ForAServerAreAssignedAtOnce) {
    const Outcome made =
        project_.post("/floating_ips", {{"type", "ipv6"}, {"server", 43}, {"name", "new"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string path = "/floating_ips/" + made.body["floating_ip"]["id"].dump();
    EXPECT_EQ(made.body["action"]["command"], "create_floating_ip");
    EXPECT_EQ(made.body["floating_ip"]["home_location"]["name"], "hel1");
    EXPECT_EQ(made.body["floating_ip"]["server"], 43);
    EXPECT_EQ(project_.post("/floating_ips", {{"type", "ipv6"}, {"server", 43}}).code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(project_.get(path).body["floating_ip"]["server"], 43);
}

TEST_F(FloatingIps, ForAServerAreUnassignedIfTheActionFails) {
    project_.patch_state(
        {{"failing_actions", {{"create_floating_ip", {{"code", "unknown_error"}}}}}});
    const Outcome made = project_.complete("/floating_ips", {{"type", "ipv6"}, {"server", 43}});
    const std::string path = "/floating_ips/" + made.body["floating_ip"]["id"].dump();
    EXPECT_EQ(project_.get(path).body["floating_ip"]["server"], nullptr);
}

TEST_F(FloatingIps, WithoutNameGetOne) {
    const Outcome made =
        project_.post("/floating_ips", {{"type", "ipv6"}, {"home_location", "fsn1"}});
    const json floating = made.body["floating_ip"];
    EXPECT_EQ(floating["name"], "floating_ip-" + floating["id"].dump());
}

TEST_F(FloatingIps, AreNotCreatedFromBadFields) {
    const auto fields = [&](const json& body) {
        const Outcome refused = project_.post("/floating_ips", body);
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.code(), "invalid_input");
        return refused.fields();
    };
    EXPECT_THAT(fields(json::object()), ElementsAre("type", "home_location"));
    EXPECT_THAT(fields({{"type", "ipv5"}, {"home_location", "mars"}}),
                ElementsAre("type", "home_location"));
    EXPECT_THAT(fields({{"type", "ipv4"}, {"home_location", "fsn1"}, {"server", 42}}),
                ElementsAre("home_location"));
    EXPECT_THAT(fields({{"type", "ipv4"}, {"home_location", "fsn1"}, {"labels", {{"-", "x"}}}}),
                ElementsAre("labels"));
    EXPECT_EQ(project_.post("/floating_ips", {{"type", "ipv4"}, {"server", 99}}).status, 404);
    EXPECT_EQ(project_.state().floating_ips.size(), 2U);
}

TEST_F(FloatingIps, HaveUniqueNamesAndALimit) {
    const Outcome taken = project_.post(
        "/floating_ips", {{"type", "ipv4"}, {"home_location", "fsn1"}, {"name", "vip"}});
    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(taken.code(), "uniqueness_error");
    EXPECT_THAT(taken.fields(), ElementsAre("name"));
    State state = test::two_servers();
    state.limits["floating_ips"] = 2;
    const Outcome full =
        Project(state).post("/floating_ips", {{"type", "ipv4"}, {"home_location", "fsn1"}});
    EXPECT_EQ(full.status, 403);
    EXPECT_EQ(full.code(), "resource_limit_exceeded");
    EXPECT_EQ(full.body["error"]["details"]["limits"][0]["name"], "floating_ips_limit");
}

TEST_F(FloatingIps, AreUpdated) {
    const Outcome changed =
        project_.call("PUT", "/floating_ips/479",
                      {{"name", "six"}, {"description", "a network"}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(changed.status, 200);
    const FloatingIp floating = project_.state().floating_ips.at(479);
    EXPECT_EQ(floating.name, "six");
    EXPECT_EQ(floating.description, "a network");
    EXPECT_EQ(floating.labels, (Labels{{"a", "b"}}));
    EXPECT_EQ(project_.call("PUT", "/floating_ips/479", {{"name", "vip"}}).status, 409);
}

TEST_F(FloatingIps, ThatAreAssignedMustBeUnassignedBeforeTheyAreDeleted) {
    const Outcome refused = project_.call("DELETE", "/floating_ips/478");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "must_be_unassigned");
    project_.complete("/floating_ips/478/actions/unassign");
    EXPECT_EQ(project_.call("DELETE", "/floating_ips/478").status, 204);
    EXPECT_EQ(project_.get("/floating_ips/478").status, 404);
}

TEST_F(FloatingIps, OfAnotherServerMoveOrAreRefusedAsTheSwitchSays) {
    EXPECT_EQ(project_.post("/floating_ips/478/actions/assign", {{"server", 43}}).status, 201);
    Project refusing(
        "servers: {42: {}, 43: {}}\nswitches: {assign_to_other: floating_ip_assigned}\n"
        "floating_ips: {478: {ip: 203.0.113.77, server: 42}, 479: {ip: 203.0.113.78}}");
    EXPECT_EQ(refusing.post("/floating_ips/478/actions/assign", {{"server", 43}}).code(),
              "floating_ip_assigned");
    EXPECT_EQ(refusing.post("/floating_ips/479/actions/assign", {{"server", 43}}).status, 201);
}

TEST_F(FloatingIps, MovedToTheServerThatHadThemIn2025) {
    Project project(profile_2025());
    EXPECT_EQ(project.post("/floating_ips/478/actions/assign", {{"server", 42}}).status, 201);
}

TEST_F(FloatingIps, AreLockedWhileTheyMoveWhateverIsAsked) {
    project_.post("/floating_ips/479/actions/assign", {{"server", 42}});
    EXPECT_EQ(project_.post("/floating_ips/479/actions/unassign").code(), "locked");
    EXPECT_EQ(project_.post("/floating_ips/479/actions/assign", {{"server", 43}}).code(), "locked");
}

TEST_F(FloatingIps, ThatAreAssignedWereDeletedIn2025) {
    Project project(profile_2025());
    EXPECT_EQ(project.call("DELETE", "/floating_ips/478").status, 204);
    EXPECT_EQ(project.get("/servers/42").body["server"]["public_net"]["floating_ips"],
              json::array());
}

TEST_F(FloatingIps, AreNotDeletedWhileTheyAreProtectedOrLocked) {
    EXPECT_THAT(
        project_.post("/floating_ips/479/actions/change_protection", json::object()).fields(),
        ElementsAre("delete"));
    project_.complete("/floating_ips/479/actions/change_protection", {{"delete", true}});
    const Outcome refused = project_.call("DELETE", "/floating_ips/479");
    EXPECT_EQ(refused.status, 423);
    EXPECT_EQ(refused.code(), "protected");
    EXPECT_EQ(refused.message(), "Floating IP deletion is protected");
    project_.complete("/floating_ips/479/actions/change_protection", {{"delete", false}});
    project_.post("/floating_ips/479/actions/assign", {{"server", 42}});
    EXPECT_EQ(project_.call("DELETE", "/floating_ips/479").code(), "locked");
}

json dns_ptr(Project& project, const std::string& path) {
    return project.get(path).body["floating_ip"]["dns_ptr"];
}

TEST_F(FloatingIps, Ipv4HasOneNameThatCanBeReset) {
    const std::string path = "/floating_ips/478";
    const json standard = dns_ptr(project_, path);
    EXPECT_EQ(standard[0]["dns_ptr"], "static.77.113.0.203.clients.your-server.de");
    project_.complete(path + "/actions/change_dns_ptr",
                      {{"ip", "203.0.113.77"}, {"dns_ptr", "vip.example.com"}});
    EXPECT_EQ(dns_ptr(project_, path),
              json::parse(R"([{"ip": "203.0.113.77", "dns_ptr": "vip.example.com"}])"));
    project_.complete(path + "/actions/change_dns_ptr",
                      {{"ip", "203.0.113.77"}, {"dns_ptr", nullptr}});
    EXPECT_EQ(dns_ptr(project_, path), standard);
}

TEST_F(FloatingIps, Ipv6HasANameForEachAddressThatWasGivenOne) {
    const std::string path = "/floating_ips/479";
    EXPECT_EQ(dns_ptr(project_, path), json::array());
    for (const char* ip : {"2001:db8:77::1", "2001:DB8:77:0::1", "2001:db8:77::2"}) {
        project_.complete(path + "/actions/change_dns_ptr", {{"ip", ip}, {"dns_ptr", "a.example"}});
    }
    EXPECT_EQ(dns_ptr(project_, path).size(), 2U) << "two ways to write one address";
    project_.complete(path + "/actions/change_dns_ptr",
                      {{"ip", "2001:db8:77::1"}, {"dns_ptr", nullptr}});
    EXPECT_EQ(dns_ptr(project_, path),
              json::parse(R"([{"ip": "2001:db8:77::2", "dns_ptr": "a.example"}])"));
}

TEST_F(FloatingIps, RefuseBadNamesAndForeignAddresses) {
    const auto fields = [&](const json& body) {
        return project_.post("/floating_ips/479/actions/change_dns_ptr", body).fields();
    };
    EXPECT_THAT(fields(json::object()), ElementsAre("ip", "dns_ptr"));
    EXPECT_THAT(fields({{"ip", "2001:db8:78::1"}, {"dns_ptr", "a.example"}}), ElementsAre("ip"));
    EXPECT_THAT(fields({{"ip", "203.0.113.77"}, {"dns_ptr", "a.example"}}), ElementsAre("ip"));
    EXPECT_THAT(fields({{"ip", "2001:db8:77::1"}, {"dns_ptr", "not a name"}}),
                ElementsAre("dns_ptr"));
}

TEST_F(FloatingIps, HaveAtMostAHundredNames) {
    State state = test::two_servers();
    for (int i = 0; i < 100; ++i)
        state.floating_ips.at(479).dns_ptr["2001:db8:77::" + std::to_string(i + 1)] = "a.example";
    Project project(state);
    const std::string path = "/floating_ips/479/actions/change_dns_ptr";
    const Outcome full =
        project.post(path, {{"ip", "2001:db8:77::abcd"}, {"dns_ptr", "b.example"}});
    EXPECT_EQ(full.status, 403);
    EXPECT_EQ(full.code(), "resource_limit_exceeded");
    EXPECT_EQ(project.post(path, {{"ip", "2001:db8:77::1"}, {"dns_ptr", "b.example"}}).status, 201);
}

TEST_F(FloatingIps, AreSortedByIdAndCreatedOnly) {
    EXPECT_EQ(project_.get("/floating_ips?sort=id:desc").body["floating_ips"][0]["id"], 479);
    EXPECT_EQ(project_.get("/floating_ips?sort=created").status, 200);
    EXPECT_EQ(project_.get("/floating_ips?sort=name").code(), "invalid_input");
    EXPECT_EQ(project_.get("/floating_ips?label_selector=role").body["floating_ips"].size(), 1U);
}

}  // namespace
}  // namespace hcloud::sim
