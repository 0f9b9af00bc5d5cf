#include "tests/fleet/changes.h"

namespace hcloud::fleet {

std::optional<std::int64_t> Changes::holder(std::int64_t floating_ip) const {
    const auto found = holders_.find(floating_ip);
    return found == holders_.end() ? std::nullopt : std::optional(found->second);
}

std::set<std::int64_t> Changes::held_by(std::int64_t server) const {
    const auto found = holdings_.find(server);
    return found == holdings_.end() ? std::set<std::int64_t>{} : found->second;
}

void Changes::move(std::int64_t floating_ip, std::optional<std::int64_t> to, milliseconds now) {
    if (const auto from = holder(floating_ip)) {
        holdings_[*from].erase(floating_ip);
        expect_notice(*from, floating_ip, now);
    }
    holders_.erase(floating_ip);
    if (!to) return;
    holders_[floating_ip] = *to;
    holdings_[*to].insert(floating_ip);
    expect_notice(*to, floating_ip, now);
}

/// What comes back before anybody has looked is no change.
void Changes::expect_notice(std::int64_t server, std::int64_t floating_ip, milliseconds now) {
    auto& waiting = unnoticed_[server];
    if (!waiting.emplace(floating_ip, now).second) waiting.erase(floating_ip);
}

void Changes::forget(std::int64_t server) {
    holdings_.erase(server);
    unnoticed_.erase(server);
}

void Changes::seen(std::int64_t server, const std::set<std::int64_t>& floating_ips,
                   milliseconds now) {
    if (floating_ips != held_by(server)) ++wrong_;
    const auto waiting = unnoticed_.find(server);
    if (waiting == unnoticed_.end()) return;
    for (const auto& [floating_ip, since] : waiting->second)
        delays_.push_back(std::chrono::duration<double>(now - since).count());
    unnoticed_.erase(waiting);
}

std::size_t Changes::unnoticed() const {
    std::size_t count = 0;
    for (const auto& [server, waiting] : unnoticed_)
        count += waiting.size();
    return count;
}

}  // namespace hcloud::fleet
