// Absent is not empty: whatever goes wrong with an answer, nothing is deleted, the error names the
// request and what came, and the agent recovers without a restart. Each case is met twice: by a
// running agent, and by one that starts into it and knows nothing yet.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::run;
using lab::Server;
using lab::wait_until;
using nlohmann::json;

constexpr const char* kRoot = "/hetzner/v1/metadata";
constexpr const char* kNetworks = "/hetzner/v1/metadata/private-networks";
constexpr const char* kServer = "/v1/servers/42";
constexpr const char* kFloatingIp = "/v1/floating_ips/478";

struct Fault {
    std::string name;
    std::string path;
    json fault;
    std::string said;  // what the problem must say of what came
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.path << " " << fault.fault;
}

class AbsentIsNotEmpty : public ServerTest, public testing::WithParamInterface<Fault> {
  protected:
    bool is_metadata() const { return GetParam().path.starts_with("/hetzner"); }

    std::string problems() const {
        const auto result = server_.command("status -o json");
        if (result.exit_code != 0) return "";
        const auto status = json::parse(result.output);
        return status[is_metadata() ? "metadata" : "api"]["problems"].dump();
    }
    void set_fault() {
        auto fault = GetParam().fault;
        fault["path"] = GetParam().path;
        server_.fault(fault);
    }
    // The agent complains, has asked at least twice, and everything is where it was.
    void expect_unchanged(const host::Snapshot& before) {
        const auto complains = [&] {
            const auto text = problems();
            return text.find(GetParam().said) != std::string::npos &&
                   text.find(GetParam().path) != std::string::npos;
        };
        EXPECT_TRUE(wait_until(complains)) << "problems: " << problems() << "\n" << server_.log();
        const auto asked = server_.request_count(GetParam().path);
        EXPECT_TRUE(wait_until([&] { return server_.request_count(GetParam().path) > asked; }))
            << "it does not ask again";
        EXPECT_EQ(Server::observe(), before) << server_.log();
    }
    void expect_recovery() {
        server_.clear_faults();
        EXPECT_TRUE(wait_until([&] { return problems() == "[]"; })) << problems() << server_.log();
        // And it is as able to take away as before.
        server_.change_cloud({{"servers", {{"42", {{"private_net", kOneAlias}}}}},
                              {"floating_ips", {{"478", {{"server", nullptr}}}}}});
        EXPECT_TRUE(wait_until([] {
            return !Server::addresses("eth1").contains("10.0.0.4/32") &&
                   !Server::addresses("eth0").contains("203.0.113.77/32");
        })) << server_.log();
    }

    static inline const json kOneAlias = json::array({{{"network", 4711},
                                                       {"ip", "10.0.0.2"},
                                                       {"alias_ips", {"10.0.0.3"}},
                                                       {"mac_address", Server::kBackendMac}},
                                                      {{"network", 4712},
                                                       {"ip", "10.1.0.2"},
                                                       {"alias_ips", {"10.1.0.3"}},
                                                       {"mac_address", Server::kStorageMac}}});
};

TEST_P(AbsentIsNotEmpty, NothingIsDeleted) {
    start();
    const auto before = Server::observe();
    // A floating IP's address never changes, so a running agent asks for each only once.
    if (GetParam().path != kFloatingIp) {
        set_fault();
        expect_unchanged(before);
    }
    server_.stop_agent(SIGTERM);
    set_fault();
    server_.launch_agent();
    expect_unchanged(before);
    expect_recovery();
}

Fault fault(const std::string& name, const char* path, json what, const std::string& said) {
    const std::map<std::string, std::string> prefixes = {
        {kRoot, "Root"}, {kNetworks, "Networks"}, {kServer, "Server"}, {kFloatingIp, "FloatingIp"}};
    return {prefixes.at(path) + name, path, std::move(what), said};
}

std::vector<Fault> faults() {
    std::vector<Fault> all;
    for (const char* path : {kRoot, kNetworks, kServer, kFloatingIp}) {
        all.push_back(fault("Hangs", path, {{"hang", true}}, "no "));
        all.push_back(fault("Reset", path, {{"reset", true}}, "reset"));
        all.push_back(fault("500", path, {{"status", 500}}, "500"));
        all.push_back(fault("Truncated", path, {{"truncate", 20}}, "truncated"));
        all.push_back(fault("TooLargeOrGarbage", path, {{"size", 2097152}}, ""));
    }
    // 404 and 204 say "none", which for networks is noted once there were some; elsewhere it is an
    // error.
    for (const char* path : {kRoot, kServer, kFloatingIp}) {
        all.push_back(fault("404", path, {{"status", 404}}, "404"));
        all.push_back(fault("204", path, {{"status", 204}}, "204"));
    }
    const auto body = [&](const char* name, const char* path, const char* text, const char* said) {
        all.push_back(fault(name, path, {{"body", text}}, said));
    };
    body("NotYaml", kRoot, "{{{", "");
    body("NotYaml", kNetworks, "- ip: [", "");
    body("NotJson", kServer, "<html>502</html>", "");
    body("NotJson", kFloatingIp, "<html>502</html>", "");
    body("WrongType", kRoot, "instance-id: [42]\nhostname: web1\n", "instance-id");
    body("WrongType", kNetworks, "ip: 10.0.0.2\n", "");
    body("WrongType", kServer,
         R"({"server": {"id": 42, "name": "web1", "public_net": {"floating_ips": "none"}}})",
         "floating_ips");
    body("WrongType", kFloatingIp,
         R"({"floating_ip": {"id": 478, "name": "v", "ip": 17, "server": 42}})", "ip");
    body("OneBrokenEntry", kRoot, "instance-id: 42\nhostname: web1\npublic-ipv4: 1.2.3\n",
         "public-ipv4");
    body("OneBrokenEntry", kServer,
         R"({"server": {"id": 42, "name": "web1", "public_net": {"floating_ips": [479, "x"]}}})",
         "floating_ips");
    body("WrongId", kRoot, "instance-id: 4242\nhostname: other\n", "4242");
    body("WrongId", kServer,
         R"({"server": {"id": 4242, "name": "x", "public_net": {"floating_ips": []}}})", "4242");
    body("WrongId", kFloatingIp,
         R"({"floating_ip": {"id": 9, "name": "v", "ip": "203.0.113.77", "server": 42}})",
         "asked for 478");
    return all;
}

INSTANTIATE_TEST_SUITE_P(Faults, AbsentIsNotEmpty, testing::ValuesIn(faults()),
                         [](const auto& i) { return i.param.name; });

// What says "there are no private networks" without saying it in full, or says it of some only.
class NetworksGone : public ServerTest, public testing::WithParamInterface<Fault> {};

TEST_P(NetworksGone, NothingIsDeleted) {
    start();
    const auto before = Server::observe();
    auto fault = GetParam().fault;
    fault["path"] = kNetworks;
    server_.fault(fault);
    const auto noted = [&] {
        const auto problems = server_.status()["metadata"]["problems"].dump();
        return problems.find(GetParam().said) != std::string::npos;
    };
    EXPECT_TRUE(wait_until(noted)) << server_.log();
    EXPECT_EQ(Server::observe(), before);
    server_.stop_agent(SIGTERM);
    server_.start_agent();  // absent is an answer: it is ready, and leaves everything alone
    EXPECT_EQ(Server::observe(), before);
    server_.clear_faults();
    run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(comes_back());
}

INSTANTIATE_TEST_SUITE_P(
    Answers, NetworksGone,
    testing::Values(
        Fault{"NotFound", "", {{"status", 404}}, "private-networks: 404 after there were some"},
        Fault{"NoContent", "", {{"status", 204}}, "private-networks: 204 after there were some"},
        Fault{"Empty", "", {{"body", "\n"}}, "private-networks: empty 200 after there were some"},
        Fault{"OneBrokenEntry",
              "",
              {{"body",
                "- {ip: 10.0.0.2, mac_address: '86:00:00:2a:7d:e0', network: 10.0.0.0/16, gateway: "
                "10.0.0.1, alias_ips: []}\n- {ip: nonsense}\n"}},
              "private-networks: entry 1: mac_address is missing"}),
    [](const auto& i) { return i.param.name; });

using Refused = ServerTest;

TEST_F(Refused, NothingIsDeleted) {
    start();
    const auto before = Server::observe();
    server_.stop_simulator();
    const auto refused = [&] {
        const auto status = server_.status();
        return status["metadata"]["problems"].dump().find(
                   "/hetzner/v1/metadata failed: connection refused") != std::string::npos &&
               status["api"]["problems"].dump().find("/v1/servers/42") != std::string::npos;
    };
    EXPECT_TRUE(wait_until(refused)) << server_.status().dump(2);
    EXPECT_EQ(Server::observe(), before);
    server_.stop_agent(SIGTERM);
    server_.launch_agent();
    EXPECT_TRUE(
        wait_until([&] { return server_.log().find("connection refused") != std::string::npos; }));
    EXPECT_EQ(Server::observe(), before);
    server_.start_simulator();
    EXPECT_TRUE(wait_until([&] { return server_.log().find("ready: ") != std::string::npos; }))
        << server_.log();
    EXPECT_EQ(Server::observe(), before);
}

}  // namespace
}  // namespace hcloud::agent
