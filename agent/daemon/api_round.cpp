#include "agent/daemon/api_round.h"

#include "actions/cloud/floating_ips.h"
#include "actions/cloud/servers.h"
#include "agent/version.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

class Round {
  public:
    explicit Round(cloud::Client& client) : client_(client) {}

    ApiRound ask(std::int64_t server, const std::map<std::int64_t, cloud::FloatingIp>& cache) {
        attempt([&] {
            const auto ids = cloud::get_server(client_, server).floating_ips;
            if (!ids) {
                problem(fmt::format("GET /servers/{}: no public_net.floating_ips in the answer",
                                    server));
                return;
            }
            for (const auto id : *ids) {
                attempt([&] { look_at(id, server, cache); });
            }
        });
        result_.rate_limit = client_.rate_limit();
        return std::move(result_);
    }

  private:
    void look_at(std::int64_t id, std::int64_t server,
                 const std::map<std::int64_t, cloud::FloatingIp>& cache) {
        const auto known = cache.find(id);
        auto floating_ip =
            known != cache.end() ? known->second : cloud::get_floating_ip(client_, id);
        // Moved away between the two requests: the later answer counts.
        if (floating_ip.server != server) return;
        result_.answer.list.push_back(std::move(floating_ip));
    }

    template <typename Action>
    void attempt(Action action) {
        try {
            action();
        } catch (const cloud::Error& error) {
            result_.rate_limited |= error.kind() == cloud::ErrorKind::rate_limited;
            problem(error.what());
        }
    }

    void problem(std::string text) { result_.answer.problems.push_back(std::move(text)); }

    cloud::Client& client_;
    ApiRound result_;
};

}  // namespace

ApiRound ask_floating_ips(cloud::Client& client, std::int64_t server,
                          const std::map<std::int64_t, cloud::FloatingIp>& cache) {
    return Round(client).ask(server, cache);
}

cloud::ClientOptions api_options(const Config& config) {
    cloud::ClientOptions options;
    options.endpoint = config.api.endpoint;
    options.ca_file = config.api.ca_file;
    options.user_agent = fmt::format("hcloud-agent/{}", kVersion);
    return options;
}

}  // namespace hcloud::agent
