#include "tests/simulator/state/ssh_key.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>
#include <string_view>

#include <Poco/Base64Decoder.h>
#include <Poco/DigestEngine.h>
#include <Poco/MD5Engine.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

constexpr std::array<std::string_view, 7> kTypes{"ssh-rsa",
                                                 "ssh-ed25519",
                                                 "ecdsa-sha2-nistp256",
                                                 "ecdsa-sha2-nistp384",
                                                 "ecdsa-sha2-nistp521",
                                                 "sk-ssh-ed25519@openssh.com",
                                                 "sk-ecdsa-sha2-nistp256@openssh.com"};

std::optional<std::string> decode_base64(const std::string& text) {
    // Poco's decoder passes over what is not base64.
    const bool clean = std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '+' || c == '/' || c == '=';
    });
    if (!clean || text.size() % 4 != 0) return std::nullopt;
    std::istringstream stream(text);
    Poco::Base64Decoder decoder(stream);
    return std::string(std::istreambuf_iterator<char>(decoder), {});
}

/// A string of RFC 4251: its length in four bytes, then the string. Takes it off the front.
std::optional<std::string_view> take_string(std::string_view& bytes) {
    if (bytes.size() < 4) return std::nullopt;
    std::uint32_t length = 0;
    for (const char byte : bytes.substr(0, 4))
        length = length << 8 | static_cast<unsigned char>(byte);
    if (bytes.size() - 4 < length) return std::nullopt;
    const std::string_view text = bytes.substr(4, length);
    bytes.remove_prefix(4 + length);
    return text;
}

}  // namespace

std::optional<std::string> ssh_fingerprint(const std::string& public_key) {
    std::istringstream words(public_key);
    std::string type;
    std::string base64;
    words >> type >> base64;
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) return std::nullopt;
    const auto bytes = decode_base64(base64);
    if (!bytes) return std::nullopt;
    std::string_view rest = *bytes;
    if (take_string(rest) != type || !take_string(rest)) return std::nullopt;
    Poco::MD5Engine md5;
    md5.update(*bytes);
    return fmt::format("{:02x}", fmt::join(md5.digest(), ":"));
}

SshKey read_ssh_key(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    SshKey key;
    reader.entity(key, fmt::format("ssh-key-{}", id));
    key.public_key = reader.required_text("public_key");
    if (!ssh_fingerprint(key.public_key)) {
        reader.fail("public_key", fmt::format("'{}' is no SSH public key", key.public_key));
    }
    reader.finish();
    return key;
}

nlohmann::json document_of(const SshKey& key) {
    auto document = entity_document(key);
    document["public_key"] = key.public_key;
    return document;
}

}  // namespace hcloud::sim
