// For what must hold whatever the bytes: ends the process, which the fuzzer takes for a crash.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace hcloud::fuzz {

inline void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

}  // namespace hcloud::fuzz
