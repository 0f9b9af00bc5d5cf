// How each endpoint of the reference is called: which ids stand in its path, which body goes with
// it, and what has to happen before. scenarios.json says so; what it does not say is taken from the
// reference.
#pragma once

#include "tests/fixtures/reference.h"
#include "tests/simulator/simulation.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim::test {

struct Answer {
    int status = 0;
    std::string content_type;
    std::string text;
};

/// The file has
///   "ids"        by resource: the id that stands for {id}: {"servers": 42}
///   "an_action"  by resource: a call that leaves an action of such a resource behind, for the
///                endpoints that read actions:
///                {"servers": {"call": "POST /servers/42/actions/reboot", "body": {}}}
///   "endpoints"  by name ("PUT /servers/{id}"), all of it optional:
///                "id"; "query" ("type=cpu");
///                "body", merged into the reference's sample (RFC 7386: null takes a key out);
///                "before", a list of {"call", "body"}
/// In "query", {action} stands for the id of the last action started before.
class Scenarios {
  public:
    explicit Scenarios(const std::string& file);

    /// In a world of its own: what comes before, each step waiting for its actions to end, then the
    /// call. Throws if a step before does not succeed.
    Answer run(const reference::Endpoint& endpoint, const State& world) const;
    /// Of the endpoints that the file says something about.
    std::vector<std::string> endpoint_names() const;

  private:
    nlohmann::json of(const reference::Endpoint& endpoint) const;
    nlohmann::json steps_before(const reference::Endpoint& endpoint) const;
    Request request(const reference::Endpoint& endpoint, Id action) const;

    nlohmann::json document_;
};

}  // namespace hcloud::sim::test
