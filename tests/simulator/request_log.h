// What has been asked, for tests to look at.
#pragma once

#include "tests/simulator/http_types.h"

#include <cstdint>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// Thread-safe; keeps the last 1000 requests.
class RequestLog {
  public:
    /// From now on also writes each request to this file when it has ended, a JSON object a line:
    /// {received, method, path, query, body, status, source}, as list() has them. Neither the token
    /// nor any other header is in it. Throws std::runtime_error if it cannot be written to.
    void record_to(const std::string& path);

    struct Entry;
    using Ticket = std::shared_ptr<Entry>;

    /// Notes a request when it arrives; the ticket is for end().
    Ticket begin(const Request& request);
    /// 0: the connection ended without an answer.
    void end(const Ticket& ticket, int status, const std::string& body);
    void clear();
    /// {"total": …, "requests": [{received, method, path, query, status, source}]}, oldest first;
    /// `received` is in ms since 1970, status is null while the request has no answer yet.
    nlohmann::json list() const;

  private:
    static nlohmann::json describe(const Entry& entry);
    void record(const Entry& entry, const std::string& body);

    mutable std::mutex mutex_;
    std::deque<Ticket> entries_;
    std::ofstream record_;
    std::int64_t total_ = 0;
};

}  // namespace hcloud::sim
