// Registers this server with the project: looks names up, plans, changes, looks again.
//
// Blocking; one call at a time. What it learns it keeps, so that a server on which all is as it
// should be costs no request beside the one that showed it.
#pragma once

#include "actions/cloud/client.h"
#include "agent/planner/damping.h"
#include "agent/planner/registration.h"
#include "agent/registration/actor.h"
#include "agent/registration/files.h"
#include "agent/registration/lookups.h"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

struct RegistrationReport {
    cloud::Server server;   // as of the latest look
    RegistrationPlan plan;  // what is left to do then
    std::vector<CloudStep> steps;
    std::set<Key> contested;
    std::vector<std::string> problems;  // the plan's, and what went wrong
    bool health_known = true;           // that of this server behind each of its load balancers
    bool refused = false;               // the token, or the project, permits no changes
};

/// Whether there is anything to register, or to remove. A record that cannot be read may hold
/// something: the work says what is wrong with it.
bool is_concerned(const Config::Register& wanted, RegistrationStore& store);

class Registrar {
  public:
    /// The store outlives the object.
    explicit Registrar(RegistrationStore& store);

    /// What names stand for is to be looked up again.
    void doubt(Clock::time_point now) { lookups_.expire(now); }

    /// From what is known, without a request: nothing if there is something to look up or change.
    std::optional<RegistrationReport> glance(const Config::Register& wanted,
                                             const cloud::Server& server, Clock::time_point now,
                                             bool wants_health);

    /// `server` as it was just read; uses the client for `limit` at most.
    RegistrationReport run(cloud::Client& client, const Config::Register& wanted,
                           const cloud::Server& server, std::chrono::milliseconds limit,
                           bool wants_health = false);

    /// What run() would do; changes nothing.
    RegistrationReport preview(cloud::Client& client, const Config::Register& wanted,
                               const cloud::Server& server);

  private:
    class Run;
    RegistrationInput input(const Config::Register& wanted, const cloud::Server& server,
                            Clock::time_point now);
    RegistrationPlan plan(const Config::Register& wanted, const cloud::Server& server,
                          Clock::time_point now);
    void load(std::int64_t server);
    RegistrationReport report(RegistrationPlan plan, const cloud::Server& server,
                              const Config::Register& wanted, Clock::time_point now) const;
    void note_places(const RegistrationPlan& plan, Clock::time_point now);

    RegistrationStore& store_;
    std::optional<std::int64_t> loaded_for_;
    RegistrationRecord record_;
    std::string file_problem_;
    ProjectLookups lookups_;
    Damping damping_;
    std::set<Key> placed_;  // what was there when last looked at
    std::map<Key, std::string> refused_;
    bool settled_ = false;  // no action of an earlier life is under way
};

}  // namespace hcloud::agent
