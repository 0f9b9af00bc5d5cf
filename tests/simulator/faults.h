// Faults that a test orders: which requests go wrong, and how.
#pragma once

#include "tests/simulator/event.h"
#include "tests/simulator/http_types.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// With delay, truncate and trickle the request takes effect and only its answer suffers; with
/// patch nothing goes wrong but what the request meets. With the others it never reaches the
/// simulated cloud.
enum class FaultKind {
    answer,    // a fixed status and body (status:, body:, size:)
    delay,     // the right answer, `interval` late
    hang,      // no answer
    truncate,  // only `bytes` of the body that Content-Length promises
    reset,     // TCP RST instead of an answer
    trickle,   // one byte of the right answer each `interval`
    patch,     // another writer changes the state just before the request takes effect
};

struct Fault {
    std::int64_t id = 0;
    std::string path;  // exact, or a prefix when it ended in '*'
    bool prefix = false;
    std::string method;  // empty: any
    FaultKind kind = FaultKind::answer;
    Response answer;
    std::chrono::milliseconds interval{0};
    std::size_t bytes = 0;
    nlohmann::json patch;  // of the state: RFC 7386
    nlohmann::json order;  // as it was given
    Event removed;
};

/// Thread-safe. A fault is kept until it is removed, also when its count is used up: a request may
/// still hang in it.
class FaultBook {
  public:
    /// Throws ApiError 422 invalid_input for an order that cannot be understood.
    std::int64_t add(const nlohmann::json& order);
    /// The newest fault that matches and has no more requests to skip; uses up one of its count.
    /// nullptr if there is none. Each that matches has one less to skip, whoever wins.
    std::shared_ptr<const Fault> match(const std::string& method, const std::string& path);
    /// False if there is no such fault.
    bool remove(std::int64_t id);
    void clear();
    nlohmann::json list() const;

  private:
    struct Entry {
        std::shared_ptr<Fault> fault;
        std::optional<std::int64_t> left;  // none: no limit
        std::int64_t skip = 0;             // how many more requests it lets pass
    };

    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
    std::int64_t next_id_ = 1;
};

}  // namespace hcloud::sim
