#include "agent/doctor/api_look.h"

#include "actions/cloud/client.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/servers.h"
#include "agent/daemon/api_round.h"
#include "agent/daemon/worker.h"
#include "metadata/client.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

constexpr std::chrono::seconds kMetadataDeadline{5};
constexpr std::chrono::milliseconds kApiDeadline{15000};  // for each request

class ApiRoundOfDoctor {
  public:
    ApiRoundOfDoctor(const Config& config, cloud::Client& client, ApiLook& look)
        : config_(config), client_(client), look_(look) {}

    void ask(std::optional<std::int64_t> server) {
        try {
            if (server) {
                ask_server(*server);
            } else {
                client_.get("/servers?per_page=1", once_);
            }
            look_.facts.kind = token_kind();
        } catch (const cloud::Error& error) {
            look_.facts.error = error;
            look_.assigned.problems.emplace_back(error.what());
        }
    }

  private:
    void ask_server(std::int64_t server) {
        const auto ids = cloud::get_server(client_, server, once_).floating_ips;
        for (const auto id : ids.value_or(cloud::Ids{})) {
            auto floating_ip = cloud::get_floating_ip(client_, id, once_);
            if (floating_ip.server == server) {
                look_.assigned.list.push_back(std::move(floating_ip));
            }
        }
        const auto* list = std::get_if<std::vector<host::Prefix>>(&config_.network.floating_ips);
        if (list != nullptr && !list->empty()) ask_holders(*list);
    }

    /// A listed address that the project does not have may be another project's: nobody's fault.
    void ask_holders(const std::vector<host::Prefix>& listed) {
        for (const auto& floating_ip : cloud::list_floating_ips(client_, {}, once_)) {
            const auto range = host::Prefix::parse(floating_ip.ip);
            const auto found = std::find_if(listed.begin(), listed.end(), [&](const auto& entry) {
                return range && range->contains(entry.address);
            });
            if (found != listed.end()) {
                look_.holders.push_back({found->address, floating_ip.server});
            }
        }
    }

    /// No endpoint tells. A change is asked for that nobody could make: server 0, which is no id
    /// that the API gives, and without the fields that the call requires. A token that may only
    /// read is refused for its being a POST (401 token_readonly), one that may write for the rest
    /// (404 or 422). Were the order otherwise somewhere, a reading token would be taken for a
    /// writing one; nothing could be changed either way.
    TokenKind token_kind() {
        try {
            client_.call({"POST", "/servers/0/actions/change_dns_ptr", nlohmann::json::object()},
                         once_);
        } catch (const cloud::Error& error) {
            return kind_by(error);
        }
        return TokenKind::not_established;
    }

    const Config& config_;
    cloud::Client& client_;
    ApiLook& look_;
    const cloud::CallOptions once_{.deadline = kApiDeadline, .retry = false};
};

std::string proxy_of(const Config& config) {
    // As the client decides it: plain HTTP is for loopback, where no proxy leads.
    const auto settings = cloud::proxy_from_environment();
    const std::string secure = "https://";
    if (!config.api.endpoint.starts_with(secure)) return {};
    const auto rest = config.api.endpoint.substr(secure.size());
    const auto proxy = cloud::proxy_for(rest.substr(0, rest.find_first_of(":/")), settings);
    return proxy ? fmt::format("{}:{}", proxy->host, proxy->port) : std::string();
}

std::optional<std::chrono::seconds> ahead_of(const cloud::Client& client) {
    const auto there = client.server_time();
    if (!there) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() -
                                                            *there);
}

}  // namespace

MetadataAnswers ask_metadata(const Config& config) {
    metadata::ClientOptions options;
    options.endpoint = config.metadata.endpoint;
    const auto client = std::make_shared<metadata::Client>(options);
    const auto request = "GET " + options.endpoint;
    const metadata::Error silent{metadata::ErrorKind::broken, request, "was not asked"};
    auto answers = std::make_shared<MetadataAnswers>(MetadataAnswers{silent, silent, request});
    sd::Event event;
    Worker worker(event);
    worker.start(
        kMetadataDeadline,
        [&event, client, answers] {
            answers->root = client->root();
            // Not worth another time-out.
            const auto* error = answers->root.error();
            if (error != nullptr) {
                answers->private_networks = *error;
            } else {
                answers->private_networks = client->private_networks();
            }
            return [&event] { event.quit(); };
        },
        [&event, answers, request](const std::string& why) {
            answers->root = metadata::Error{metadata::ErrorKind::broken, request, why};
            event.quit();
        },
        [client] { client->cancel(); });
    event.run();
    return *answers;
}

ApiLook ask_api(const Config& config, const cloud::Token& token,
                std::optional<std::int64_t> server) {
    ApiLook look;
    look.facts.asked = true;
    look.facts.endpoint = config.api.endpoint;
    look.facts.server = server.value_or(0);
    look.facts.reserve_percent = config.api.reserve;
    try {
        look.facts.proxy = proxy_of(config);
        cloud::Client client(api_options(config), token);
        ApiRoundOfDoctor(config, client, look).ask(server);
        look.facts.rate = client.rate_limit();
        look.facts.ahead = ahead_of(client);
    } catch (const std::invalid_argument& error) {  // the proxy's URL: the endpoint was checked
        look.facts.error = cloud::Error({.kind = cloud::ErrorKind::unreachable,
                                         .request = "GET " + config.api.endpoint,
                                         .message = error.what(),
                                         .stage = cloud::Stage::proxy});
    }
    return look;
}

}  // namespace hcloud::agent::doctor
