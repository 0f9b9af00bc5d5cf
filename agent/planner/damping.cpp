#include "agent/planner/damping.h"

#include <algorithm>

namespace hcloud::agent {

bool Damping::calm(const Record& record, Clock::time_point now) const {
    return now - std::max(record.last, record.held_until) > limits_.calm;
}

void Damping::forget_calm(Clock::time_point now) {
    std::erase_if(records_, [&](const auto& entry) { return calm(entry.second, now); });
}

void Damping::hold(Record& record, Clock::time_point now) const {
    record.pause = record.pause.count() == 0 ? limits_.first_pause
                                             : std::min(record.pause * 2, limits_.longest_pause);
    record.held_until = now + record.pause;
}

void Damping::lost(const Key& key, Clock::time_point now) {
    auto& entry = records_[key];
    if (!entry.contested && now - entry.first > limits_.window) {
        entry.first = now;
        entry.losses = 0;
    }
    entry.last = now;
    if (++entry.losses <= limits_.free_losses) return;
    entry.contested = true;
    hold(entry, now);
}

void Damping::failed(const Key& key, Clock::time_point now) {
    auto& entry = records_[key];
    entry.last = now;
    hold(entry, now);
}

std::set<Key> Damping::held(Clock::time_point now) const {
    std::set<Key> keys;
    for (const auto& [key, entry] : records_) {
        if (entry.held_until > now) keys.insert(key);
    }
    return keys;
}

std::optional<Clock::time_point> Damping::next_release(Clock::time_point now) const {
    std::optional<Clock::time_point> next;
    for (const auto& [key, entry] : records_) {
        if (entry.held_until > now && (!next || entry.held_until < *next)) next = entry.held_until;
    }
    return next;
}

std::set<Key> Damping::contested(Clock::time_point now) const {
    std::set<Key> keys;
    for (const auto& [key, entry] : records_) {
        if (entry.contested && !calm(entry, now)) keys.insert(key);
    }
    return keys;
}

}  // namespace hcloud::agent
