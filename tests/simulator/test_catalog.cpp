// What is the same in every project: locations, datacenters, types, ISOs, prices.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<std::string> names(const Outcome& outcome, const std::string& key) {
    std::vector<std::string> found;
    for (const json& item : outcome.body.at(key))
        found.push_back(item.at("name"));
    return found;
}

Project empty(const std::string& profile = "2026-11") {
    return Project("profile: " + profile);
}

TEST(Catalog, LocationsAreListedFoundByNameAndGot) {
    Project project("");
    EXPECT_THAT(names(project.get("/locations"), "locations"),
                ElementsAre("fsn1", "nbg1", "hel1", "ash", "hil", "sin"));
    EXPECT_THAT(names(project.get("/locations?name=hel1"), "locations"), ElementsAre("hel1"));
    EXPECT_EQ(project.get("/locations/4").body["location"]["network_zone"], "us-east");
    EXPECT_EQ(project.get("/locations/99").status, 404);
    EXPECT_EQ(project.get("/locations/99").code(), "not_found");
}

TEST(Catalog, DatacentersAreGoneIn2026) {
    Project project = empty("2026-11");
    for (const char* path : {"/datacenters", "/datacenters/4"}) {
        EXPECT_EQ(project.get(path).status, 410);
        EXPECT_EQ(project.get(path).code(), "deprecated_api_endpoint");
    }
}

TEST(Catalog, DatacentersWereThereIn2025) {
    Project project = empty("2025-06");
    const Outcome list = project.get("/datacenters?name=hel1-dc2");
    EXPECT_THAT(names(list, "datacenters"), ElementsAre("hel1-dc2"));
    EXPECT_EQ(list.body["recommendation"], 4);
    const json datacenter = project.get("/datacenters/3").body["datacenter"];
    EXPECT_EQ(datacenter["location"]["name"], "hel1");
    EXPECT_EQ(project.get("/datacenters/99").status, 404);
}

TEST(Catalog, ADatacenterHasWhatIsSoldThereAndNotOutOfStock) {
    Project project("profile: 2025-06\nout_of_stock: {cpx11: [ash]}");
    const json types = project.get("/datacenters/5").body["datacenter"]["server_types"];
    EXPECT_THAT(types["supported"], Contains(22)) << "cpx11";
    EXPECT_THAT(types["available"], Not(Contains(22)));
    EXPECT_THAT(types["available"], Contains(23)) << "cpx21";
    EXPECT_THAT(types["supported"], Not(Contains(104))) << "cx22, in Europe only";
    const json in_europe = project.get("/datacenters/4").body["datacenter"]["server_types"];
    EXPECT_THAT(in_europe["available"], Contains(22));
    EXPECT_THAT(in_europe["available"], Not(Contains(1))) << "cx11, withdrawn";
}

TEST(Catalog, AServerOf2025NamesItsDatacenterAndOneOf2026ItsLocation) {
    const std::string server = "\nservers: {42: {location: hel1}}";
    const json old = Project("profile: 2025-06" + server).get("/servers/42").body["server"];
    EXPECT_EQ(old["datacenter"]["name"], "hel1-dc2");
    EXPECT_EQ(old["datacenter"]["description"], "Helsinki DC 2");
    EXPECT_FALSE(old.contains("location"));
    const json now = Project("profile: 2026-11" + server).get("/servers/42").body["server"];
    EXPECT_EQ(now["location"]["name"], "hel1");
    EXPECT_FALSE(now.contains("datacenter"));
}

TEST(Catalog, ServerTypesTellPricesArchitectureAndDeprecation) {
    Project project("");
    const json cpx11 = project.get("/server_types?name=cpx11").body["server_types"][0];
    EXPECT_EQ(cpx11["description"], "CPX11");
    EXPECT_EQ(cpx11["architecture"], "x86");
    EXPECT_EQ(cpx11["deprecation"], nullptr);
    EXPECT_EQ(cpx11["prices"].size(), 6U);
    EXPECT_EQ(cpx11["prices"][0]["price_monthly"], (json{{"net", "4.3500"}, {"gross", "5.1765"}}));
    EXPECT_EQ(project.get("/server_types/45").body["server_type"]["architecture"], "arm");
    const json cx11 = project.get("/server_types/1").body["server_type"];
    EXPECT_EQ(cx11["deprecated"], true);
    EXPECT_EQ(cx11["deprecation"]["unavailable_after"], "2024-09-06T00:00:00Z");
    EXPECT_EQ(project.get("/server_types/7").status, 404);
}

TEST(Catalog, LoadBalancerTypesTellTheirLimits) {
    Project project("");
    EXPECT_THAT(names(project.get("/load_balancer_types"), "load_balancer_types"),
                ElementsAre("lb11", "lb21", "lb31"));
    const json type = project.get("/load_balancer_types/2").body["load_balancer_type"];
    EXPECT_EQ(type["max_targets"], 75);
    EXPECT_EQ(type["prices"].size(), 6U);
    EXPECT_EQ(project.get("/load_balancer_types/7").status, 404);
}

TEST(Catalog, IsosAreFilteredByArchitecture) {
    Project project("");
    EXPECT_EQ(project.get("/isos").body["isos"].size(), 5U);
    EXPECT_THAT(names(project.get("/isos?architecture=arm"), "isos"),
                ElementsAre("debian-12.5.0-arm64-netinst.iso"));
    EXPECT_THAT(
        names(project.get("/isos?architecture=arm&include_architecture_wildcard=true"), "isos"),
        ElementsAre("debian-12.5.0-arm64-netinst.iso", "virtio-win-0.1.248.iso"));
    EXPECT_EQ(project.get("/isos/122630").body["iso"]["architecture"], nullptr);
    EXPECT_EQ(project.get("/isos/7").status, 404);
}

TEST(Catalog, PricesAreThoseOfTheTypes) {
    Project project("");
    const json pricing = project.get("/pricing").body["pricing"];
    const json types = project.get("/server_types").body["server_types"];
    ASSERT_EQ(pricing["server_types"].size(), types.size());
    EXPECT_EQ(pricing["server_types"][1]["prices"], types[1]["prices"]);
    EXPECT_EQ(pricing["server_backup"]["percentage"], "20.00");
    EXPECT_EQ(pricing["primary_ips"][1]["prices"][0]["price_hourly"]["gross"], "0.0000");
}

}  // namespace
}  // namespace hcloud::sim
