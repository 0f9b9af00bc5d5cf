// The running agent, as it tells of itself on its control socket.
#pragma once

#include "agent/doctor/finding.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent::doctor {

struct DaemonFacts {
    enum class Answer { yes, not_running, refused };
    Answer answer = Answer::yes;
    std::string problem;       // why it does not answer
    std::string unit_failure;  // systemd's word for how it ended
    std::size_t missing = 0;   // addresses and routes that it would add
    std::string version;
    std::string our_version;
    std::vector<std::string> host_problems;
    std::vector<std::string> metadata_problems;
    std::vector<std::string> api_problems;
    std::vector<std::string> registration_problems;
    bool metadata_is_well = true;  // as doctor saw it itself
    bool api_is_well = true;
    bool may_register = true;  // token and identity permit it
};

/// Fills in what the answer to /v1/status says; keys that are not there say nothing.
void read_status(const nlohmann::json& status, DaemonFacts& facts);
/// Item names ("alias 10.0.0.3/32") that it reports as contested.
std::set<std::string> contested_items(const nlohmann::json& status);
/// Those of primary addresses that it leaves to DHCP for now.
std::set<std::string> items_left_to_dhcp(const nlohmann::json& status);

Findings judge(const DaemonFacts& facts);

}  // namespace hcloud::agent::doctor
