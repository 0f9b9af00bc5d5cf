// A simulated project in virtual time, and one server's registration with it: the real client, the
// real registrar, the simulator's own answers.
#pragma once

#include "actions/cloud/client.h"
#include "agent/registration/registrar.h"
#include "tests/actions/cloud/virtual.h"
#include "tests/simulator/simulation.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::agent::test {

/// The disk, as far as it matters here: it outlives whoever is killed.
class MemoryStore : public RegistrationStore {
  public:
    RegistrationRecord load(std::int64_t server) override {
        const auto found = records.find(server);
        return found != records.end() ? found->second : RegistrationRecord();
    }
    void save(std::int64_t server, const RegistrationRecord& record) override {
        records[server] = record;
    }
    bool has_record() override { return !records.empty(); }
    std::set<std::string> drained() override { return left; }
    void set_drained(const std::set<std::string>& names) override { left = names; }
    std::unique_ptr<Turn> turn(std::chrono::milliseconds /*limit*/) override {
        return std::make_unique<Turn>();
    }

    std::map<std::int64_t, RegistrationRecord> records;
    std::set<std::string> left;
};

/// kill -9, thrown from within a request.
struct Killed {};

class Project {
  public:
    static constexpr std::int64_t kServer = 42;

    explicit Project(const std::string& state_yaml);

    std::unique_ptr<cloud::Client> client();
    /// What the registration's client is doing: called before and after each of its requests, with
    /// how many there were before it.
    using Hook = std::function<void(int, const cloud::Request&)>;
    Hook before;
    Hook after;

    /// As somebody else: no request of this server's. `path` may have a query.
    nlohmann::json call(const std::string& method, const std::string& path,
                        const nlohmann::json& body = nullptr);
    /// A merge patch of the simulator's state.
    void patch(const nlohmann::json& patch);
    void fault(const nlohmann::json& order);
    void pass(std::chrono::milliseconds time) { clock_.advance(time); }
    void let_actions_end() { pass(std::chrono::hours(1)); }

    /// The server as somebody else sees it.
    nlohmann::json server() { return call("GET", "/servers/42").at("server"); }
    cloud::TimePoint now() const { return clock_.now(); }

    int requests = 0;                  // of the registration's client
    std::vector<std::string> changes;  // of those, "POST /path body" of each that was accepted

  private:
    cloud::Reply exchange(const cloud::Request& request);
    sim::Response answer(const std::string& method, const std::string& path,
                         const nlohmann::json& body);

    cloud::VirtualClock clock_;
    cloud::TimePoint began_;
    sim::Simulation simulation_;
};

/// What of the project is not this agent's to change, whoever may have changed it meanwhile.
nlohmann::json others_view(Project& project, const std::set<std::string>& our_labels,
                           const std::set<std::string>& our_aliases);

/// One life of the agent, from start to end.
class Life {
  public:
    Life(Project& project, RegistrationStore& store)
        : project_(project), client_(project.client()), registrar_(store) {}

    /// A look at the server and what follows, as the agent does it.
    RegistrationReport cycle(const Config::Register& wanted, bool wants_health = false);
    RegistrationReport preview(const Config::Register& wanted);

  private:
    Project& project_;
    std::unique_ptr<cloud::Client> client_;
    Registrar registrar_;
};

/// The API's way to say no.
std::string error_body(const std::string& code, const std::string& message);

/// "state what: note", a line each; for failures of tests.
std::string text_of(const RegistrationReport& report);
/// The state of the item that is called so; "none" if there is none.
std::string state_of(const RegistrationReport& report, const std::string& what);
bool all_there(const RegistrationReport& report);

}  // namespace hcloud::agent::test
