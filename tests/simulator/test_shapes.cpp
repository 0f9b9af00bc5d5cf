// The API's answers have the keys and JSON types of the reference's response samples (fixtures/).
// Where they differ on purpose, kDeviations says why; one that no longer occurs fails the test too.
#include "tests/simulator/test_support.h"

#include <fstream>
#include <set>

#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;

struct Deviation {
    const char* where;  // list items have no number
    const char* difference;
    const char* reason;
};

const std::vector<Deviation> kDeviations{
    // The reference is of 2025.
    {"server.datacenter", "missing", "removed from the API on 2026-07-01"},
    {"server.location", "extra", "in the API since 2025-12-16"},
    // The sample shows one of everything.
    {"server.backup_window", "null", "no backups"},
    {"server.image.created_from", "null", "a system image is made from no server"},
    {"server.image.deprecated", "null", "not deprecated"},
    {"server.image.image_size", "null", "system images have none"},
    {"server.iso", "null", "no ISO attached"},
    {"server.placement_group", "null", "in no placement group"},
    {"server.server_type.deprecation", "null", "not deprecated"},
    {"server.public_net.firewalls", "empty", "firewalls are not simulated yet"},
    {"server.public_net.ipv6.dns_ptr", "empty", "no reverse DNS set"},
    {"server.load_balancers", "empty", "load balancers are not simulated yet"},
    {"server.volumes", "empty", "volumes are not simulated yet"},
    {"network.load_balancers", "empty", "load balancers are not simulated yet"},
    {"network.routes", "empty", "routes are not simulated yet"},
    {"network.subnets.vswitch_id", "null", "no vSwitch"},
    {"action.error", "null", "the sample's error beside success is an artefact of the reference"},
};

const char* type_of(const json& value) {
    return value.is_number() ? "number" : value.type_name();
}

/// "path: difference" for each place in which `actual` is not shaped like `sample`.
void compare(const json& sample, const json& actual, const std::string& path,
             std::set<std::string>& found) {
    if (std::string(type_of(sample)) != type_of(actual)) {
        found.insert(path + ": " + (actual.is_null() ? "null" : type_of(actual)));
    } else if (sample.is_array()) {
        if (actual.empty() && !sample.empty()) found.insert(path + ": empty");
        for (const json& item : actual)
            compare(sample.at(0), item, path, found);
    } else if (sample.is_object() && path.find(".labels") == std::string::npos) {
        for (const auto& [key, value] : sample.items()) {
            const std::string place = path + "." + key;
            if (!actual.contains(key)) {
                found.insert(place + ": missing");
            } else {
                compare(value, actual[key], place, found);
            }
        }
        for (const auto& [key, value] : actual.items()) {
            if (!sample.contains(key)) found.insert(path + "." + key + ": extra");
        }
    }
}

std::set<std::string> deviations_of(const std::string& root) {
    std::set<std::string> expected;
    for (const Deviation& deviation : kDeviations) {
        const std::string where = deviation.where;
        if (where.rfind(root + ".", 0) == 0) expected.insert(where + ": " + deviation.difference);
    }
    return expected;
}

json fixture(const std::string& name) {
    const std::string path = std::string(HCLOUD_FIXTURES) + "/" + name + ".json";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("no fixture " + path);
    return json::parse(file);
}

struct Shape {
    const char* name;
    const char* fixture;
    const char* path;
    const char* key;   // of the resource in both documents
    const char* root;  // its name in kDeviations
};

void PrintTo(const Shape& test, std::ostream* out) {
    *out << test.name;
}

class ApiShape : public testing::TestWithParam<Shape> {};

TEST_P(ApiShape, IsThatOfTheReference) {
    const Shape& shape = GetParam();
    test::Cloud cloud;
    ASSERT_EQ(cloud.call("POST", "/v1/floating_ips/479/actions/assign", R"({"server":42})").status,
              201);
    cloud.clock().tick(std::chrono::seconds(1));
    const test::Reply reply = cloud.get(shape.path);
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    std::set<std::string> found;
    const json sample = fixture(shape.fixture);
    const json answer = reply.json();
    compare(sample.at(shape.key), answer.at(shape.key), shape.root, found);
    EXPECT_EQ(found, deviations_of(shape.root));
    EXPECT_EQ(sample.contains("meta"), answer.contains("meta"));
    if (sample.contains("meta")) {
        for (const auto& [key, value] : sample["meta"]["pagination"].items()) {
            EXPECT_TRUE(answer["meta"]["pagination"].contains(key)) << key;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Endpoints, ApiShape,
    testing::Values(
        Shape{"Server", "server", "/v1/servers/42", "server", "server"},
        Shape{"Servers", "servers", "/v1/servers?name=web1", "servers", "server"},
        Shape{"FloatingIp", "floating_ip", "/v1/floating_ips/478", "floating_ip", "floating_ip"},
        Shape{"FloatingIps", "floating_ips", "/v1/floating_ips?name=vip", "floating_ips",
              "floating_ip"},
        Shape{"Network", "network", "/v1/networks/4711", "network", "network"},
        Shape{"Action", "action", "/v1/actions/1", "action", "action"},
        Shape{"FloatingIpActions", "actions", "/v1/floating_ips/479/actions", "actions", "action"},
        Shape{"ServerActions", "actions", "/v1/servers/42/actions", "actions", "action"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hcloud::sim
