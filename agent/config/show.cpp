#include "agent/config/show.h"

#include "agent/config/keys.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/stlemitter.h>

namespace hcloud::agent {

namespace {

struct Emit {
    YAML::Emitter& out;
    void operator()(std::monostate) const { out << YAML::Null; }
    void operator()(bool value) const { out << value; }
    void operator()(const std::string& value) const { out << value; }
    void operator()(const std::vector<std::string>& list) const { out << YAML::Flow << list; }
};

}  // namespace

std::string show_config(const Config& config) {
    YAML::Emitter out;
    out << YAML::LowerNull << YAML::BeginMap;
    for (const auto& section : config::sections()) {
        out << YAML::Key << std::string(section.name) << YAML::Value << YAML::BeginMap;
        for (const auto& key : section.keys) {
            out << YAML::Key << std::string(key.name) << YAML::Value;
            std::visit(Emit{out}, config::value_of(key.type, config));
        }
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace hcloud::agent
