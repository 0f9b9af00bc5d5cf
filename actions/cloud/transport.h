// What the client stands on: carries one request to the API and its answer back. Connection is the
// real one; a simulation in virtual time is another.
#pragma once

#include "actions/cloud/clock.h"
#include "actions/cloud/failure.h"
#include "actions/cloud/request.h"
#include "actions/cloud/types.h"

#include <optional>
#include <string>

namespace hcloud::cloud {

struct Reply {
    int status = 0;
    std::string reason = {};
    std::string content_type = {};
    std::string correlation_id = {};
    std::optional<RateLimit> rate_limit = {};
    std::optional<Timestamp> date = {};
    std::string body = {};  // complete if the status is 2xx, else as much as came
};

/// Everything but cancel() belongs to one thread.
class Transport {
  public:
    virtual ~Transport() = default;

    /// Any status is a Reply. Throws Failure if there is no complete answer by `deadline`, a time
    /// of the client's clock. Never sends a request twice that could be processed twice.
    virtual Reply exchange(const Request& request, TimePoint deadline) = 0;

    /// From any thread: ends the exchange under way, and every later one at once, with a Failure.
    virtual void cancel() noexcept = 0;

    /// "https://api.hetzner.cloud/v1", for error texts.
    virtual std::string url() const = 0;
    /// The text without the secrets that the transport knows, should a server echo them.
    virtual std::string without_secrets(std::string text) const { return text; }
};

}  // namespace hcloud::cloud
