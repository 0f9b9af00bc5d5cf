// Addresses by the hundred, for what takes the longer the more there are.
#pragma once

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::bench {

/// 250 to a /24 of 198.18.0.0/15, which is for benchmarks (RFC 2544).
inline std::string address_of(int i) {
    return fmt::format("198.18.{}.{}", i / 250, i % 250 + 1);
}

/// The list of a configuration: ["198.18.0.1", …]
inline nlohmann::json addresses(int count) {
    auto list = nlohmann::json::array();
    for (int i = 0; i < count; ++i)
        list.push_back(address_of(i));
    return list;
}

/// What `ip -batch` reads to add them to eth0, as the agent does.
inline std::string batch_of(int count) {
    std::string batch;
    for (int i = 0; i < count; ++i)
        batch += fmt::format("addr add {}/32 dev eth0 scope host\n", address_of(i));
    return batch;
}

}  // namespace hcloud::bench
