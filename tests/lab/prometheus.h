// Where Prometheus's programs are: tests/setup.sh unpacks them, since the package would start a
// service.
#pragma once

#include <filesystem>
#include <string>

namespace hcloud::lab {

inline std::string prometheus_program(const std::string& name) {
    const auto unpacked = std::filesystem::path(HCLOUD_UNPACKED) / "prometheus/usr/bin" / name;
    return std::filesystem::exists(unpacked) ? unpacked.string() : name;
}

}  // namespace hcloud::lab
