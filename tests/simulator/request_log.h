// What has been asked, for tests to look at.
#pragma once

#include "tests/simulator/http_types.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
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

    /// Notes a request when it arrives; the ticket is for end().
    std::int64_t begin(const Request& request);
    /// 0: the connection ended without an answer. Each ticket once, cleared meanwhile or not.
    void end(std::int64_t ticket, int status, const std::string& body);
    void clear();
    /// {"total": …, "requests": [{received, method, path, query, status, source}]}, oldest first;
    /// `received` is in ms since 1970, status is null while the request has no answer yet.
    nlohmann::json list() const;

  private:
    struct Entry {
        std::string method;
        std::string path;
        std::string query;
        std::string source;
        std::chrono::system_clock::time_point received;
        std::optional<int> status;
    };
    static nlohmann::json describe(const Entry& entry);
    void record(const Entry& entry, const std::string& body);

    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Entry>> entries_;
    std::map<std::int64_t, std::shared_ptr<Entry>> running_;  // by ticket
    std::ofstream record_;
    std::int64_t next_ticket_ = 1;
    std::int64_t total_ = 0;
};

}  // namespace hcloud::sim
