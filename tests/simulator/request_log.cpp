#include "tests/simulator/request_log.h"

#include "tests/simulator/state/object_reader.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace hcloud::sim {

namespace {
constexpr std::size_t kKept = 1000;
}

struct RequestLog::Entry {
    std::string method;
    std::string path;
    std::string query;
    std::string source;
    std::chrono::system_clock::time_point received;
    std::optional<int> status;
};

void RequestLog::record_to(const std::string& path) {
    const std::lock_guard lock(mutex_);
    record_.open(path, std::ios::app);
    if (!record_) throw std::runtime_error(path + ": " + std::strerror(errno));
}

nlohmann::json RequestLog::describe(const Entry& entry) {
    const auto since_1970 = entry.received.time_since_epoch();
    return {{"received", std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count()},
            {"method", entry.method},
            {"path", entry.path},
            {"query", entry.query},
            {"status", or_null(entry.status)},
            {"source", entry.source}};
}

void RequestLog::record(const Entry& entry, const std::string& body) {
    using nlohmann::json;
    json line = describe(entry);
    const json parsed = parse_json(body);
    line["body"] = parsed.is_discarded() ? json(body) : parsed;
    record_ << line.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
}

RequestLog::Ticket RequestLog::begin(const Request& request) {
    std::string query;
    for (const auto& [name, value] : request.query) {
        if (!query.empty()) query += '&';
        query.append(name).append(1, '=').append(value);
    }
    const std::lock_guard lock(mutex_);
    entries_.push_back(
        std::make_shared<Entry>(Entry{request.method, request.path, query, request.source,
                                      std::chrono::system_clock::now(), std::nullopt}));
    if (entries_.size() > kKept) entries_.pop_front();
    ++total_;
    return entries_.back();
}

void RequestLog::end(const Ticket& ticket, int status, const std::string& body) {
    const std::lock_guard lock(mutex_);
    ticket->status = status;
    if (record_.is_open()) record(*ticket, body);
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
    for (const auto& entry : entries_)
        requests.push_back(describe(*entry));
    return {{"total", total_}, {"requests", requests}};
}

}  // namespace hcloud::sim
