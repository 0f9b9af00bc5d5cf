#include "tests/simulator/state/options.h"

#include "tests/simulator/commands.h"
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/server_types.h"
#include "tests/simulator/state/state.h"
#include "tests/simulator/values.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

const std::vector<std::string> kAccessNames{"read-write", "read-only"};
const std::vector<std::string> kProfileNames{"2025-06", "2026-11"};

void require_command(const std::string& command, const ObjectReader::Pointer& where) {
    if (is_command(command)) return;
    throw StateError(where / command, "is no action's command; known: " + command_names());
}

std::map<std::string, FailingAction> read_failing(ObjectReader& parent) {
    const json* const value = parent.find("failing_actions");
    if (value == nullptr) return {};
    const auto where = parent.at("failing_actions");
    if (!value->is_object()) throw StateError(where, "must be a mapping whose keys are commands");
    std::map<std::string, FailingAction> failing;
    for (const auto& [command, entry] : value->items()) {
        require_command(command, where);
        ObjectReader reader(entry, where / command);
        failing[command] = {reader.text("code", "action_failed"),
                            reader.text("message", "the action failed"), reader.integer("count")};
        reader.finish();
    }
    return failing;
}

std::map<std::string, std::chrono::milliseconds> read_durations(ObjectReader& parent) {
    std::map<std::string, std::chrono::milliseconds> durations;
    for (const auto& [command, text] : parent.mapping("action_durations")) {
        require_command(command, parent.at("action_durations"));
        const auto duration = parse_duration(text);
        if (!duration) {
            throw StateError(parent.at("action_durations") / command,
                             fmt::format("must be a time such as 500ms or 5s, not '{}'", text));
        }
        durations[command] = *duration;
    }
    return durations;
}

}  // namespace

std::optional<Profile> parse_profile(const std::string& name) {
    if (name == kProfileNames[0]) return Profile::of_2025_06;
    if (name == kProfileNames[1]) return Profile::of_2026_11;
    return std::nullopt;
}

Profile read_profile(ObjectReader& document) {
    return *parse_profile(document.choice("profile", kProfileNames, kProfileNames[1]));
}

void write_profile(json& document, Profile profile) {
    document["profile"] = kProfileNames[profile == Profile::of_2025_06 ? 0 : 1];
}

std::optional<Tokens> read_tokens(ObjectReader& document) {
    const json* const value = document.find("tokens");
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, document.at("tokens"));
    Tokens tokens;
    for (const auto& [token, unused] : value->items()) {
        const bool writes = reader.choice(token, kAccessNames, "read-only") == "read-write";
        tokens[token] = writes ? Access::read_write : Access::read_only;
    }
    return tokens;
}

void write_tokens(json& document, const std::optional<Tokens>& tokens) {
    if (!tokens) return;
    document["tokens"] = json::object();
    for (const auto& [token, access] : *tokens) {
        document["tokens"][token] = kAccessNames[access == Access::read_write ? 0 : 1];
    }
}

RateLimit read_rate_limit(ObjectReader& document) {
    const json* const value = document.find("rate_limit");
    if (value == nullptr) return {};
    ObjectReader reader(*value, document.at("rate_limit"));
    RateLimit rate;
    rate.limit = reader.integer("limit").value_or(rate.limit);
    if (rate.limit < 1) reader.fail("limit", "must be at least 1");
    rate.remaining = reader.integer("remaining").value_or(rate.limit);
    if (rate.remaining < 0 || rate.remaining > rate.limit) {
        reader.fail("remaining", fmt::format("must be between 0 and the limit of {}", rate.limit));
    }
    reader.finish();
    return rate;
}

void write_rate_limit(json& document, const RateLimit& rate) {
    document["rate_limit"] = {{"limit", rate.limit}, {"remaining", rate.remaining}};
}

ActionOptions read_actions(ObjectReader& document) {
    ActionOptions options;
    options.duration = document.duration("action_duration", options.duration);
    options.durations = read_durations(document);
    options.failing = read_failing(document);
    return options;
}

void write_actions(json& document, const ActionOptions& options) {
    document["action_duration"] = format_duration(options.duration);
    document["action_durations"] = json::object();
    for (const auto& [command, duration] : options.durations)
        document["action_durations"][command] = format_duration(duration);
    document["failing_actions"] = json::object();
    for (const auto& [command, failing] : options.failing) {
        document["failing_actions"][command] = {{"code", failing.code},
                                                {"message", failing.message},
                                                {"count", or_null(failing.count)}};
    }
}

MetadataOptions read_metadata(ObjectReader& document) {
    const json* const value = document.find("metadata");
    if (value == nullptr) return {};
    ObjectReader reader(*value, document.at("metadata"));
    MetadataOptions options;
    options.default_server = reader.integer("default_server");
    options.lag = reader.duration("lag", options.lag);
    options.private_networks_when_none =
        reader.choice("private_networks_when_none", {"[]", "empty", "204", "404"},
                      options.private_networks_when_none);
    options.public_ipv4_when_none = reader.choice("public_ipv4_when_none", {"404", "empty", "204"},
                                                  options.public_ipv4_when_none);
    reader.finish();
    return options;
}

void write_metadata(json& document, const MetadataOptions& options) {
    document["metadata"] = {{"default_server", or_null(options.default_server)},
                            {"lag", format_duration(options.lag)},
                            {"private_networks_when_none", options.private_networks_when_none},
                            {"public_ipv4_when_none", options.public_ipv4_when_none}};
}

Limits read_limits(ObjectReader& document) {
    const json* const value = document.find("limits");
    if (value == nullptr) return {};
    ObjectReader reader(*value, document.at("limits"));
    const State none;
    std::set<std::string> kinds;
    each_kind(none, [&](const char* kind, const auto&) { kinds.insert(kind); });
    Limits limits;
    for (const auto& [kind, unused] : value->items()) {
        if (kinds.count(kind) == 0) {
            reader.fail(kind,
                        fmt::format("is no kind of resource; known: {}", fmt::join(kinds, ", ")));
        }
        const auto limit = reader.integer(kind);
        if (limit && *limit < 0) reader.fail(kind, "must not be negative");
        if (limit) limits[kind] = *limit;
    }
    return limits;
}

OutOfStock read_out_of_stock(ObjectReader& document) {
    const json* const value = document.find("out_of_stock");
    if (value == nullptr) return {};
    ObjectReader reader(*value, document.at("out_of_stock"));
    OutOfStock sold_out;
    for (const auto& [type, unused] : value->items()) {
        if (find_server_type(type) == nullptr) {
            reader.fail(type, "is no server type; known: " + server_type_names());
        }
        sold_out[type] = reader.texts(type);
        for (const std::string& location : sold_out[type]) {
            if (find_location(location) != nullptr) continue;
            reader.fail(type,
                        fmt::format("'{}' is no location; known: {}", location, location_names()));
        }
    }
    return sold_out;
}

}  // namespace hcloud::sim
