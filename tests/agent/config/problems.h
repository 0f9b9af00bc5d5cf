// For tests of bad input: what parse_config() says of a text.
#pragma once

#include "agent/config/load.h"

#include <string>

namespace hcloud::agent::test {

/// The text of the ConfigError, the file being called "c.yaml"; "accepted" if there is none.
inline std::string problems_of(const std::string& yaml) {
    try {
        parse_config(yaml, "c.yaml");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

/// One case of a table of bad inputs: the name of the test, the text, and all that is said of it.
struct BadInput {
    std::string name;
    std::string yaml;
    std::string problems;
};

inline void PrintTo(const BadInput& input, std::ostream* out) {
    *out << input.name;
}

}  // namespace hcloud::agent::test
