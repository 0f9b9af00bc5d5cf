// What nobody outside has established about the real service: each is a switch, so that a client
// can be tested against either answer.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <map>
#include <string>

namespace hcloud::sim {

class Switches {
  public:
    /// The value, or the first of the allowed ones. `name` is one of the table's in switches.cpp.
    std::string get(const std::string& name) const;

    static Switches read(ObjectReader& document);
    /// All of them.
    nlohmann::json document() const;
    /// "name: value, or another: what it means", a line each, for --help.
    static std::string help();

    bool operator==(const Switches&) const = default;

  private:
    std::map<std::string, std::string> values_;
};

}  // namespace hcloud::sim
