// How soon a thing may be tried again: at once as a rule, with growing pauses when something undoes
// it again and again, or when the kernel refuses it.
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

class Damping {
  public:
    /// This many losses within the window are repaired at once: a manager that reconfigures, a
    /// flap.
    static constexpr int kFreeLosses = 5;
    static constexpr std::chrono::seconds kWindow{30};
    static constexpr std::chrono::seconds kFirstPause{1};
    static constexpr std::chrono::seconds kLongestPause{60};
    /// A thing that stayed for so long starts afresh.
    static constexpr std::chrono::minutes kCalm{5};

    /// It was there, and somebody else took it away.
    void lost(const Key& key, Clock::time_point now);
    /// The kernel refused it.
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
    static bool calm(const Record& record, Clock::time_point now);
    static void hold(Record& record, Clock::time_point now);

    std::map<Key, Record> records_;
};

}  // namespace hcloud::agent
