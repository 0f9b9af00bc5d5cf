#include "agent/registration/drain.h"

#include "actions/cloud/load_balancers.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using std::chrono::milliseconds;

class Drain {
  public:
    Drain(cloud::Client& client, std::int64_t server, cloud::TimePoint end)
        : client_(client), server_(server), end_(end) {}

    void leave(const Config::Register::LoadBalancer& wanted) try {
        const auto balancer = cloud::find_load_balancer(client_, wanted.name, options());
        if (!balancer) return problem(wanted.name, "the project has none of that name");
        const auto target = target_of(*balancer, server_);
        if (target.through != nullptr) {
            problem(wanted.name,
                    fmt::format("covers this server {}, and cannot be left while its label matches",
                                through(target.through->label_selector)));
        }
        if (target.direct == nullptr) return;
        auto step = CloudActor(client_, server_, end_)
                        .make({RemoveTarget{balancer->id, wanted.name}, "this server is drained"});
        if (!step.problem.empty()) problem(wanted.name, step.problem);
        result_.steps.push_back(std::move(step));
        result_.wait = std::max(result_.wait, wanted.drain);
        const auto now = cloud::get_load_balancer(client_, balancer->id, options());
        if (target_of(now, server_).direct != nullptr && result_.steps.back().problem.empty()) {
            problem(wanted.name, "this server was removed, and is a target again");
        }
    } catch (const cloud::Error& error) {
        problem(wanted.name, error.what());
    }

    void problem(const std::string& name, const std::string& text) {
        result_.problems.push_back(fmt::format("load balancer {}: {}", name, text));
    }

    DrainResult result() && { return std::move(result_); }

  private:
    cloud::CallOptions options() const {
        const auto left = std::chrono::duration_cast<milliseconds>(end_ - client_.now());
        return {.deadline = std::max(left, milliseconds(1))};
    }

    cloud::Client& client_;
    std::int64_t server_;
    cloud::TimePoint end_;
    DrainResult result_;
};

}  // namespace

void remember_drained(RegistrationStore& store, const std::set<std::string>& names) {
    std::set<std::string> drained;
    try {
        drained = store.drained();
    } catch (const RegistrationFileError&) {
        // It is written anew.
    }
    drained.insert(names.begin(), names.end());
    store.set_drained(drained);
}

DrainResult drain(cloud::Client& client, RegistrationStore& store, const Config::Register& wanted,
                  std::int64_t server, const std::set<std::string>& names, milliseconds limit) {
    Drain drain(client, server, client.now() + limit);
    std::unique_ptr<Turn> turn;
    try {
        remember_drained(store, names);
        // An agent that is in the middle of something ends it first; one that hangs does not keep
        // a shutdown.
        turn = store.turn(limit / 3);
    } catch (const RegistrationFileError& error) {
        for (const auto& name : names)
            drain.problem(name, error.what());
    }
    for (const auto& balancer : wanted.load_balancers) {
        if (names.contains(balancer.name)) drain.leave(balancer);
    }
    return std::move(drain).result();
}

}  // namespace hcloud::agent
