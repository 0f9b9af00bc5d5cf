#include "tests/agent/registration/project.h"

#include "actions/cloud/failure.h"
#include "actions/cloud/servers.h"
#include "tests/simulator/state/state_file.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::agent::test {

using nlohmann::json;

namespace {

sim::Request request_of(const std::string& method, const std::string& path, const json& body) {
    const auto question = std::min(path.find('?'), path.size());
    sim::Request request;
    request.method = method;
    request.path = path.substr(0, question);
    std::istringstream query(path.substr(std::min(question + 1, path.size())));
    for (std::string part; std::getline(query, part, '&');) {
        const auto equals = part.find('=');
        request.query.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
    if (!body.is_null()) request.body = body.dump();
    return request;
}

std::optional<std::int64_t> number_in(const sim::Response& response, const std::string& header) {
    for (const auto& [name, value] : response.headers) {
        if (name == header) return std::stoll(value);
    }
    return std::nullopt;
}

}  // namespace

Project::Project(const std::string& state_yaml)
    : began_(clock_.now()),
      simulation_(sim::parse_state_text(state_yaml, "the test's project"), [this] {
          return sim::Time(std::chrono::hours(500'000)) +
                 std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - began_);
      }) {}

sim::Response Project::answer(const std::string& method, const std::string& path,
                              const json& body) {
    auto request = request_of(method, path, body);
    request.headers["authorization"] = "Bearer writer";
    return simulation_.answer(request);
}

cloud::Reply Project::exchange(const cloud::Request& request) {
    if (before) before(requests, request);
    ++requests;
    const auto path = "/v1" + request.path;
    // The simulator's own are its HTTP server's affair.
    const auto fault = simulation_.faults().match(request.method, path.substr(0, path.find('?')));
    const auto response = fault != nullptr
                              ? fault->answer
                              : answer(request.method, path, request.body.value_or(json()));
    if (request.method != "GET" && response.status < 300) {
        changes.push_back(fmt::format("{} {} {}", request.method, request.path,
                                      request.body ? request.body->dump() : ""));
    }
    if (after) after(requests - 1, request);
    cloud::Reply reply{response.status};
    reply.content_type = response.content_type;
    reply.body = response.body;
    const auto limit = number_in(response, "ratelimit-limit");
    const auto left = number_in(response, "ratelimit-remaining");
    if (limit && left) reply.rate_limit = {*limit, *left};
    return reply;
}

std::unique_ptr<cloud::Client> Project::client() {
    return std::make_unique<cloud::Client>(
        std::make_unique<cloud::FunctionTransport>(
            [this](const cloud::Request& request, cloud::TimePoint) { return exchange(request); }),
        clock_, 1);
}

json Project::call(const std::string& method, const std::string& path, const json& body) {
    const auto response = answer(method, "/v1" + path, body);
    if (response.status >= 300) {
        throw std::runtime_error(fmt::format("{} {}: {}", method, path, response.body));
    }
    return response.body.empty() ? json() : json::parse(response.body);
}

void Project::patch(const json& patch) {
    const auto response = answer("PATCH", "/_sim/state", patch);
    if (response.status != 200) throw std::runtime_error("PATCH: " + response.body);
}

void Project::fault(const json& order) {
    simulation_.faults().add(order);
}

json others_view(Project& project, const std::set<std::string>& our_labels,
                 const std::set<std::string>& our_aliases) {
    json view;
    const auto server = project.server();
    for (const auto& [name, value] : server["labels"].items()) {
        if (!our_labels.contains(name)) view["labels"][name] = value;
    }
    for (const auto& net : server["private_net"]) {
        for (const auto& alias : net["alias_ips"]) {
            if (!our_aliases.contains(alias.get<std::string>())) view["aliases"].push_back(alias);
        }
    }
    for (const char* path : {"/servers/43", "/servers/44"}) {
        auto neighbour = project.call("GET", path)["server"];
        neighbour.erase("locked");
        view[path] = neighbour;
    }
    const auto firewalls = project.call("GET", "/firewalls");
    for (const auto& firewall : firewalls["firewalls"]) {
        for (const auto& target : firewall["applied_to"]) {
            if (target["server"]["id"] != 42) view["firewalls"].push_back({firewall["id"], target});
        }
    }
    const auto balancer = project.call("GET", "/load_balancers/12");
    for (const auto& target : balancer["load_balancer"]["targets"]) {
        if (target["server"]["id"] != 42) view["targets"].push_back(target);
    }
    return view;
}

RegistrationReport Life::cycle(const Config::Register& wanted, bool wants_health) {
    const auto server = cloud::get_server(*client_, Project::kServer);
    if (auto report = registrar_.glance(wanted, server, client_->now(), wants_health)) {
        return *std::move(report);
    }
    return registrar_.run(*client_, wanted, server, std::chrono::minutes(4), wants_health);
}

RegistrationReport Life::preview(const Config::Register& wanted) {
    const auto server = cloud::get_server(*client_, Project::kServer);
    return registrar_.preview(*client_, wanted, server);
}

std::string error_body(const std::string& code, const std::string& message) {
    return json{{"error", {{"code", code}, {"message", message}}}}.dump();
}

std::string text_of(const RegistrationReport& report) {
    std::string text;
    for (const auto& item : report.plan.items)
        text += fmt::format("{} {}: {}\n", to_string(item.state), item.what, item.note);
    for (const auto& problem : report.problems)
        text += "problem: " + problem + "\n";
    return text;
}

std::string state_of(const RegistrationReport& report, const std::string& what) {
    for (const auto& item : report.plan.items) {
        if (item.what == what) return to_string(item.state);
    }
    return "none";
}

bool all_there(const RegistrationReport& report) {
    return report.problems.empty() &&
           std::all_of(report.plan.items.begin(), report.plan.items.end(),
                       [](const auto& item) { return is_there(item.state); });
}

}  // namespace hcloud::agent::test
