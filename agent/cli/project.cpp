#include "agent/cli/project.h"

#include "agent/daemon/api_round.h"
#include "agent/daemon/control_socket.h"
#include "agent/daemon/host_files.h"
#include "agent/daemon/registration.h"
#include "agent/planner/knowledge.h"
#include "metadata/client.h"

#include <optional>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

bool is_sure(const std::string& identity, const Config& config) {
    return identity == to_string(Identity::proven) ||
           (identity == to_string(Identity::unproven) &&
            config.identity.verify == VerifyBy::metadata);
}

/// Nothing if no agent runs here, or it does not know either.
std::optional<std::int64_t> from_agent(const Invocation& invocation, const Config& config) {
    constexpr std::chrono::milliseconds kLimit{1000};
    try {
        const auto status =
            ask_control_socket(control_socket_in(invocation.runtime_dir), "/v1/status", kLimit);
        const auto id = status.at("server").at("id").get<std::int64_t>();
        if (id > 0 && is_sure(status.at("identity").get<std::string>(), config)) return id;
    } catch (const std::runtime_error&) {
        // Metadata is asked instead.
    } catch (const nlohmann::json::exception&) {
        // The same: an agent of another version.
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<cloud::Client> project_client(const Config& config) {
    const auto source = find_token(config);
    if (!source.problem.empty()) throw NotPermittedError(source.problem);
    return std::make_unique<cloud::Client>(api_options(config), source.token);
}

std::int64_t this_server(const Invocation& invocation, const Config& config) {
    if (const auto id = from_agent(invocation, config)) return *id;
    metadata::ClientOptions options;
    options.endpoint = config.metadata.endpoint;
    Knowledge knowledge(config.identity.verify, read_dmi_serial());
    knowledge.learn({metadata::Client(options).root(), std::nullopt, "GET " + options.endpoint});
    if (knowledge.identity() == Identity::unknown) {
        throw std::runtime_error(knowledge.metadata_problems().front());
    }
    if (knowledge.identity() == Identity::mismatch) {
        throw NotPermittedError(knowledge.metadata_problems().front());
    }
    const auto hindrance = registration_hindrance(config, knowledge, "");
    if (!hindrance.why.empty()) throw NotPermittedError(hindrance.why);
    return knowledge.root()->instance_id;
}

}  // namespace hcloud::agent
