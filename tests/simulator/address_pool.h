// Public addresses for what is created. One that was given comes again only when all have been.
//
// They come from the ranges for documentation (RFC 5737, RFC 3849) and for benchmarks (RFC 2544),
// so that none is anybody's.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace hcloud::sim {

struct State;

class AddressPool {
  public:
    /// Keeps the addresses that the state uses from being given.
    void avoid(const State& state);

    /// "ipv4": an address; "ipv6": a /64. std::nullopt when the state uses all.
    std::optional<std::string> next(const std::string& type, const State& state);

  private:
    std::optional<std::string> unused(const std::string& type);

    std::set<std::string> used_;  // IPv6 networks in their shortest form
    std::uint32_t ipv4_ = 0;      // how many have been looked at
    std::uint32_t ipv6_ = 0;
};

}  // namespace hcloud::sim
