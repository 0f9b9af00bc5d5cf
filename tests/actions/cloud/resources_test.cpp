// Servers and floating IPs: what is read, and which answers are refused rather than guessed at. A
// floating IP that seems not to be assigned would be taken off the host, so "missing" must never
// read as "none".
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/servers.h"
#include "tests/lab/scripted_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::cloud {
namespace {

using lab::answer;
using lab::http;
using lab::ScriptedServer;
using nlohmann::json;
using testing::HasSubstr;

json real_server() {
    return json::parse(R"({"server": {
        "id": 42, "name": "my-server", "status": "running", "location": {"name": "hel1"}, "labels": {},
        "public_net": {"ipv4": null, "ipv6": null, "floating_ips": [478, 4503599627370495],
                       "firewalls": []},
        "private_net": [{"network": 4711, "ip": "10.0.0.2", "alias_ips": []}]}})");
}

json real_floating_ip() {
    return json::parse(R"({"floating_ip": {
        "id": 478, "name": "web-vip", "description": null, "ip": "131.232.99.1", "type": "ipv4",
        "server": 42, "dns_ptr": [], "blocked": false, "home_location": {"name": "hel1"}}})");
}

/// The document with `value` at `pointer`; without it if the value is "remove".
json changed(json document, const std::string& pointer, const json& value) {
    if (value == "remove") {
        const json::json_pointer at(pointer);
        document.at(at.parent_pointer()).erase(at.back());
    } else {
        document[json::json_pointer(pointer)] = value;
    }
    return document;
}

template <typename Call>
auto asking(const json& document, Call call) {
    ScriptedServer server({answer(http(document.dump()))});
    ClientOptions options;
    options.endpoint = server.url("/v1");
    Client client(options, Token("t"));
    return call(client);
}

Server server_from(const json& document) {
    return asking(document, [](Client& client) { return get_server(client, 42); });
}

FloatingIp floating_ip_from(const json& document) {
    return asking(document, [](Client& client) { return get_floating_ip(client, 478); });
}

TEST(GetServer, ReadsARealAnswer) {
    const auto server = server_from(real_server());
    EXPECT_EQ(server.id, 42);
    EXPECT_EQ(server.name, "my-server");
    EXPECT_EQ(server.floating_ips, (Ids{478, 4503599627370495}));
}

TEST(GetServer, AsksForTheServer) {
    ScriptedServer server({answer(http(real_server().dump()))});
    ClientOptions options;
    options.endpoint = server.url("/v1");
    Client client(options, Token("t"));
    get_server(client, 42);
    EXPECT_THAT(server.requests().at(0), testing::StartsWith("GET /v1/servers/42 HTTP/1.1\r\n"));
}

TEST(GetServer, ReadsAnEmptyArrayAsNoFloatingIps) {
    const auto server =
        server_from(changed(real_server(), "/server/public_net/floating_ips", json::array()));
    EXPECT_EQ(server.floating_ips, std::vector<std::int64_t>{});
}

TEST(GetServer, DoesNotReadAMissingArrayAsEmpty) {
    for (const char* key : {"/server/public_net/floating_ips", "/server/public_net"}) {
        for (const json& value : {json("remove"), json(nullptr)}) {
            EXPECT_EQ(server_from(changed(real_server(), key, value)).floating_ips, std::nullopt)
                << key << " " << value;
        }
    }
}

TEST(GetFloatingIp, ReadsARealAnswer) {
    EXPECT_EQ(floating_ip_from(real_floating_ip()),
              (FloatingIp{478, "web-vip", "131.232.99.1", 42, "hel1"}));
}

TEST(GetFloatingIp, ReadsNullAsNotAssigned) {
    EXPECT_EQ(floating_ip_from(changed(real_floating_ip(), "/floating_ip/server", nullptr)).server,
              std::nullopt);
}

TEST(GetFloatingIp, AcceptsIpv6) {
    for (const char* ip : {"2001:db8::/64", "2001:db8::1", "2001:db8::1/128"}) {
        EXPECT_EQ(floating_ip_from(changed(real_floating_ip(), "/floating_ip/ip", ip)).ip, ip);
    }
}

struct Refused {
    std::string pointer;
    json value;
    std::string message;
};

void PrintTo(const Refused& refused, std::ostream* out) {
    *out << refused.pointer << " = " << refused.value;
}

void expect_malformed(const std::function<void()>& call, const std::string& request,
                      const std::string& message) {
    try {
        call();
        FAIL() << "was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::malformed);
        EXPECT_THAT(error.details().request, HasSubstr(request));
        EXPECT_EQ(error.details().message, message);
    }
}

class RefusedServer : public testing::TestWithParam<Refused> {};

TEST_P(RefusedServer, NamesTheKey) {
    const auto document = changed(real_server(), GetParam().pointer, GetParam().value);
    expect_malformed([&] { server_from(document); }, "/v1/servers/42", GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, RefusedServer,
    testing::Values(Refused{"/server", "remove", "server: is missing"},
                    Refused{"/server", nullptr, "server: is null"},
                    Refused{"/server", "x", "server: expected an object, got a string"},
                    Refused{"/server/id", 43, "server.id: asked for 42, got 43"},
                    Refused{"/server/id", "42", "server.id: expected an id, got a string"},
                    Refused{"/server/id", 42.5, "server.id: expected an id, got a number"},
                    Refused{"/server/id", -42, "server.id: expected an id, got -42"},
                    Refused{"/server/id", 9223372036854775808ULL,
                            "server.id: expected an id, got 9223372036854775808"},
                    Refused{"/server/id", "remove", "server.id: is missing"},
                    Refused{"/server/name", nullptr, "server.name: is null"},
                    Refused{"/server/name", true, "server.name: expected a string, got a boolean"},
                    Refused{"/server/public_net", json::array(),
                            "server.public_net: expected an object, got an array"},
                    Refused{"/server/public_net/floating_ips", json::object(),
                            "server.public_net.floating_ips: expected an array, got an object"},
                    Refused{"/server/public_net/floating_ips", json::array({478, nullptr}),
                            "server.public_net.floating_ips[1]: expected an id, got null"}));

class RefusedFloatingIp : public testing::TestWithParam<Refused> {};

TEST_P(RefusedFloatingIp, NamesTheKey) {
    const auto document = changed(real_floating_ip(), GetParam().pointer, GetParam().value);
    expect_malformed([&] { floating_ip_from(document); }, "/v1/floating_ips/478",
                     GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, RefusedFloatingIp,
    testing::Values(
        Refused{"/floating_ip", "remove", "floating_ip: is missing"},
        Refused{"/floating_ip/id", 479, "floating_ip.id: asked for 478, got 479"},
        Refused{"/floating_ip/server", "remove", "floating_ip.server: is missing"},
        Refused{"/floating_ip/server", "42", "floating_ip.server: expected an id, got a string"},
        Refused{"/floating_ip/name", "remove", "floating_ip.name: is missing"},
        Refused{"/floating_ip/ip", "remove", "floating_ip.ip: is missing"},
        Refused{"/floating_ip/ip", "",
                "floating_ip.ip: '' is neither an address nor an IPv6 network"},
        Refused{"/floating_ip/ip", "10.0.0.0/8",
                "floating_ip.ip: '10.0.0.0/8' is neither an address nor an IPv6 network"},
        Refused{"/floating_ip/ip", "2001:db8::/129",
                "floating_ip.ip: '2001:db8::/129' is neither an address nor an IPv6 network"},
        Refused{"/floating_ip/ip", std::string("10.0.0.1\0", 9),
                "floating_ip.ip: '10.0.0.1\\x00' is neither an address nor an IPv6 network"}));

}  // namespace
}  // namespace hcloud::cloud
