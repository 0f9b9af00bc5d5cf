#include "agent/cli/drain_by_agent.h"

#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/repeated_look.h"
#include "agent/daemon/control_socket.h"
#include "agent/registration/drain.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Names = std::set<std::string>;

/// Those of `names` that this server is still a target of. One that the project does not have, or
/// that covers this server by a label, is not to be waited for.
Names not_left(const json& status, const Names& names) {
    Names left;
    for (const auto& name : names) {
        for (const auto& item : status.at("items")) {
            if (is_there(item) && item.at("what") == "load_balancer " + name) left.insert(name);
        }
    }
    return left;
}

bool at_work(const json& status) {
    const auto& state = status.at("registration").at("state");
    return state == "registering" || state == "waiting";
}

class DrainByAgent {
  public:
    DrainByAgent(const Invocation& invocation, const Config& config, const Names& names)
        : agent_(control_socket_in(invocation.runtime_dir), "/v1/registration",
                 config.registration.drain_timeout),
          names_(names) {}

    /// Until all are left, or time is over.
    void wait() {
        do {
            status_ = agent_.ask();
            if (!before_) before_ = still();
        } while ((!still().empty() || at_work(status_)) && agent_.pause());
    }

    Names still() const { return not_left(status_, names_); }

    /// It was a target when this began, and is none any more.
    bool has_left(const std::string& name) const {
        return before_ && before_->contains(name) && !still().contains(name);
    }

    void tell() const {
        for (const auto& name : still())
            fmt::print(stderr, "hcloud-agent: load balancer {} is not left\n", name);
        for (const auto& problem : status_.at("registration").at("problems"))
            fmt::print(stderr, "hcloud-agent: {}\n", problem.get<std::string>());
    }

  private:
    RepeatedLook agent_;
    const Names& names_;
    json status_;
    std::optional<Names> before_;
};

milliseconds longest_drain(const Config& config, const DrainByAgent& drain) {
    milliseconds longest{0};
    for (const auto& balancer : config.registration.load_balancers) {
        if (drain.has_left(balancer.name)) longest = std::max(longest, balancer.drain);
    }
    return longest;
}

}  // namespace

int drain_by_agent(const Invocation& invocation, const Config& config, const Names& names) try {
    auto store = registration_files(invocation);
    remember_drained(store, names);
    DrainByAgent drain(invocation, config, names);
    drain.wait();
    drain.tell();
    const auto wait = longest_drain(config, drain);
    if (wait.count() > 0) {
        fmt::print(stderr, "hcloud-agent: connections have {} s to end\n",
                   std::chrono::duration<double>(wait).count());
        std::this_thread::sleep_for(wait);
    }
    return drain.still().empty() ? kExitDone : kExitFailed;
} catch (const NotRunning& error) {
    fmt::print(stderr, "hcloud-agent: {}; no load balancer is left\n", error.what());
    return kExitNotReachable;
} catch (const json::exception& error) {
    fmt::print(stderr, "hcloud-agent: an agent of another version answers: {}\n", error.what());
    return kExitFailed;
}

}  // namespace hcloud::agent
