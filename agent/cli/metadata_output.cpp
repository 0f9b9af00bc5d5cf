#include "agent/cli/metadata_output.h"

#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace hcloud::agent {

namespace {

using nlohmann::ordered_json;

// Values come from outside: quoted as systemd's EnvironmentFile= and the shell both read it.
std::string env_line(const std::string& name, const std::string& value) {
    constexpr const char* kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/,-";
    if (value.find_first_not_of(kPlain) == std::string::npos) {
        return fmt::format("AFTERBURN_HETZNER_{}={}\n", name, value);
    }
    std::string quoted;
    for (const char c : value) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
        quoted += c;
    }
    return fmt::format("AFTERBURN_HETZNER_{}=\"{}\"\n", name, quoted);
}

std::string env_name(const std::string& key) {
    std::string name;
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        name += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
    }
    return name;
}

std::string env(const metadata::Root& root, const metadata::PrivateNetworks& networks) {
    auto text = env_line("AVAILABILITY_ZONE", root.availability_zone) +
                env_line("HOSTNAME", root.hostname) +
                env_line("INSTANCE_ID", std::to_string(root.instance_id));
    for (std::size_t i = 0; i < networks.entries.size(); ++i) {
        text += env_line(fmt::format("PRIVATE_IPV4_{}", i), networks.entries[i].ip);
    }
    if (root.public_ipv4) text += env_line("PUBLIC_IPV4", *root.public_ipv4);
    return text + env_line("REGION", root.region);
}

ordered_json as_json(const metadata::PrivateNetwork& network) {
    return {{"ip", network.ip},
            {"alias_ips", network.alias_ips},
            {"interface_num", network.interface_num},
            {"mac_address", network.mac_address},
            {"network_id", network.network_id},
            {"network_name", network.network_name},
            {"network", network.network},
            {"subnet", network.subnet},
            {"gateway", network.gateway}};
}

ordered_json as_json(const metadata::Root& root, const metadata::PrivateNetworks& networks) {
    ordered_json result = {{"availability-zone", root.availability_zone},
                           {"hostname", root.hostname},
                           {"instance-id", root.instance_id},
                           {"public-ipv4", nullptr},
                           {"region", root.region},
                           {"private-networks", ordered_json::array()}};
    if (root.public_ipv4) result["public-ipv4"] = *root.public_ipv4;
    for (const auto& network : networks.entries) {
        result["private-networks"].push_back(as_json(network));
    }
    return result;
}

// JSON is YAML; the emitter only has to give it YAML's looks.
std::string as_yaml(const ordered_json& value) {
    YAML::Emitter emitter;
    auto node = YAML::Load(value.dump());
    const auto restyle = [](auto self, YAML::Node part) -> void {
        part.SetStyle(YAML::EmitterStyle::Block);
        for (auto child : part)
            self(self, part.IsMap() ? child.second : child);
    };
    restyle(restyle, node);
    emitter << node;
    return std::string(emitter.c_str()) + "\n";
}

}  // namespace

std::string format_all(const metadata::Root& root, const metadata::PrivateNetworks& networks,
                       const std::string& format) {
    if (format == "env") return env(root, networks);
    const auto value = as_json(root, networks);
    constexpr auto kReplace = ordered_json::error_handler_t::replace;
    return format == "json" ? value.dump(2, ' ', false, kReplace) + "\n" : as_yaml(value);
}

std::string format_leaf(const std::string& key, const std::string& value,
                        const std::string& format) {
    if (format == "env") return env_line(env_name(key), value);
    const ordered_json whole = {{key, value}};
    if (format == "json") {
        return whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }
    return format == "yaml" ? as_yaml(whole) : value + "\n";
}

}  // namespace hcloud::agent
