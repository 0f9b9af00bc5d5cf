// A project behind the API without sockets, under a clock ticked by hand.
#pragma once

#include "tests/simulator/simulation.h"
#include "tests/simulator/test_support.h"

#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::sim::test {

struct Outcome {
    int status = 0;
    nlohmann::json body;  // null if there is none

    /// "" unless it is an error.
    std::string code() const;
    std::string message() const;
    /// The names of the fields that an error says are wrong.
    std::vector<std::string> fields() const;
};

class Project {
  public:
    explicit Project(State state) : simulation_(std::move(state), clock_.clock()) {}
    /// Of a state document.
    explicit Project(const std::string& yaml);

    /// `path` is what comes after /v1 and may have a query, with nothing to decode.
    Outcome call(const std::string& method, const std::string& path,
                 const nlohmann::json& body = nullptr);
    Outcome get(const std::string& path) { return call("GET", path); }
    Outcome post(const std::string& path, const nlohmann::json& body = nullptr) {
        return call("POST", path, body);
    }
    /// The same, and lets the actions end.
    Outcome complete(const std::string& path, const nlohmann::json& body = nullptr);
    void let_actions_end() { clock_.tick(std::chrono::hours(1)); }
    void tick(std::chrono::milliseconds step) { clock_.tick(step); }
    /// Changes the state behind the API's back: RFC 7386, on the state document.
    void patch_state(const nlohmann::json& patch);
    State state();
    Simulation& simulation() { return simulation_; }

  private:
    HandClock clock_;
    Simulation simulation_;
};

}  // namespace hcloud::sim::test
