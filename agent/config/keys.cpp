#include "agent/config/keys.h"

#include <utility>

namespace hcloud::agent::config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A place in Config, as a function to put into the table.
template <auto section, auto member>
auto& in(Config& config) {
    return (config.*section).*member;
}

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
             {"interval", "How often metadata is read again.", interval}},
            {}};
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
    return {{"endpoint", "The API. Only loopback may be reached over http://.", endpoint},
            {"token_file",
             "The file with the API token. If it is not set, the systemd credential\n"
             "\"hcloud-token\" is taken, then the environment variable HCLOUD_TOKEN.",
             token_file},
            {"ca_file", "A PEM file with one more certificate authority to trust.", ca_file},
            {"interval",
             "How often the API is asked. The agent asks less often as the project's\n"
             "shared rate limit runs low.",
             interval}};
}

Section api_section() {
    return {"api",
            "The Hetzner Cloud API. Without a token it is left alone, and metadata must do.",
            api_keys(),
            {"reserve"}};
}

Section identity_section() {
    return {
        "identity",
        "How this server makes sure that metadata speaks of itself and not of a gateway.",
        {{"verify",
          "dmi: the serial number in the DMI must equal metadata's instance-id.\n"
          "metadata: metadata alone is believed.",
          choice<VerifyBy>(in<&Config::identity, &Config::Identity::verify>, {"dmi", "metadata"})}},
        {}};
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
    return {"network", "What is configured on this server's interfaces.", std::move(keys), {}};
}

std::string expected_of(const Duration&) {
    return "a duration such as 10s or 500ms";
}
std::string expected_of(const Endpoint& type) {
    return std::string(type.scheme);
}
std::string expected_of(const Path& type) {
    return "an absolute path such as " + std::string(type.example);
}
std::string expected_of(const Boolean&) {
    return "true or false";
}
std::string expected_of(const Choice& type) {
    return one_of(type.words);
}
std::string expected_of(const FloatingList& type) {
    auto kinds = type.words;
    kinds.push_back("a list of addresses");
    return one_of(kinds);
}

template <typename T>
std::optional<Refusal> store(Parsed<T> parsed, T& field) {
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    field = std::move(std::get<T>(parsed));
    return std::nullopt;
}

std::optional<std::size_t> index_of(std::string_view text, const Words& words) {
    const bool means_off = parse_boolean(text) == false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == text || (means_off && words[i] == "off")) return i;
    }
    return std::nullopt;
}

Refusal unknown_word(const std::string& expectation, const std::string& text, const Words& words) {
    const auto near = nearest(text, words);
    return {"expected " + expectation + ", got " + quoted(text),
            near ? "did you mean " + quoted(*near) + "?" : "write one of these words"};
}

std::optional<Refusal> assign_to(const Duration& type, const std::string& text, Config& config) {
    return store(parse_duration(text, type.min, type.max), type.field(config));
}

std::optional<Refusal> assign_to(const Endpoint& type, const std::string& text, Config& config) {
    return store(type.parse(text), type.field(config));
}

/// Its text does not repeat the value: it may be the token itself.
std::optional<Refusal> assign_to(const Path& type, const std::string& text, Config& config) {
    if (!is_absolute_path(text))
        return Refusal{"expected " + expected_of(type), std::string(type.hint)};
    type.field(config) = text;
    return std::nullopt;
}

std::optional<Refusal> assign_to(const Boolean& type, const std::string& text, Config& config) {
    const auto value = parse_boolean(text);
    if (!value) {
        return Refusal{"expected " + expected_of(type) + ", got " + quoted(text),
                       "write true or false; yes, no, on and off mean the same"};
    }
    type.field(config) = *value;
    return std::nullopt;
}

std::optional<Refusal> assign_to(const Choice& type, const std::string& text, Config& config) {
    const auto index = index_of(text, type.words);
    if (!index) return unknown_word(expected_of(type), text, type.words);
    type.set(config, *index);
    return std::nullopt;
}

std::optional<Refusal> assign_to(const FloatingList& type, const std::string& text,
                                 Config& config) {
    if (const auto index = index_of(text, type.words)) {
        type.field(config) = static_cast<FloatingIpsMode>(*index);
        return std::nullopt;
    }
    auto refusal = unknown_word(expected_of(type), text, type.words);
    if (host::Prefix::parse(text)) refusal.hint = "write a list, even of one: [\"" + text + "\"]";
    return refusal;
}

Value value_in(const Duration& type, Config& config) {
    return to_text(type.field(config));
}
Value value_in(const Endpoint& type, Config& config) {
    return type.field(config);
}
Value value_in(const Boolean& type, Config& config) {
    return type.field(config);
}
Value value_in(const Choice& type, Config& config) {
    return std::string(type.words.at(type.get(config)));
}

Value value_in(const Path& type, Config& config) {
    const auto& path = type.field(config);
    return path.empty() ? Value() : Value(path);
}

Value value_in(const FloatingList& type, Config& config) {
    const auto& value = type.field(config);
    if (const auto* mode = std::get_if<FloatingIpsMode>(&value)) {
        return std::string(type.words.at(static_cast<std::size_t>(*mode)));
    }
    std::vector<std::string> list;
    for (const auto& prefix : std::get<std::vector<host::Prefix>>(value))
        list.push_back(to_text(prefix));
    return list;
}

}  // namespace

const std::vector<Section>& sections() {
    static const std::vector<Section> table{metadata_section(), api_section(), identity_section(),
                                            network_section()};
    return table;
}

const Words& later_sections() {
    static const Words names{"register", "failover"};
    return names;
}

std::string expected(const Type& type) {
    return std::visit([](const auto& kind) { return expected_of(kind); }, type);
}

std::string accepted(const Type& type) {
    const auto* duration = std::get_if<Duration>(&type);
    if (duration == nullptr) return expected(type);
    return "a duration from " + to_text(duration->min) + " to " + to_text(duration->max);
}

std::optional<Refusal> assign(const Type& type, const std::string& text, Config& config) {
    return std::visit([&](const auto& kind) { return assign_to(kind, text, config); }, type);
}

Value value_of(const Type& type, const Config& config) {
    Config copy = config;  // the table's accessors give references to write through
    return std::visit([&](const auto& kind) { return value_in(kind, copy); }, type);
}

}  // namespace hcloud::agent::config
