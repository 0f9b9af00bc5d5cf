// Volumes: block storage that one server at a time can have.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <map>
#include <optional>
#include <string>

namespace hcloud::sim {

struct Volume : Entity {
    std::int64_t size = 10;  // GB
    std::string location;
    std::optional<std::string> format;  // ext4 or xfs
    std::optional<Id> server;
    std::string status = "available";  // or creating
    bool operator==(const Volume&) const = default;
};

inline constexpr std::int64_t kSmallestVolume = 10;
inline constexpr std::int64_t kLargestVolume = 10'240;
inline constexpr std::size_t kMaxVolumesPerServer = 16;

Volume read_volume(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const Volume& volume);

}  // namespace hcloud::sim
