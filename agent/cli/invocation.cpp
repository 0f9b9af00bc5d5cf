#include "agent/cli/invocation.h"

#include "agent/config/environment.h"
#include "agent/config/load.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

// By way of the config's own checks: an endpoint from the environment is no more trusted than the
// file.
Config parse_endpoint(const char* section, const char* variable, const char* value) {
    const auto quoted =
        nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return parse_config(fmt::format("{}: {{endpoint: {}}}\n", section, quoted),
                        fmt::format("${}", variable));
}

}  // namespace

std::filesystem::path state_dir_of(const Invocation& invocation) {
    if (!invocation.state_dir.empty()) return invocation.state_dir;
    if (invocation.runtime_dir != Invocation().runtime_dir) return invocation.runtime_dir;
    const char* directory = environment("STATE_DIRECTORY");
    return directory != nullptr ? directory : "/var/lib/hcloud-agent";
}

Config effective_config(const Invocation& invocation) {
    auto config = load_config(invocation.config_file,
                              invocation.config_given ? IfMissing::fail : IfMissing::defaults);
    if (const char* value = environment("HCLOUD_METADATA_ENDPOINT")) {
        config.metadata.endpoint =
            parse_endpoint("metadata", "HCLOUD_METADATA_ENDPOINT", value).metadata.endpoint;
    }
    if (const char* value = environment("HCLOUD_ENDPOINT")) {
        config.api.endpoint = parse_endpoint("api", "HCLOUD_ENDPOINT", value).api.endpoint;
    }
    return config;
}

}  // namespace hcloud::agent
