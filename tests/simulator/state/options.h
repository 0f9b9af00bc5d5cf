// How the simulated cloud behaves: who may do what, how much, how long it takes, what goes wrong.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

/// Which API this is: the reference's of June 2025, or that of November 2026 with the changes
/// since.
enum class Profile { of_2025_06, of_2026_11 };

/// "2025-06"
std::optional<Profile> parse_profile(const std::string& name);

enum class Access { read_write, read_only };
using Tokens = std::map<std::string, Access>;

struct RateLimit {
    std::int64_t limit = 3600;  // requests an hour; also the size of the bucket
    std::int64_t remaining = 3600;
    bool operator==(const RateLimit&) const = default;
};

/// An action of a command that ends in an error instead of taking effect.
struct FailingAction {
    std::string code;
    std::string message;
    std::optional<std::int64_t> count;  // how many more; none: all
    bool operator==(const FailingAction&) const = default;
};

struct ActionOptions {
    std::chrono::milliseconds duration{500};
    std::map<std::string, std::chrono::milliseconds> durations;  // by command, where it differs
    std::map<std::string, FailingAction> failing;                // by command
    bool operator==(const ActionOptions&) const = default;
};

struct MetadataOptions {
    std::optional<Id> default_server;
    std::chrono::milliseconds lag{0};
    std::string private_networks_when_none = "[]";  // or empty, 204, 404
    std::string public_ipv4_when_none = "404";      // or empty, 204
    bool operator==(const MetadataOptions&) const = default;
};

/// How many of a kind the project may have, by the kind's plural ("servers"); none: any number.
using Limits = std::map<std::string, std::int64_t>;

/// Where a server type cannot be had for now: locations by the type's name.
using OutOfStock = std::map<std::string, std::vector<std::string>>;

// Each reads its part of the document's top level.
Profile read_profile(ObjectReader& document);
std::optional<Tokens> read_tokens(ObjectReader& document);
RateLimit read_rate_limit(ObjectReader& document);
ActionOptions read_actions(ObjectReader& document);
MetadataOptions read_metadata(ObjectReader& document);
Limits read_limits(ObjectReader& document);
OutOfStock read_out_of_stock(ObjectReader& document);

/// The same parts as keys of the document.
void write_profile(nlohmann::json& document, Profile profile);
void write_tokens(nlohmann::json& document, const std::optional<Tokens>& tokens);
void write_actions(nlohmann::json& document, const ActionOptions& options);
void write_metadata(nlohmann::json& document, const MetadataOptions& options);
void write_rate_limit(nlohmann::json& document, const RateLimit& rate);

}  // namespace hcloud::sim
