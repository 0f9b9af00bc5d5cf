#include "tests/simulator/state/state_file.h"

#include "tests/simulator/state/state_json.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

constexpr int kMaxDepth = 32;  // an alias may contain itself

/// YAML to JSON, remembering the line of every key and list item.
class Converter {
  public:
    json convert(const YAML::Node& node, const Pointer& where, int depth = 0) {
        if (depth > kMaxDepth) throw StateError(where, "is nested too deeply");
        if (node.IsMap()) return convert_map(node, where, depth);
        if (node.IsSequence()) return convert_list(node, where, depth);
        return node.IsScalar() ? convert_scalar(node) : json(nullptr);
    }

    /// The line of the key at `where`, or of the nearest one around it.
    int line_of(Pointer where) const {
        for (;; where.pop_back()) {
            const auto line = lines_.find(where.to_string());
            if (line != lines_.end()) return line->second;
            if (where.empty()) return 1;
        }
    }

  private:
    json convert_map(const YAML::Node& node, const Pointer& where, int depth) {
        json object = json::object();
        for (const auto& entry : node) {
            if (!entry.first.IsScalar()) throw StateError(where, "has a key that is no text");
            const std::string& key = entry.first.Scalar();
            lines_[(where / key).to_string()] = entry.first.Mark().line + 1;
            if (object.contains(key)) throw StateError(where / key, "is there twice");
            object[key] = convert(entry.second, where / key, depth + 1);
        }
        return object;
    }

    json convert_list(const YAML::Node& node, const Pointer& where, int depth) {
        json list = json::array();
        for (const YAML::Node& item : node) {
            const Pointer place = where / list.size();
            lines_[place.to_string()] = item.Mark().line + 1;
            list.push_back(convert(item, place, depth + 1));
        }
        return list;
    }

    // Plain whole numbers, true, false and null have a type; all else is text, so that unquoted
    // MAC addresses stay what they are.
    static json convert_scalar(const YAML::Node& node) {
        const std::string& text = node.Scalar();
        if (node.Tag() == "!") return text;
        if (text == "~" || text == "null" || text.empty()) return nullptr;
        if (text == "true" || text == "false") return text == "true";
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        return whole ? json(number) : json(text);
    }

    std::map<std::string, int> lines_;
};

}  // namespace

State parse_state_text(const std::string& text, const std::string& name) {
    Converter converter;
    try {
        const YAML::Node root = YAML::Load(text);
        const json document = converter.convert(root, Pointer());
        return parse_state(document.is_null() ? json::object() : document);
    } catch (const StateError& error) {
        throw StateFileError(
            fmt::format("{}:{}: {}", name, converter.line_of(error.where()), error.what()));
    } catch (const YAML::Exception& error) {
        throw StateFileError(fmt::format("{}:{}: {}", name, error.mark.line + 1, error.msg));
    }
}

State load_state_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw StateFileError(fmt::format("{}: {}", path, std::strerror(errno)));
    if (std::filesystem::is_directory(path)) throw StateFileError(path + ": is a directory");
    std::ostringstream text;
    text << file.rdbuf();
    if (text.bad() || file.bad()) throw StateFileError(path + ": cannot be read to its end");
    return parse_state_text(text.str(), path);
}

const char* const kExampleState =
    R"(tokens: {sim-token: read-write, ro-token: read-only}   # leave out: any token will do
rate_limit: {limit: 3600, remaining: 3600}             # a bucket that refills with limit/hour
action_duration: 500ms                                 # how long assign, attach, ... take
networks:
  4711: {name: backend, ip_range: 10.0.0.0/16, subnets: [10.0.0.0/24]}
servers:
  42:
    name: web1
    location: fsn1
    public_ipv4: 203.0.113.10                          # leave out: no public IPv4
    public_ipv6: "2001:db8:42::/64"
    private_net:
      - {network: 4711, ip: 10.0.0.2, alias_ips: [10.0.0.3], mac_address: "86:00:00:2a:7d:e0"}
  43:
    name: web2
    location: nbg1
    public_ipv4: 203.0.113.11
    private_net:
      - {network: 4711, ip: 10.0.0.4}
floating_ips:
  478: {name: web-vip, ip: 203.0.113.77, server: 42, home_location: fsn1}
  479: {name: web-vip6, ip: "2001:db8:77::/64", server: null}
metadata:
  default_server: 42        # who asks from an address that no server has
  lag: 0s                   # how long metadata is behind the API
  private_networks_when_none: "[]"   # or empty, 204, 404
  public_ipv4_when_none: 404         # or empty, 204
)";

}  // namespace hcloud::sim
