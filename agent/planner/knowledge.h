// What is known so far: the last good answer of each source, and what the latest answer said of it.
//
// Pure. An error, "there is none" after there was some, or a list with a broken entry leaves what
// was known in force and shrinks nothing (DESIGN, rule 1).
#pragma once

#include "actions/cloud/types.h"
#include "agent/config/config.h"
#include "agent/planner/desired.h"
#include "metadata/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::agent {

/// Whether this machine is the server that metadata speaks of.
enum class Identity {
    unknown,   // no metadata yet
    proven,    // DMI serial and instance-id are equal
    unproven,  // there is no DMI serial to compare with, or the config does not ask for it
    mismatch,  // they differ: someone else's metadata; nothing may be changed
};
const char* to_string(Identity identity);

/// The answers of one round of requests to the metadata service.
struct MetadataAnswers {
    metadata::Answer<metadata::Root> root;
    /// Nothing if they were not asked for.
    std::optional<metadata::Answer<metadata::PrivateNetworks>> private_networks;
    std::string request = "metadata";  // how to name the root's request in a text
};

/// One look at the API: the floating IPs assigned to this server. With problems, the list is not
/// complete.
struct FloatingIpsAnswer {
    std::vector<cloud::FloatingIp> list;
    std::vector<std::string> problems;
};

class Knowledge {
  public:
    /// `serial` is the DMI serial, where it can be read; `own_uids` are the agent's, which a guard
    /// of the metadata service lets through.
    Knowledge(VerifyBy verify, std::optional<std::int64_t> serial,
              std::vector<std::uint32_t> own_uids = {});

    void learn(const MetadataAnswers& answers);
    void learn(const FloatingIpsAnswer& answer);

    Desired desired(const Config& config) const;

    Identity identity() const { return identity_; }
    /// Metadata has answered at least once, and not with somebody else's identity.
    bool has_metadata() const { return root_.has_value() && networks_settled_; }
    const std::optional<metadata::Root>& root() const { return root_; }
    /// Whether metadata shows this server's NIC in that network.
    bool in_network(std::int64_t network) const;
    /// One line each about the latest answers; empty when all was well.
    const std::vector<std::string>& metadata_problems() const { return metadata_problems_; }
    const std::vector<std::string>& api_problems() const { return api_problems_; }

  private:
    bool accept(const metadata::Root& root, const std::string& request);
    void learn_networks(const metadata::Answer<metadata::PrivateNetworks>& answer);
    Known<host::Prefix> floating_ips(const FloatingIps& wanted) const;
    host::Guard guard(const std::vector<User>& users) const;

    VerifyBy verify_;
    std::optional<std::int64_t> serial_;
    std::vector<std::uint32_t> own_uids_;
    Identity identity_ = Identity::unknown;
    std::string mismatch_;
    std::optional<metadata::Root> root_;
    Known<metadata::PrivateNetwork> networks_;
    bool networks_settled_ = false;
    Known<cloud::FloatingIp> floating_ips_;
    std::vector<std::string> metadata_problems_;
    std::vector<std::string> api_problems_;
};

/// As an address on the public NIC: IPv4 with /32, of an IPv6 network its ::1. Nothing if `ip` is
/// neither.
std::optional<host::Prefix> interface_address(const std::string& ip);

}  // namespace hcloud::agent
