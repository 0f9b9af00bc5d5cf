// Where Prometheus's programs are: tests/setup.sh unpacks them, since the package would start a
// service.
#pragma once

#include "tests/lab/places.h"

#include <filesystem>
#include <string>

namespace hcloud::lab {

inline std::string prometheus_program(const std::string& name) {
    auto unpacked = in_source(".cache/unpacked/prometheus/usr/bin/" + name);
    return std::filesystem::exists(unpacked) ? unpacked : name;
}

}  // namespace hcloud::lab
