#include "tests/simulator/request_log.h"

#include <algorithm>

namespace hcloud::sim {

namespace {
constexpr std::size_t kKept = 1000;
}

std::int64_t RequestLog::begin(const Request& request) {
    std::string query;
    for (const auto& [name, value] : request.query) {
        if (!query.empty()) query += '&';
        query.append(name).append(1, '=').append(value);
    }
    const std::lock_guard lock(mutex_);
    const std::int64_t ticket = next_ticket_++;
    entries_.push_back({ticket, request.method, request.path, query, request.source, std::nullopt});
    if (entries_.size() > kKept) entries_.pop_front();
    ++total_;
    return ticket;
}

void RequestLog::end(std::int64_t ticket, int status) {
    const std::lock_guard lock(mutex_);
    const auto entry =
        std::find_if(entries_.rbegin(), entries_.rend(),
                     [&](const Entry& candidate) { return candidate.ticket == ticket; });
    if (entry != entries_.rend()) entry->status = status;
}

void RequestLog::clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
    total_ = 0;
}

nlohmann::json RequestLog::list() const {
    using nlohmann::json;
    const std::lock_guard lock(mutex_);
    json requests = json::array();
    for (const Entry& entry : entries_) {
        requests.push_back({{"method", entry.method},
                            {"path", entry.path},
                            {"query", entry.query},
                            {"status", entry.status ? json(*entry.status) : json(nullptr)},
                            {"source", entry.source}});
    }
    return {{"total", total_}, {"requests", requests}};
}

}  // namespace hcloud::sim
