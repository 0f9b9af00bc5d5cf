#include "tests/simulator/test_project.h"

#include "tests/simulator/state/state_file.h"
#include "tests/simulator/state/state_json.h"

#include <sstream>

namespace hcloud::sim::test {

using nlohmann::json;

std::string Outcome::code() const {
    return body.contains("error") ? body["error"].value("code", "") : "";
}

std::string Outcome::message() const {
    return body.contains("error") ? body["error"].value("message", "") : "";
}

std::vector<std::string> Outcome::fields() const {
    std::vector<std::string> names;
    for (const json& field : body.at("error").at("details").at("fields"))
        names.push_back(field.at("name"));
    return names;
}

Project::Project(const std::string& yaml) : Project(parse_state_text(yaml, "the test's project")) {}

Outcome Project::call(const std::string& method, const std::string& path, const json& body) {
    const std::size_t question = std::min(path.find('?'), path.size());
    Request request;
    request.method = method;
    request.path = "/v1" + path.substr(0, question);
    std::istringstream query(path.substr(std::min(question + 1, path.size())));
    for (std::string part; std::getline(query, part, '&');) {
        const std::size_t equals = part.find('=');
        request.query.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
    request.headers["authorization"] = "Bearer writer";
    if (!body.is_null()) request.body = body.dump();
    const Response response = simulation_.answer(request);
    return {response.status, response.body.empty() ? json() : json::parse(response.body)};
}

Outcome Project::complete(const std::string& path, const json& body) {
    Outcome outcome = post(path, body);
    let_actions_end();
    return outcome;
}

void Project::patch_state(const json& patch) {
    Request request;
    request.method = "PATCH";
    request.path = "/_sim/state";
    request.body = patch.dump();
    const Response response = simulation_.answer(request);
    if (response.status != 200) throw std::runtime_error(response.body);
}

State Project::state() {
    Request request;
    request.method = "GET";
    request.path = "/_sim/state";
    return parse_state(json::parse(simulation_.answer(request).body));
}

}  // namespace hcloud::sim::test
