// When to ask again what has become of an Action. Pure.
//
// Most actions end within seconds, some at once (FACTS: attach 3 s, volume create 6 to 9 s), and
// each question costs one of the project's requests: often at first, then ever less.
#pragma once

#include <chrono>

namespace hcloud::cloud {

enum class Pace {
    quick,    // somebody waits for it: failover
    sparing,  // seconds do not matter, requests do: registration
};

/// The pause before the next question, `waited` after the action began: 100 ms in the first second,
/// 250 ms until 5 s, then a twentieth of the time waited, up to 2 s. When the budget is low (what
/// is left is the reserve): 2 s from the start. Sparing: 1 s until 10 s, then 2 s.
std::chrono::milliseconds pause_before_next_poll(std::chrono::milliseconds waited, bool budget_low,
                                                 Pace pace = Pace::quick);

}  // namespace hcloud::cloud
