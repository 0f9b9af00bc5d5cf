#include "tests/lab/server.h"

#include "actions/host/rtnetlink.h"

#include <algorithm>
#include <stdexcept>

#include <signal.h>

namespace hcloud::lab {

namespace {

using nlohmann::json;

std::string example_cloud() {
    // Of so large a limit nothing is ever missing, for which the agent would ask less often than it
    // is told to.
    return "tokens: {sim-token: read-write}\naction_duration: 10ms\nrate_limit: {limit: "
           "100000000}\n" +
           read_file(in_source("tests/lab/example_cloud.yaml"));
}

// What others configured, on every NIC; some of it looks much like ours.
constexpr const char* kForeign = R"(
ip addr add 192.0.2.5/24 dev eth0
ip addr add 192.0.2.6/32 dev eth1 scope host
ip addr add 192.0.2.7/32 dev eth2 scope host
ip addr add 192.0.2.8/32 dev lo
ip -6 addr add 2001:db8:99::1/64 dev eth2 nodad noprefixroute preferred_lft 0
ip route add 198.51.100.0/24 via 172.31.1.1 dev eth0
ip route add 198.51.101.0/24 dev eth2
ip -6 route add 2001:db8:98::/64 dev eth0
)";

json default_config() {
    return {{"metadata", {{"interval", "200ms"}}},
            {"api", {{"endpoint", "http://127.0.0.1:8080/v1"}, {"interval", "1s"}}},
            {"network", {{"dhcp_grace", "200ms"}}}};
}

bool has_route(const host::Snapshot& snapshot, const std::string& link,
               const std::string& destination) {
    return std::any_of(snapshot.routes.begin(), snapshot.routes.end(), [&](const auto& route) {
        const auto* output = snapshot.link(route.link);
        return output != nullptr && output->name == link &&
               route.destination.to_string() == destination;
    });
}

}  // namespace

Server::Server(const json& config) : config_(default_config()) {
    directory_.write("credentials/dmi-serial", "42\n");
    write_config(config);
    make_links();
    start_simulator();
}

Server::~Server() = default;

void Server::make_links() {
    // No link-local addresses: their detection of duplicates would make events of its own.
    run("echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode; ip addr add 169.254.169.254/32 "
        "dev lo");
    add_veth("eth0", "wire0", kPublicMac);
    add_veth("eth1", "wire1", kBackendMac);
    add_veth("eth2", "wire2", kStorageMac);
    run("ip addr add 203.0.113.10/32 dev eth0; ip route add 172.31.1.1 dev eth0;"
        "ip route add default via 172.31.1.1 dev eth0; ip -6 addr add 2001:db8:42::1/64 dev eth0 "
        "nodad");
    run(kForeign);
}

bool Server::foreign_intact() {
    const auto addresses = run("ip -o addr show");
    const auto routes = run("ip route show; ip -6 route show");
    const auto has = [](const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    };
    return has(addresses, "eth0    inet 192.0.2.5/24") &&
           has(addresses, "eth2    inet 192.0.2.7/32") &&
           has(addresses, "lo    inet 192.0.2.8/32") && has(addresses, "2001:db8:99::1/64") &&
           has(routes, "198.51.100.0/24 via 172.31.1.1") &&
           has(routes, "198.51.101.0/24 dev eth2") && has(routes, "default via 172.31.1.1") &&
           has(routes, "2001:db8:98::/64");
}

void Server::start_simulator() {
    const auto state = directory_.write("cloud.yaml", example_cloud());
    simulator_ = std::make_unique<Process>(
        std::vector<std::string>{program("hcloud-simulator"), "--state", state, "--listen",
                                 "169.254.169.254:80", "--listen", "127.0.0.1:8080"});
    const auto ready = [&] {
        const auto output = simulator_->output();
        return output.find("127.0.0.1:8080") != std::string::npos || !simulator_->running();
    };
    if (!wait_until(ready) || !simulator_->running()) {
        throw std::runtime_error("the simulator did not start: " + simulator_->output());
    }
}

Process& Server::launch_agent(const std::map<std::string, std::string>& environment,
                              std::vector<std::string> wrapper) {
    agent_.reset();  // a second one would refuse to start beside it
    Process::Options options;
    options.environment = environment;
    options.environment.insert({"CREDENTIALS_DIRECTORY", directory_.path() + "/credentials"});
    options.environment.insert({"HCLOUD_TOKEN", "sim-token"});
    auto& words = wrapper;
    words.insert(words.end(), {program("hcloud-agent"), "--config", config_path(), "--runtime-dir",
                               runtime_dir(), "run"});
    agent_ = std::make_unique<Process>(words, options);
    return *agent_;
}

void Server::start_agent(const std::map<std::string, std::string>& environment) {
    launch_agent(environment);
    const auto ready = [&] { return log().find("ready: ") != std::string::npos; };
    if (!wait_until(ready)) throw std::runtime_error("the agent is not ready:\n" + log());
}

int Server::stop_agent(int signal) {
    agent_->signal(signal);
    const auto code = agent_->wait();
    if (!code) throw std::runtime_error("the agent does not stop:\n" + log());
    return *code;
}

CommandResult Server::command(const std::string& words) const {
    return try_run("CREDENTIALS_DIRECTORY=" + directory_.path() +
                   "/credentials HCLOUD_TOKEN=sim-token " + program("hcloud-agent") + " --config " +
                   config_path() + " --runtime-dir " + runtime_dir() + " " + words);
}

CommandResult Server::answered_command(const std::string& words) const {
    CommandResult result;
    const auto answered = [&] {
        result = command(words);
        return result.output.find("no agent answers at " + runtime_dir() +
                                  "/agent.sock (Timeout") == std::string::npos;
    };
    if (!wait_until(answered)) throw std::runtime_error("no answer: " + result.output);
    return result;
}

json Server::status() const {
    const auto result = command("status -o json");
    if (result.exit_code != 0) throw std::runtime_error("status failed: " + result.output);
    return json::parse(result.output);
}

void Server::write_config(const json& patch) {
    config_.merge_patch(patch);
    directory_.write("config.yaml", config_.dump(2) + "\n");  // JSON is YAML
}

std::string Server::ask(const std::string& method, const std::string& path,
                        const std::string& body) const {
    const auto data = body.empty() ? "" : " --data @" + directory_.write("body.json", body);
    return run("curl -sS --fail-with-body --noproxy '*' -X " + method + data +
               " -H 'Content-Type: application/json' http://127.0.0.1:8080/_sim/" + path);
}

void Server::change_cloud(const json& patch) const {
    ask("PATCH", "state", patch.dump());
}
void Server::fault(const json& fault) const {
    ask("PUT", "faults", fault.dump());
}
void Server::clear_faults() const {
    ask("DELETE", "faults");
}

json Server::cloud() const {
    return json::parse(ask("GET", "state"));
}

std::size_t Server::request_count(const std::string& path) const {
    const auto requests = json::parse(ask("GET", "requests")).at("requests");
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [&](const json& request) { return request.at("path") == path; }));
}

host::Snapshot Server::observe() {
    return host::Rtnetlink().observe();
}

std::set<std::string> Server::addresses(const std::string& link) {
    std::set<std::string> result;
    const auto snapshot = observe();
    for (const auto& address : snapshot.addresses) {
        const auto* owner = snapshot.link(address.link);
        const auto text = address.prefix.to_string();
        if (owner == nullptr || owner->name != link || text.starts_with("fe80:")) continue;
        result.insert(text);
    }
    return result;
}

const std::set<std::string>& Server::expected(const std::string& link) {
    static const std::map<std::string, std::set<std::string>> kExpected = {
        {"eth0",
         {"203.0.113.10/32", "2001:db8:42::1/64", "203.0.113.77/32", "2001:db8:77::1/64",
          "192.0.2.5/24"}},
        {"eth1", {"10.0.0.2/32", "10.0.0.3/32", "10.0.0.4/32", "192.0.2.6/32"}},
        {"eth2", {"10.1.0.2/32", "10.1.0.3/32", "192.0.2.7/32", "2001:db8:99::1/64"}}};
    return kExpected.at(link);
}

bool Server::complete() {
    for (const char* link : {"eth0", "eth1", "eth2"}) {
        if (addresses(link) != expected(link)) return false;
    }
    const auto snapshot = observe();
    return has_route(snapshot, "eth1", "10.0.0.0/16") &&
           has_route(snapshot, "eth1", "10.0.0.1/32") &&
           has_route(snapshot, "eth2", "10.1.0.0/16") && has_route(snapshot, "eth2", "10.1.0.1/32");
}

}  // namespace hcloud::lab
