// Reverse DNS, the same for every resource with addresses. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

struct DnsPtrChange {
    std::string ip;
    std::optional<std::string> name;  // std::nullopt: back to the provider's
};

/// Reads the entries that the resource has now.
using ReadDnsPtrs = std::function<std::vector<DnsPtr>(const CallOptions& reading)>;

Action change_dns_ptr(Client& client, const std::string& resource_path, const DnsPtrChange& wanted,
                      const ReadDnsPtrs& read, const CallOptions& options);

}  // namespace hcloud::cloud
