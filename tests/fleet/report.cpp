#include "tests/fleet/report.h"

#include "tests/bench/figures.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace hcloud::fleet {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kChangeEvery{90};
constexpr hours kReplaceEvery{1};

/// The most that lie within `window`, of those in the first hour or of those after it.
std::int64_t peak(const std::vector<milliseconds>& polls, bool first_hour, seconds window) {
    std::int64_t most = 0;
    for (auto first = polls.begin(), last = polls.begin(); last != polls.end(); ++last) {
        if ((*last < hours(1)) != first_hour) continue;
        while (*last - *first > window)
            ++first;
        most = std::max<std::int64_t>(most, last - first + 1);
    }
    return most;
}

double busiest_10s(const std::vector<milliseconds>& polls) {
    std::map<hours, double> by_hour;
    for (const auto poll : polls)
        ++by_hour[std::chrono::duration_cast<hours>(poll)];
    double most = 0;
    for (const auto& [hour, count] : by_hour)
        most = std::max(most, count / 360);
    return most;
}

void fill(Report& report, const Ledger& ledger) {
    report.polls = static_cast<std::int64_t>(ledger.polls.size());
    report.interval = report.hours * 3600 * static_cast<double>(report.servers) /
                      static_cast<double>(report.polls);
    report.lowest = ledger.lowest_after_poll;
    report.below_reserve = ledger.polls_below_reserve;
    report.refused_polls = ledger.refused_polls;
    report.essential = ledger.essential;
    report.refused_essential = ledger.refused_essential;
    report.busiest_10s = busiest_10s(ledger.polls);
    report.peak = peak(ledger.polls, false, seconds(10));
    report.peak_at_boot = peak(ledger.polls, true, seconds(1));
}

void fill(Report& report, const Changes& changes) {
    const auto& delays = changes.delays();
    report.changes = delays.size() + changes.unnoticed();
    report.unnoticed = changes.unnoticed();
    report.wrong = changes.wrong();
    if (delays.empty()) return;
    report.median_delay = bench::median(delays);
    report.p99_delay = bench::quantile(delays, 0.99);
}

}  // namespace

Report run(const Day& day) {
    Fleet fleet(day.servers);
    auto& timeline = fleet.timeline();
    fleet.boot_all(day.boot);
    timeline.run_until(day.begin);
    fleet.project().forget();
    const auto end = day.begin + day.length;
    fleet.move_floating_ips(kChangeEvery, end);
    fleet.replace_servers(kReplaceEvery, end);
    timeline.in(hours(1), [&] { fleet.reboot_all(day.reboots_apart); });
    timeline.run_until(end);
    auto report = report_of(fleet, day.length);
    // Whoever has not looked since the latest changes does so in time.
    while (fleet.changes().unnoticed() > 0 && timeline.now() < end + 2 * agent::Pacing::kLongest)
        timeline.run_until(timeline.now() + minutes(1));
    fill(report, fleet.changes());
    return report;
}

Report report_of(const Fleet& fleet, milliseconds length) {
    Report report;
    report.servers = static_cast<std::int64_t>(fleet.size());
    report.hours = std::chrono::duration<double, std::ratio<3600>>(length).count();
    fill(report, fleet.project().ledger());
    return report;
}

std::string Report::text() const {
    return fmt::format(
        "fleet of {:>5}: a poll every {:.0f} s, a change is noticed after {:.0f} s (median), "
        "{:.0f} "
        "s (99 %), lowest level {} of {}, {:.0f} polls/h, at most {} in 10 s ({} in 1 s at boot)",
        servers, interval, median_delay, p99_delay, lowest, kLimit, polls_per_hour(), peak,
        peak_at_boot);
}

}  // namespace hcloud::fleet
