// What the registration keeps on disk, and who may change this server in the project now.
#pragma once

#include "actions/host/state_file.h"
#include "agent/planner/registration.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

namespace hcloud::agent {

using RegistrationFileError = host::StateFileError;

/// The turn of one process to change this server in the project; passes on when it is destroyed.
class Turn {
  public:
    virtual ~Turn() = default;
};

class RegistrationStore {
  public:
    virtual ~RegistrationStore() = default;
    /// Of another server (this one was made of its snapshot): empty. Throws RegistrationFileError.
    virtual RegistrationRecord load(std::int64_t server) = 0;
    virtual void save(std::int64_t server, const RegistrationRecord& record) = 0;
    /// Something was made, and may have to be removed though the configuration names nothing now.
    virtual bool has_record() = 0;
    /// The load balancers that this server has left until it is told to join, or reboots, as the
    /// configuration calls them. Throws RegistrationFileError.
    virtual std::set<std::string> drained() = 0;
    virtual void set_drained(const std::set<std::string>& load_balancers) = 0;
    /// Waits for the turn, `limit` at most; nullptr if that was too short.
    virtual std::unique_ptr<Turn> turn(std::chrono::milliseconds limit) = 0;
};

/// The record in `state_dir`, which outlives a reboot; what is drained, and the turns, in
/// `runtime_dir`, which does not.
class RegistrationFiles : public RegistrationStore {
  public:
    RegistrationFiles(const std::filesystem::path& state_dir,
                      const std::filesystem::path& runtime_dir);
    RegistrationRecord load(std::int64_t server) override;
    void save(std::int64_t server, const RegistrationRecord& record) override;
    bool has_record() override;
    std::set<std::string> drained() override;
    void set_drained(const std::set<std::string>& load_balancers) override;
    std::unique_ptr<Turn> turn(std::chrono::milliseconds limit) override;

  private:
    std::filesystem::path record_;
    std::filesystem::path drained_;
    std::filesystem::path lock_;
};

}  // namespace hcloud::agent
