#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/metadata_output.h"
#include "agent/daemon/worker.h"
#include "metadata/client.h"

#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

constexpr std::chrono::seconds kDeadline{10};

struct Reply {
    int code = kExitDone;
    std::string out;
    std::string problem;
};

Reply failure(const metadata::Error& error) {
    return {kExitNotReachable, {}, metadata::to_string(error)};
}

Reply ask_leaf(metadata::Client& client, const std::string& key, const std::string& format) {
    const auto answer = client.leaf(key);
    if (const auto* error = answer.error()) return failure(*error);
    if (const auto* absent = answer.absent()) {
        return {kExitFailed, {}, fmt::format("metadata has no {} ({})", key, absent->how)};
    }
    return {kExitDone, format_leaf(key, *answer.value(), format), {}};
}

Reply ask_all(metadata::Client& client, const std::string& format) {
    const auto root = client.root();
    if (const auto* error = root.error()) return failure(*error);
    if (root.value() == nullptr) return {kExitFailed, {}, "metadata has no root document"};
    const auto networks = client.private_networks();
    if (const auto* error = networks.error()) return failure(*error);
    const auto* list = networks.value();
    auto out =
        format_all(*root.value(), list != nullptr ? *list : metadata::PrivateNetworks{}, format);
    if (list == nullptr || list->broken.empty()) return {kExitDone, std::move(out), {}};
    return {kExitFailed, std::move(out), "private-networks: " + list->broken.front()};
}

}  // namespace

int command_metadata(const Invocation& invocation, const std::string& key,
                     const std::string& format) {
    const auto config = effective_config(invocation);
    metadata::ClientOptions options;
    options.endpoint = config.metadata.endpoint;
    const auto client = std::make_shared<metadata::Client>(options);
    Reply reply;
    sd::Event event;
    Worker worker(event);
    worker.start(
        kDeadline,
        [&] {
            auto answer = key.empty() ? ask_all(*client, format) : ask_leaf(*client, key, format);
            return [&, answer] {
                reply = answer;
                event.quit();
            };
        },
        [&](const std::string& why) {
            reply = {kExitFailed, {}, why};
            event.quit();
        },
        [client] { client->cancel(); });
    event.run();
    fmt::print("{}", reply.out);
    if (!reply.problem.empty()) fmt::print(stderr, "hcloud-agent: {}\n", reply.problem);
    return reply.code;
}

}  // namespace hcloud::agent
