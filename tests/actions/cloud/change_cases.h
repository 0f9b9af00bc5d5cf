// Every change that the typed resources know, with what it sends and how the resource looks before
// and after.
#pragma once

#include "actions/cloud/client.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

struct ChangeCase {
    std::string name;
    std::string endpoint;  // of the reference
    std::string path;
    nlohmann::json body;
    std::function<std::vector<Action>(Client&, const CallOptions&)> send;
    std::string resource;  // the path that tells whether it was made
    std::vector<nlohmann::json> made;
    std::vector<nlohmann::json> not_made;
};

inline void PrintTo(const ChangeCase& test, std::ostream* out) {
    *out << test.name;
}

std::vector<ChangeCase> change_cases();

}  // namespace hcloud::cloud
