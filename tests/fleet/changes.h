// Which server holds which floating IP, and when its agent noticed.
#pragma once

#include "tests/fleet/timeline.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace hcloud::fleet {

class Changes {
  public:
    void move(std::int64_t floating_ip, std::optional<std::int64_t> to, milliseconds now);
    /// Nobody is there any more who could notice. Its floating IPs are to be moved away first.
    void forget(std::int64_t server);

    /// An agent says what it found.
    void seen(std::int64_t server, const std::set<std::int64_t>& floating_ips, milliseconds now);

    std::optional<std::int64_t> holder(std::int64_t floating_ip) const;
    std::set<std::int64_t> held_by(std::int64_t server) const;

    /// From each change to its notice, in seconds.
    const std::vector<double>& delays() const { return delays_; }
    std::size_t unnoticed() const;
    /// Polls that did not find what the server holds.
    std::int64_t wrong() const { return wrong_; }

  private:
    void expect_notice(std::int64_t server, std::int64_t floating_ip, milliseconds now);

    std::map<std::int64_t, std::int64_t> holders_;
    std::map<std::int64_t, std::set<std::int64_t>> holdings_;
    /// By server: what it would find changed, and since when.
    std::map<std::int64_t, std::map<std::int64_t, milliseconds>> unnoticed_;
    std::vector<double> delays_;
    std::int64_t wrong_ = 0;
};

}  // namespace hcloud::fleet
