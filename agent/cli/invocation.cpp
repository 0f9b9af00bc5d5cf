#include "agent/cli/invocation.h"

#include "agent/config/load.h"

#include <cstdlib>

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

Config effective_config(const Invocation& invocation) {
    auto config = load_config(invocation.config_file,
                              invocation.config_given ? IfMissing::fail : IfMissing::defaults);
    if (const char* value = std::getenv("HCLOUD_METADATA_ENDPOINT"); value != nullptr) {
        config.metadata.endpoint =
            parse_endpoint("metadata", "HCLOUD_METADATA_ENDPOINT", value).metadata.endpoint;
    }
    if (const char* value = std::getenv("HCLOUD_ENDPOINT"); value != nullptr) {
        config.api.endpoint = parse_endpoint("api", "HCLOUD_ENDPOINT", value).api.endpoint;
    }
    return config;
}

}  // namespace hcloud::agent
