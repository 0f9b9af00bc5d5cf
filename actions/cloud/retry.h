// Whether the same request is tried again, and after what pause. Pure.
#pragma once

#include "actions/cloud/error_table.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace hcloud::cloud {

/// What kind of retry an error is worth.
Again again_after(const Error& error);

/// The retries of one call: bounded in number for each reason, pauses that grow and are jittered,
/// so that a fleet that failed together does not come back together. The deadline is the caller's.
class Retries {
  public:
    explicit Retries(std::uint32_t seed) : random_(seed) {}

    /// The pause before the next attempt; nothing when it is time to give up.
    std::optional<std::chrono::milliseconds> next(Again again);

  private:
    static constexpr std::size_t kReasons = 5;  // enumerators of Again
    std::array<int, kReasons> counts_{};
    std::minstd_rand random_;
};

}  // namespace hcloud::cloud
