// Metadata in the formats of the `metadata` command: text, json, yaml, env.
#pragma once

#include "metadata/types.h"

#include <string>

namespace hcloud::agent {

/// env uses afterburn's names (AFTERBURN_HETZNER_HOSTNAME=…), so that units written for it keep
/// working.
std::string format_all(const metadata::Root& root, const metadata::PrivateNetworks& networks,
                       const std::string& format);

/// text is the value as the service sent it; env names the variable after the key.
std::string format_leaf(const std::string& key, const std::string& value,
                        const std::string& format);

}  // namespace hcloud::agent
