// One call of Registrar::run(). Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "agent/registration/actor.h"
#include "agent/registration/registrar.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

class Registrar::Run {
  public:
    /// Uses the client for `limit` at most. All references outlive the object.
    Run(Registrar& registrar, cloud::Client& client, const Config::Register& wanted,
        cloud::Server server, std::chrono::milliseconds limit);

    RegistrationReport look();
    RegistrationReport run(bool wants_health);

  private:
    ProjectLookups& lookups() { return registrar_.lookups_; }
    RegistrationPlan plan() { return registrar_.plan(wanted_, server_, client_.now()); }
    void refresh() { lookups().refresh(client_, wanted_, server_); }
    void note_losses();

    /// Nobody else changes this server from here on, nothing that was begun earlier is under way,
    /// and the names are not believed from long ago. nullptr if that cannot be had.
    std::unique_ptr<Turn> begin();
    /// What an agent that was killed had begun is not begun a second time.
    void settle();
    std::vector<cloud::Action> read_actions(const char* resource, std::int64_t id);
    std::chrono::milliseconds left() const;
    bool save(const RegistrationRecord& record);

    /// New labels alone, where a label selector may then do some of the rest.
    void make(const RegistrationPlan& planned);
    void note(CloudStep& step);
    void refuse(const std::vector<Key>& changed, const std::string& why);
    void wait_for_selectors();
    /// False, and the run is over, if it cannot be read.
    bool read_server();
    /// What was made and is still missing waits like what was refused.
    void look_again(const RegistrationPlan& planned);
    bool tried(const PlannedCloudChange& change) const;
    RegistrationReport finish();

    void problem(std::string text) { problems_.push_back(std::move(text)); }
    void fail(const cloud::Error& error);

    Registrar& registrar_;
    cloud::Client& client_;
    const Config::Register& wanted_;
    cloud::Server server_;
    cloud::TimePoint end_;
    std::set<Key> lost_;
    std::vector<CloudStep> steps_;
    std::vector<std::string> problems_;
    bool stopped_ = false;
    bool refused_ = false;
};

}  // namespace hcloud::agent
