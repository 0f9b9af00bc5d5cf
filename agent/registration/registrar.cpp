#include "agent/registration/registrar.h"

#include "agent/registration/registrar_run.h"

#include <algorithm>
#include <utility>

namespace hcloud::agent {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A request costs all servers of the project something, and a person or a Terraform run that undoes
// what this agent does is to be told, not fought.
constexpr DampingLimits kDamping{.free_losses = 2,
                                 .window = minutes(10),
                                 .first_pause = seconds(30),
                                 .longest_pause = minutes(60),
                                 .calm = minutes(180)};

}  // namespace

bool is_concerned(const Config::Register& wanted, RegistrationStore& store) try {
    return !wanted.empty() || store.has_record();
} catch (const RegistrationFileError&) {
    return true;
}

Registrar::Registrar(RegistrationStore& store) : store_(store), damping_(kDamping) {}

void Registrar::load(std::int64_t server) {
    if (loaded_for_ == server) return;
    loaded_for_ = server;
    file_problem_.clear();
    record_.clear();
    try {
        record_ = store_.load(server);
    } catch (const RegistrationFileError& error) {
        file_problem_ = error.what();
    }
}

RegistrationInput Registrar::input(const Config::Register& wanted, const cloud::Server& server,
                                   Clock::time_point now) {
    load(server.id);
    RegistrationInput input{
        wanted, lookups_.view(wanted, server), record_, damping_.held(now), refused_, {}};
    try {
        input.drained = store_.drained();
    } catch (const RegistrationFileError& error) {
        // Rather out of a load balancer than back in against somebody's word.
        for (const auto& balancer : wanted.load_balancers)
            input.drained.insert(balancer.name);
        file_problem_ = error.what();
    }
    return input;
}

RegistrationPlan Registrar::plan(const Config::Register& wanted, const cloud::Server& server,
                                 Clock::time_point now) {
    return plan_registration(input(wanted, server, now));
}

/// What was there at the last look and is missing now, somebody took away.
void Registrar::note_places(const RegistrationPlan& plan, Clock::time_point now) {
    for (const auto& item : plan.items) {
        if (is_there(item.state)) {
            placed_.insert(item.key);
            refused_.erase(item.key);
        } else if (item.state != ItemState::pending && placed_.erase(item.key) > 0 &&
                   item.state != ItemState::drained) {
            damping_.lost(item.key, now);
        }
    }
}

RegistrationReport Registrar::report(RegistrationPlan plan, const cloud::Server& server,
                                     const Config::Register& wanted, Clock::time_point now) const {
    RegistrationReport report;
    report.server = server;
    report.problems = plan.problems;
    for (const auto& item : plan.items) {
        const auto refused = refused_.find(item.key);
        if (refused != refused_.end()) report.problems.push_back(refused->second);
    }
    // One change of several things that was refused is one problem.
    auto& problems = report.problems;
    for (auto at = problems.begin(); at != problems.end(); ++at)
        problems.erase(std::remove(at + 1, problems.end(), *at), problems.end());
    if (!file_problem_.empty()) problems.push_back(file_problem_);
    report.contested = damping_.contested(now);
    report.health_known = lookups_.health_known(wanted, server.id);
    report.plan = std::move(plan);
    return report;
}

std::optional<RegistrationReport> Registrar::glance(const Config::Register& wanted,
                                                    const cloud::Server& server,
                                                    Clock::time_point now, bool wants_health) {
    if (wants_health) lookups_.expire_unknown_health(server, now);
    if (!lookups_.fresh(wanted, server, now)) return std::nullopt;
    auto found = plan(wanted, server, now);
    if (!found.changes.empty()) return std::nullopt;
    damping_.forget_calm(now);
    note_places(found, now);
    return report(std::move(found), server, wanted, now);
}

RegistrationReport Registrar::run(cloud::Client& client, const Config::Register& wanted,
                                  const cloud::Server& server, std::chrono::milliseconds limit,
                                  bool wants_health) {
    return Run(*this, client, wanted, server, limit).run(wants_health);
}

RegistrationReport Registrar::preview(cloud::Client& client, const Config::Register& wanted,
                                      const cloud::Server& server) {
    return Run(*this, client, wanted, server, std::chrono::milliseconds(0)).look();
}

}  // namespace hcloud::agent
