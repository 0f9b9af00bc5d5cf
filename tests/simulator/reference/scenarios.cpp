#include "tests/simulator/reference/scenarios.h"

#include "tests/simulator/test_support.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hcloud::sim::test {

namespace {

using nlohmann::json;
using reference::Endpoint;

constexpr std::chrono::hours kUntilActionsHaveEnded{1};

/// "servers" of "/servers/{id}/actions"
std::string resource_of(const std::string& path) {
    return path.substr(1, path.find('/', 1) - 1);
}

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool reads_actions(const Endpoint& endpoint) {
    return endpoint.method == "GET" && endpoint.path.find("/actions") != std::string::npos;
}

void replace(std::string& text, const std::string& what, Id id) {
    const auto at = text.find(what);
    if (at != std::string::npos) text.replace(at, what.size(), std::to_string(id));
}

std::vector<std::pair<std::string, std::string>> split_query(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> query;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, '&');) {
        const auto equals = part.find('=');
        query.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
    return query;
}

Request step_request(const json& step) {
    const std::string call = step.at("call");
    const auto blank = call.find(' ');
    Request request;
    request.method = call.substr(0, blank);
    request.path = "/v1" + call.substr(blank + 1);
    if (step.contains("body")) request.body = step["body"].dump();
    return request;
}

class Run {
  public:
    explicit Run(const State& world) : simulation_(world, clock_.clock()) {}

    Answer call(Request request) {
        request.headers["authorization"] = "Bearer any";
        const Response response = simulation_.answer(request);
        return {response.status, response.content_type, response.body};
    }

    /// Returns the id of the last action that the step started, 0 if there was none.
    Id step(const json& step) {
        const Answer answer = call(step_request(step));
        if (answer.status / 100 != 2) {
            throw std::runtime_error(step.dump() + " failed: " + std::to_string(answer.status) +
                                     " " + answer.text);
        }
        clock_.tick(kUntilActionsHaveEnded);
        if (answer.text.empty()) return 0;
        const json body = json::parse(answer.text);
        if (body.contains("action")) return body["action"].at("id");
        return body.contains("actions") ? Id(body["actions"].back().at("id")) : 0;
    }

  private:
    HandClock clock_;
    Simulation simulation_;
};

}  // namespace

Scenarios::Scenarios(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("no file " + file);
    document_ = json::parse(stream);
}

json Scenarios::of(const Endpoint& endpoint) const {
    return document_.at("endpoints").value(endpoint.name(), json::object());
}

json Scenarios::steps_before(const Endpoint& endpoint) const {
    const json scenario = of(endpoint);
    if (scenario.contains("before")) return scenario["before"];
    if (!reads_actions(endpoint)) return json::array();
    return json::array({document_.at("an_action").at(resource_of(endpoint.path))});
}

Request Scenarios::request(const Endpoint& endpoint, Id action) const {
    const json scenario = of(endpoint);
    Request request;
    request.method = endpoint.method;
    request.path = "/v1" + endpoint.path;
    replace(request.path, "{action_id}", action);
    if (ends_with(request.path, "/actions/{id}")) replace(request.path, "{id}", action);
    if (request.path.find("{id}") != std::string::npos) {
        const std::string resource = resource_of(endpoint.path);
        replace(request.path, "{id}",
                scenario.value("id", document_.at("ids").value(resource, Id(0))));
    }
    std::string query = scenario.value("query", "");
    replace(query, "{action}", action);
    request.query = split_query(query);
    if (!endpoint.request_samples.empty()) {
        json body = endpoint.request_samples.front();
        body.merge_patch(scenario.value("body", json::object()));
        request.body = body.dump();
    }
    return request;
}

Answer Scenarios::run(const Endpoint& endpoint, const State& world) const {
    Run run(world);
    Id action = 0;
    for (const json& step : steps_before(endpoint))
        action = run.step(step);
    return run.call(request(endpoint, action));
}

std::vector<std::string> Scenarios::endpoint_names() const {
    std::vector<std::string> names;
    for (const auto& item : document_.at("endpoints").items())
        names.push_back(item.key());
    return names;
}

}  // namespace hcloud::sim::test
