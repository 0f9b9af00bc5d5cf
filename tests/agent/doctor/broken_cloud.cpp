#include "tests/actions/cloud/certificates.h"
#include "tests/agent/doctor/broken.h"
#include "tests/lab/scripted_server.h"

#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include <sys/stat.h>

namespace hcloud::agent::doctor {

namespace {

using nlohmann::json;

constexpr const char* kToken = "etc/hcloud-agent/token";

std::shared_ptr<void> none() {
    return nullptr;
}

// The simulator, answering with a Date of its own.
std::shared_ptr<void> wrong_clock(Patient& patient) {
    auto server = std::make_shared<std::unique_ptr<lab::ScriptedServer>>();
    const auto script = [server](lab::ScriptedServer::Peer& peer) {
        while (peer.read_request()) {
            std::istringstream words(peer.request());
            std::string method;
            std::string path;
            words >> method >> path;
            const auto answer = lab::try_run("curl -s --noproxy '*' -X " + method +
                                             " -H 'Authorization: Bearer sim-token' "
                                             "http://127.0.0.1:8080" +
                                             path);
            const bool good = method == "GET";
            peer.send(lab::http(answer.output, good ? "200 OK" : "404 Not Found",
                                "Content-Type: application/json\r\n"
                                "Date: Tue, 24 Nov 2020 10:00:00 GMT\r\n"));
        }
    };
    *server =
        std::make_unique<lab::ScriptedServer>(std::vector{lab::ScriptedServer::Script(script)});
    patient.doctor_config = [url = (*server)->url("/v1")](Config& config) {
        config.api.endpoint = url;
    };
    return {server.get(), [server](void*) { server->reset(); }};
}

struct TlsApi {
    cloud::Certificates certificates;
    std::unique_ptr<lab::Process> simulator;
};

/// The API by TLS, with a certificate of so many days; below an authority that is known or not.
std::shared_ptr<void> tls(Patient& patient, int days, bool known) {
    auto api = std::make_shared<TlsApi>();
    api->certificates.make_authority("authority");
    api->certificates.make("api", "authority", "IP:127.0.0.1", days);
    api->simulator = std::make_unique<lab::Process>(std::vector<std::string>{
        lab::program("hcloud-simulator"), "--listen", "127.0.0.1:8081", "--listen-tls",
        "127.0.0.1:8443", "--tls-certificate", api->certificates.file("api.pem"), "--tls-key",
        api->certificates.file("api.key")});
    if (!lab::wait_until(
            [&] { return api->simulator->output().find("127.0.0.1:8443") != std::string::npos; })) {
        throw std::runtime_error("no simulator: " + api->simulator->output());
    }
    patient.doctor_config = [ca = known ? api->certificates.file("authority.pem")
                                        : ""](auto& config) {
        config.api.endpoint = "https://127.0.0.1:8443/v1";
        config.api.ca_file = ca;
    };
    return api;
}

/// Refuses at once, where the system's own would be waited for.
std::shared_ptr<void> no_name_server(Patient& patient) {
    const auto file = patient.server().directory().write("resolv.conf", "nameserver 127.0.0.1\n");
    lab::run("mount --bind " + file + " /etc/resolv.conf");
    return {nullptr, [](void*) { lab::try_run("umount /etc/resolv.conf"); }};
}

std::vector<Broken> broken_metadata() {
    return {
        {"AnotherServersMetadata", "identity-mismatch", Severity::error,
         "metadata answers for server 43",
         [](Patient& s) {
             s.server().change_cloud({{"servers", {{"43", {{"name", "gateway"}}}}},
                                      {"metadata", {{"default_server", 43}}}});
             return none();
         }},
        {"NoSerial", "identity-unproven", Severity::warning, "no server id",
         [](Patient& s) { return s.remove("sys/class/dmi/id/product_serial"), none(); }},
        {"AnotherVendor", "not-hetzner", Severity::warning, "QEMU",
         [](Patient& s) { return s.write("sys/class/dmi/id/sys_vendor", "QEMU\n"), none(); }},
        {"MetadataHangs", "metadata-unreachable", Severity::error, "no answer",
         [](Patient& s) {
             s.server().fault({{"path", "/hetzner/*"}, {"hang", true}});
             return none();
         }},
        {"MetadataBehindAFirewall", "metadata-firewall", Severity::error,
         "ip daddr 169.254.169.254 drop",
         [](Patient&) {
             lab::run(
                 "nft add table inet mine; nft add chain inet mine out '{type filter hook "
                 "output priority 0;}'; nft add rule inet mine out ip daddr 169.254.169.254 "
                 "drop");
             return none();
         }},
        {"MetadataRouteIsPrivate", "metadata-route", Severity::warning, "private NIC eth1",
         [](Patient& s) {
             s.reconfigure({{"network", {{"pin_metadata_route", false}}}});
             lab::run("ip route add 169.254.169.254 via 10.0.0.1 dev eth1");
             return none();
         }},
        {"MetadataIsNotUnderstood", "metadata-incomplete", Severity::warning, "nonsense",
         [](Patient& s) {
             s.server().fault({{"path", "/hetzner/v1/metadata/private-networks"},
                               {"body", "- {ip: 10.0.0.2, mac_address: nonsense}\n"}});
             return none();
         }},
    };
}

std::vector<Broken> broken_registration() {
    return {
        {"TokenThatCannotRegister", "token-read-only", Severity::warning, "register section",
         [](Patient& s) {
             s.server().change_cloud({{"tokens", {{"reader", "read-only"}}}});
             s.write(kToken, "reader\n");
             s.doctor_config = [](Config& config) { config.registration.labels["role"] = "web"; };
             return none();
         }},
        {"FirewallThatIsNot", "registration", Severity::warning, "no firewall \"nope\"",
         [](Patient& s) {
             s.reconfigure({{"register", {{"firewalls", {"nope"}}}}});
             if (!lab::wait_until(
                     [&] { return !s.server().status()["registration"]["problems"].empty(); })) {
                 throw std::runtime_error("the agent finds the firewall");
             }
             return none();
         }},
    };
}

std::vector<Broken> broken_token() {
    return {
        {"NoToken", "token-missing", Severity::warning, "no API token",
         [](Patient& s) { return s.remove(kToken), none(); }},
        // What the unit hands over where there is no file.
        {"NoTokenAndABlankCredential", "token-missing", Severity::warning, "no API token",
         [](Patient& s) {
             s.remove(kToken);
             s.write("run/credentials/hcloud-agent.service/hcloud-token", "\n");
             return none();
         }},
        {"NoTokenAndAnEmptyVariable", "token-missing", Severity::warning, "no API token",
         [](Patient& s) {
             s.remove(kToken);
             ::setenv("HCLOUD_TOKEN", "", 1);
             return std::shared_ptr<void>(nullptr, [](void*) { ::unsetenv("HCLOUD_TOKEN"); });
         }},
        {"TokenForAllToRead", "token-exposed", Severity::warning, "mode 0644",
         [](Patient& s) { return ::chmod(s.real(kToken).c_str(), 0644), none(); }},
        {"TokenIsText", "token-unusable", Severity::error, "etc/hcloud-agent/token",
         [](Patient& s) { return s.write(kToken, "my token\n"), none(); }},
        {"UnknownToken", "token-unknown", Severity::error, "unauthorized",
         [](Patient& s) { return s.write(kToken, "another-token\n"), none(); }},
        {"TokenOfAnotherProject", "token-wrong-project", Severity::error, "no server 42",
         [](Patient& s) {
             s.server().fault({{"path", "/v1/servers/42"},
                               {"status", 404},
                               {"body", R"({"error": {"code": "not_found", "message": "no"}})"}});
             return none();
         }},
    };
}

std::vector<Broken> broken_api() {
    const auto endpoint = [](const char* url) {
        return [url](Patient& s) {
            s.doctor_config = [url](Config& config) { config.api.endpoint = url; };
            return none();
        };
    };
    return {
        {"LittleLeftOfTheRateLimit", "rate-limit-low", Severity::warning, "of 3600",
         [](Patient& s) {
             s.server().change_cloud({{"rate_limit", {{"limit", 3600}, {"remaining", 100}}}});
             return none();
         }},
        {"WrongClock", "clock-skew", Severity::warning, "ahead of the API's", wrong_clock},
        {"CertificateHasExpired", "clock-tls", Severity::error, "has expired",
         [](Patient& s) { return tls(s, -1, true); }},
        {"UnknownAuthority", "api-certificate", Severity::error, "certificate refused",
         [](Patient& s) { return tls(s, 2, false); }},
        {"NoNameServer", "api-name", Severity::error, "name resolution",
         [endpoint](Patient& s) {
             endpoint("https://api.hetzner.example/v1")(s);
             return no_name_server(s);
         }},
        {"NobodyListens", "api-unreachable", Severity::error, "connection refused",
         endpoint("http://127.0.0.1:9/v1")},
        {"ApiFails", "api-failing", Severity::error, "503",
         [](Patient& s) {
             return s.server().fault({{"path", "/v1/*"}, {"status", 503}}), none();
         }},
    };
}

}  // namespace

std::vector<Broken> broken_cloud() {
    auto all = broken_metadata();
    for (auto& group : {broken_token(), broken_api(), broken_registration()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

}  // namespace hcloud::agent::doctor
