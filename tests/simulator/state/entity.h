// What every resource of the project has.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace hcloud::sim {

using Id = std::int64_t;
using Labels = std::map<std::string, std::string>;
using Time = std::chrono::system_clock::time_point;

/// When everything that the state file describes was created, unless it says otherwise:
/// 2026-01-30T23:55:00Z.
inline constexpr Time kCreated{std::chrono::seconds(1'769'817'300)};

struct Entity {
    std::string name;
    Labels labels;
    Time created = kCreated;
    bool delete_protection = false;
    bool operator==(const Entity&) const = default;
};

}  // namespace hcloud::sim
