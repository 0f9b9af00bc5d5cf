// How soon a thing may be tried again: at once as a rule, with growing pauses when something undoes
// it again and again, or when the kernel or the API refuses it.
//
// Pure: the caller brings the time (monotonic).
#pragma once

#include "agent/planner/plan.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace hcloud::agent {

using Clock = std::chrono::steady_clock;

struct DampingLimits {
    /// This many losses within the window are repaired at once: a manager that reconfigures, a
    /// flap.
    int free_losses = 5;
    std::chrono::seconds window{30};
    std::chrono::seconds first_pause{1};
    std::chrono::seconds longest_pause{60};
    /// A thing that stayed for so long starts afresh.
    std::chrono::minutes calm{5};
};

class Damping {
  public:
    explicit Damping(const DampingLimits& limits = {}) : limits_(limits) {}

    /// It was there, and somebody else took it away.
    void lost(const Key& key, Clock::time_point now);
    /// The kernel, or the API, refused it.
    void failed(const Key& key, Clock::time_point now);

    /// Once a cycle: drops the history of what has been calm.
    void forget_calm(Clock::time_point now);

    /// What must wait at this time.
    std::set<Key> held(Clock::time_point now) const;
    /// When the next held thing may be tried; nothing if none is held.
    std::optional<Clock::time_point> next_release(Clock::time_point now) const;
    /// Undone so often that it is damped; until it has been calm.
    std::set<Key> contested(Clock::time_point now) const;

  private:
    struct Record {
        Clock::time_point first{};  // of the losses that count
        Clock::time_point last{};
        Clock::time_point held_until{};
        int losses = 0;
        std::chrono::seconds pause{0};
        bool contested = false;
    };
    bool calm(const Record& record, Clock::time_point now) const;
    void hold(Record& record, Clock::time_point now) const;

    DampingLimits limits_;
    std::map<Key, Record> records_;
};

}  // namespace hcloud::agent
