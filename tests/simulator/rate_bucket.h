// The API's rate limit: a token bucket that refills evenly.
#pragma once

#include "tests/simulator/state/state.h"
#include "tests/simulator/values.h"

namespace hcloud::sim {

class RateBucket {
  public:
    RateBucket(RateLimit rate, Time now)
        : limit_(rate.limit), level_(static_cast<double>(rate.remaining)), at_(now) {}

    /// Takes one request; false if there is none left.
    bool take(Time now);
    RateLimit level(Time now);
    /// When the bucket will be full again.
    Time full_at(Time now);

  private:
    void refill(Time now);

    std::int64_t limit_;
    double level_;
    Time at_;
};

}  // namespace hcloud::sim
