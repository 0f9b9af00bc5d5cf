// A server as it should be, on which a test plants one fault: real NICs in the test's namespace,
// the simulator as its cloud, the real agent at work, and a root directory with the files of a
// system.
#pragma once

#include "agent/config/load.h"
#include "agent/doctor/doctor.h"
#include "tests/lab/server.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace hcloud::agent::doctor {

class Patient {
  public:
    Patient();

    lab::Server& server() { return server_; }
    /// A file below the root directory.
    void write(const std::string& path, const std::string& text) const;
    void remove(const std::string& path) const;
    std::string real(const std::string& path) const { return root() + "/" + path; }
    std::string root() const { return server_.directory().path() + "/root"; }
    /// Property of the unit, as systemctl shows it.
    void unit(const std::string& key, const std::string& value);

    /// The agent and doctor with another configuration.
    void reconfigure(const nlohmann::json& patch);
    /// Doctor alone with another configuration.
    std::function<void(Config&)> doctor_config;

    Findings examine() const;
    Findings examine_as(const std::function<Config()>& config) const;

  private:
    lab::Server server_;
    std::map<std::string, std::string> unit_;
};

/// Ids of all findings that are not "ok".
std::set<std::string> complaints(const Findings& findings);
std::string listing(const Findings& findings);

}  // namespace hcloud::agent::doctor
