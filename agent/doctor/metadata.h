// Whether the metadata service can be asked, and which way the question goes.
#pragma once

#include "agent/doctor/finding.h"

#include <string>
#include <vector>

namespace hcloud::agent::doctor {

struct MetadataFacts {
    std::string endpoint;
    std::string error;                // why there is no answer; empty if there is one
    std::vector<std::string> broken;  // what could not be understood in the answer
    /// The private NIC through which the question leaves while a public one is there, and how it
    /// ought to leave instead; empty if all is well.
    std::string private_way;
    std::string better_way;
    bool pin_wanted = true;             // network.pin_metadata_route
    std::vector<std::string> firewall;  // rules that name the service
    /// metadata.guard is wanted, and lets this process's user through or not.
    bool guarded = false;
    bool let_through = true;
    bool guard_stands = true;  // as far as can be seen
};

Findings judge(const MetadataFacts& facts);

}  // namespace hcloud::agent::doctor
