#include "agent/config/keys.h"

#include "agent/config/fields.h"
#include "agent/config/keys_register.h"

#include <utility>

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

template <typename Enum>
Choice choice(Field<Enum> field, Words words) {
    const auto get = [field](Config& config) { return static_cast<std::size_t>(field(config)); };
    const auto set = [field](Config& c, std::size_t index) { field(c) = static_cast<Enum>(index); };
    return {std::move(words), get, set};
}

Section metadata_section() {
    using Metadata = Config::Metadata;
    const Endpoint endpoint{in<&Config::metadata, &Metadata::endpoint>, parse_metadata_endpoint,
                            "an http:// URL", "^[hH][tT][tT][pP]://"};
    const Duration interval{in<&Config::metadata, &Metadata::interval>, milliseconds(100),
                            hours(1)};
    return {"metadata",
            "Where this server learns what it is.",
            {{"endpoint", "The metadata service.", endpoint},
             {"interval", "How often metadata is read again.", interval},
             {"guard",
              "root-only: nftables rules keep everybody but root and the agent from the metadata\n"
              "service, containers and forwarded traffic included: user data may hold secrets.\n"
              "off: whoever runs a program here may read it.",
              choice<MetadataGuard>(in<&Config::metadata, &Metadata::guard>, {"off", "root-only"})},
             {"guard_users",
              "Who else may reach it, with guard: root-only. Names are looked up in /etc/passwd.",
              UserList{in<&Config::metadata, &Metadata::guard_users>}, "guard"}}};
}

std::vector<Key> api_keys() {
    using Api = Config::Api;
    const Endpoint endpoint{
        in<&Config::api, &Api::endpoint>, parse_api_endpoint,
        "an https:// URL, or an http:// one to loopback",
        R"(^([hH][tT][tT][pP][sS]://|[hH][tT][tT][pP]://(127\.|\[::1\]|localhost([:/]|$))))"};
    const Path token_file{
        in<&Config::api, &Api::token_file>, "/etc/hcloud-agent/token",
        "this names the file with the token: write its full path, never the token itself"};
    const Path ca_file{in<&Config::api, &Api::ca_file>, "/etc/ssl/my-ca.pem",
                       "write the full path of a PEM file"};
    const Duration interval{in<&Config::api, &Api::interval>, seconds(1), hours(1)};
    const Percent reserve{in<&Config::api, &Api::reserve>, 0, 90};
    return {{"endpoint", "The API. Only loopback may be reached over http://.", endpoint},
            {"token_file",
             "The file with the API token. If it is not set, the systemd credential\n"
             "\"hcloud-token\" is taken (the unit makes it of /etc/hcloud-agent/token), then\n"
             "the environment variable HCLOUD_TOKEN, then that file.",
             token_file},
            {"ca_file", "A PEM file with one more certificate authority to trust.", ca_file},
            {"interval",
             "How often the API is asked. The agent asks less often as the project's\n"
             "shared rate limit runs low.",
             interval},
            {"reserve",
             "The share of the project's rate limit that is kept for failover and\n"
             "registration: regular questions leave it alone.",
             reserve}};
}

Section api_section() {
    return {"api", "The Hetzner Cloud API. Without a token it is left alone, and metadata must do.",
            api_keys()};
}

Section identity_section() {
    return {"identity",
            "How this server makes sure that metadata speaks of itself and not of a gateway.",
            {{"verify",
              "dmi: the serial number in the DMI must equal metadata's instance-id.\n"
              "metadata: metadata alone is believed.",
              choice<VerifyBy>(in<&Config::identity, &Config::Identity::verify>,
                               {"dmi", "metadata"})}}};
}

std::vector<Key> private_keys() {
    using Network = Config::Network;
    const Duration grace{in<&Config::network, &Network::dhcp_grace>, seconds(0), minutes(10)};
    return {{"private_networks",
             "auto: finish what DHCP left undone on private networks, alias IPs included.\n"
             "addresses: configure alias IPs only. off: leave private networks alone.",
             choice<PrivateMode>(in<&Config::network, &Network::private_networks>,
                                 {"auto", "addresses", "off"})},
            {"dhcp_grace",
             "How long a new private interface is left to DHCP before the agent configures it.",
             grace}};
}

std::vector<Key> public_keys() {
    using Network = Config::Network;
    const FloatingList floating{in<&Config::network, &Network::floating_ips>, {"assigned", "off"}};
    const Boolean pin{in<&Config::network, &Network::pin_metadata_route>};
    return {
        {"floating_ips",
         "assigned: configure those that the API says are assigned to this server.\n"
         "off: leave floating IPs alone. A list such as [203.0.113.5, \"2001:db8:1::1/64\"]:\n"
         "configure these, whether or not there is a token.",
         floating},
        {"default_route",
         "private: add a default route through the gateway of the first private network, for\n"
         "servers without a public address. off: leave the default route alone.",
         choice<DefaultRoute>(in<&Config::network, &Network::default_route>, {"off", "private"})},
        {"pin_metadata_route",
         "Keep the route to the metadata service on the public interface, so that a route\n"
         "pushed by DHCP on a private network cannot take it away.",
         pin}};
}

Section network_section() {
    auto keys = private_keys();
    for (auto& key : public_keys())
        keys.push_back(std::move(key));
    return {"network", "What is configured on this server's interfaces.", std::move(keys)};
}

Section metrics_section() {
    const Listen listen{in<&Config::metrics, &Config::Metrics::listen>,
                        {"off"},
                        R"(^(127\.[0-9.]+|\[::1\]):[0-9]{1,5}$)"};
    return {"metrics",
            "Numbers for Prometheus. The control socket has them in any case, as /metrics.",
            {{"listen",
              "Where they are served over HTTP besides, to whoever asks on this server:\n"
              "127.0.0.1:9478, say.",
              listen}}};
}

}  // namespace

const std::vector<Section>& sections() {
    static const std::vector<Section> table{metadata_section(), api_section(),
                                            identity_section(), network_section(),
                                            register_section(), metrics_section()};
    return table;
}

const Words& later_sections() {
    static const Words names{"failover"};
    return names;
}

}  // namespace hcloud::agent::config
