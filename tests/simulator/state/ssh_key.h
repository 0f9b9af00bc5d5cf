// SSH public keys.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>

namespace hcloud::sim {

struct SshKey : Entity {
    std::string public_key;  // "ssh-ed25519 AAAA… comment"; the fingerprint follows from it
    bool operator==(const SshKey&) const = default;
};

SshKey read_ssh_key(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const SshKey& key);

/// The MD5 of the key itself as "b7:2f:…"; std::nullopt if the text is no public key as OpenSSH
/// writes it: a known type, then base64 of an RFC 4253 key that begins with the same type.
std::optional<std::string> ssh_fingerprint(const std::string& public_key);

}  // namespace hcloud::sim
