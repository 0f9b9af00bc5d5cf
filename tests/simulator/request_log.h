// What has been asked, for tests to look at.
#pragma once

#include "tests/simulator/http_types.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// Thread-safe; keeps the last 1000 requests.
class RequestLog {
  public:
    /// Notes a request when it arrives; the ticket is for end().
    std::int64_t begin(const Request& request);
    /// 0: the connection ended without an answer. Unknown tickets are ignored: cleared meanwhile.
    void end(std::int64_t ticket, int status);
    void clear();
    /// {"total": …, "requests": [{method, path, query, status, source}]}, oldest first; status is
    /// null while the request has no answer yet.
    nlohmann::json list() const;

  private:
    struct Entry {
        std::int64_t ticket = 0;
        std::string method;
        std::string path;
        std::string query;
        std::string source;
        std::optional<int> status;
    };

    mutable std::mutex mutex_;
    std::deque<Entry> entries_;
    std::int64_t next_ticket_ = 1;
    std::int64_t total_ = 0;
};

}  // namespace hcloud::sim
