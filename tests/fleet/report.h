// A simulated day of a fleet, and what came of it.
#pragma once

#include "tests/fleet/fleet.h"

#include <cstdint>
#include <string>

namespace hcloud::fleet {

struct Day {
    std::int64_t servers = 1;
    /// All boot within this time; zero: in the same second.
    milliseconds boot{0};
    /// What came before is not reported.
    milliseconds begin{0};
    milliseconds length = std::chrono::hours(24);
    milliseconds reboots_apart = std::chrono::seconds(8);
};

struct Report {
    std::int64_t servers = 0;
    double hours = 0;
    std::int64_t polls = 0;
    double interval = 0;  // mean time between two polls of an agent, in seconds
    std::size_t changes = 0;
    std::size_t unnoticed = 0;
    std::int64_t wrong = 0;
    double median_delay = 0;  // from a change to its notice, in seconds
    double p99_delay = 0;
    std::int64_t lowest = 0;  // level of the bucket after a poll
    std::int64_t below_reserve = 0;
    std::int64_t refused_polls = 0;
    std::int64_t essential = 0;
    std::int64_t refused_essential = 0;
    double busiest_10s = 0;         // the mean of the busiest hour
    std::int64_t peak = 0;          // the most polls in any 10 s after the first hour
    std::int64_t peak_at_boot = 0;  // the most in any second of the first hour, when all begin

    double polls_per_hour() const { return static_cast<double>(polls) / hours; }
    std::string text() const;  // for the figures
};

Report run(const Day& day);
/// What the project's ledger says alone, for days of another kind.
Report report_of(const Fleet& fleet, milliseconds length);

}  // namespace hcloud::fleet
