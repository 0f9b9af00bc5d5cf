#include "agent/daemon/api_round.h"

#include "actions/cloud/floating_ips.h"
#include "actions/cloud/servers.h"
#include "agent/version.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

class Round {
  public:
    // A round that failed is said at once; the next one is the retry.
    Round(cloud::Client& client, cloud::Priority priority)
        : client_(client), once_{.priority = priority, .retry = false} {}

    void ask_server(std::int64_t server) {
        attempt([&] { result_.server = cloud::get_server(client_, server, once_); });
    }

    void ask_floating_ips(const std::map<std::int64_t, cloud::FloatingIp>& cache) {
        if (!result_.server) return;
        const auto server = result_.server->id;
        const auto& ids = result_.server->floating_ips;
        if (!ids) {
            problem(
                fmt::format("GET /servers/{}: no public_net.floating_ips in the answer", server));
            return;
        }
        for (const auto id : *ids) {
            attempt([&] { look_at(id, server, cache); });
        }
    }

    ApiRound finish() {
        if (answered_) result_.rate_limit = client_.budget().estimate(client_.now());
        return std::move(result_);
    }

  private:
    void look_at(std::int64_t id, std::int64_t server,
                 const std::map<std::int64_t, cloud::FloatingIp>& cache) {
        const auto known = cache.find(id);
        auto floating_ip =
            known != cache.end() ? known->second : cloud::get_floating_ip(client_, id, once_);
        // Moved away between the two requests: the later answer counts.
        if (floating_ip.server != server) return;
        result_.answer.list.push_back(std::move(floating_ip));
    }

    template <typename Action>
    void attempt(Action action) {
        try {
            action();
            answered_ = true;
        } catch (const cloud::Error& error) {
            answered_ |= error.details().http_status != 0;
            result_.rate_limited |= error.kind() == cloud::ErrorKind::rate_limited;
            problem(error.what());
        }
    }

    void problem(std::string text) { result_.answer.problems.push_back(std::move(text)); }

    cloud::Client& client_;
    cloud::CallOptions once_;
    bool answered_ = false;
    ApiRound result_;
};

}  // namespace

ApiRound ask_floating_ips(cloud::Client& client, std::int64_t server,
                          const std::map<std::int64_t, cloud::FloatingIp>& cache,
                          cloud::Priority priority) {
    Round round(client, priority);
    round.ask_server(server);
    round.ask_floating_ips(cache);
    return round.finish();
}

ApiRound ask_server(cloud::Client& client, std::int64_t server, cloud::Priority priority) {
    Round round(client, priority);
    round.ask_server(server);
    return round.finish();
}

cloud::ClientOptions api_options(const Config& config) {
    cloud::ClientOptions options;
    options.endpoint = config.api.endpoint;
    options.ca_file = config.api.ca_file;
    options.proxy = cloud::proxy_from_environment();
    options.reserve_percent = config.api.reserve;
    options.user_agent = fmt::format("hcloud-agent/{}", kVersion);
    return options;
}

}  // namespace hcloud::agent
