// Every typed reader of an answer, by the key that it reads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

struct Reader {
    std::string key;                                  // "server", "servers"
    std::function<void(const nlohmann::json&)> read;  // an answer with that key; throws FieldError
    /// Whether two answers read as the same.
    std::function<bool(const nlohmann::json&, const nlohmann::json&)> same;
};

const std::vector<Reader>& readers();

}  // namespace hcloud::cloud
