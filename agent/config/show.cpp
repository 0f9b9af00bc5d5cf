#include "agent/config/show.h"

#include "agent/config/keys.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/stlemitter.h>

namespace hcloud::agent {

namespace {

/// {} and [] beside their key.
YAML::EMITTER_MANIP style(bool is_empty) {
    return is_empty ? YAML::Flow : YAML::Block;
}

struct Emit {
    YAML::Emitter& out;
    void operator()(std::monostate) const { out << YAML::Null; }
    void operator()(bool value) const { out << value; }
    void operator()(const std::string& value) const { out << value; }
    void operator()(const std::vector<std::string>& list) const { out << YAML::Flow << list; }
    void operator()(const config::Mapping& mapping) const {
        out << style(mapping.empty()) << YAML::BeginMap;
        for (const auto& entry : mapping) {
            out << YAML::Key << entry.name << YAML::Value;
            std::visit(*this, entry.value);
        }
        out << YAML::EndMap;
    }
    void operator()(const std::vector<config::Mapping>& list) const {
        out << style(list.empty()) << YAML::BeginSeq;
        for (const auto& mapping : list)
            (*this)(mapping);
        out << YAML::EndSeq;
    }
};

config::Mapping section_values(const config::Section& section, const Config& config) {
    config::Mapping mapping;
    for (const auto& key : section.keys)
        mapping.push_back({std::string(key.name), config::value_of(key.type, config)});
    return mapping;
}

}  // namespace

std::string show_config(const Config& config) {
    YAML::Emitter out;
    out << YAML::LowerNull;
    config::Mapping document;
    for (const auto& section : config::sections())
        document.push_back({std::string(section.name), section_values(section, config)});
    Emit{out}(document);
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace hcloud::agent
