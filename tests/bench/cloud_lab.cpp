#include "tests/bench/cloud_lab.h"

#include "tests/lab/server.h"

#include <regex>
#include <stdexcept>

namespace hcloud::bench {

namespace {

using nlohmann::json;

constexpr const char* kState = R"(
rate_limit: {limit: 100000000}
servers:
  42: {name: web1, public_ipv4: 203.0.113.10}
  43: {name: web2, public_ipv4: 203.0.113.11}
floating_ips:
  478: {name: vip, ip: 203.0.113.77, server: 42}
)";

}  // namespace

CloudLab::CloudLab() {
    lab::run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "
        "/CN=simulator -addext subjectAltName=IP:127.0.0.1 -keyout " +
        directory_.path() + "/key.pem -out " + ca_file() + " 2>&1");
    const std::string state = directory_.write("state.yaml", kState);
    simulator_ = std::make_unique<lab::Process>(
        std::vector<std::string>{lab::program("hcloud-simulator"), "--state", state, "--listen",
                                 "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--tls-certificate",
                                 ca_file(), "--tls-key", directory_.path() + "/key.pem"});
    plain_url_ = url_of("http");
    tls_url_ = url_of("https");
}

std::string CloudLab::url_of(const std::string& scheme) const {
    const std::regex line("listening on (" + scheme + "://[^\n]*)\n");
    std::string url;
    const bool found = lab::wait_until([&] {
        const std::string output = simulator_->output();
        std::smatch match;
        if (!std::regex_search(output, match, line)) return false;
        url = match[1];
        return true;
    });
    if (!found) throw std::runtime_error("no simulator: " + simulator_->output());
    return url;
}

void CloudLab::change(const json& patch) const {
    const auto body = directory_.write("patch.json", patch.dump());
    lab::run("curl -sS --fail-with-body -X PATCH --data @" + body + " " + plain_url_ +
             "/_sim/state");
}

json CloudLab::requests() const {
    return json::parse(lab::run("curl -sS " + plain_url_ + "/_sim/requests")).at("requests");
}

}  // namespace hcloud::bench
