#include "tests/fleet/agent.h"

#include <utility>

namespace hcloud::fleet {

namespace {

std::set<std::int64_t> ids_of(const agent::ApiRound& round) {
    std::set<std::int64_t> ids;
    for (const auto& floating_ip : round.answer.list)
        ids.insert(floating_ip.id);
    return ids;
}

}  // namespace

Agent::Agent(Timeline& timeline, Project& project, std::int64_t server, Seen seen)
    : timeline_(timeline),
      project_(project),
      clock_(timeline),
      server_(server),
      seen_(std::move(seen)) {}

void Agent::boot() {
    ++boots_;
    const auto seed = static_cast<std::uint32_t>(server_) * 100 + boots_;
    pacing_.emplace(kWantedInterval, kReservePercent, seed);
    client_.reset();
    cache_.clear();
    poll_in(pacing_->spread(timeline_.steady()));
}

void Agent::stop() {
    ++boots_;  // so that the poll that was planned finds itself outdated
    pacing_.reset();
}

void Agent::poll_in(milliseconds delay) {
    timeline_.in(delay, [this, boot = boots_] {
        if (boot == boots_) poll();
    });
}

void Agent::poll() {
    if (!client_) client_ = project_.client(clock_, Traffic::polling);
    const auto round =
        agent::ask_floating_ips(*client_, server_, cache_, cloud::Priority::background);
    for (const auto& floating_ip : round.answer.list)
        cache_[floating_ip.id] = floating_ip;
    if (round.answer.problems.empty()) {
        seen_(server_, ids_of(round));
    } else {
        client_.reset();  // as the agent does
    }
    poll_in(pacing_->next(round.rate_limit, timeline_.steady()));
}

}  // namespace hcloud::fleet
