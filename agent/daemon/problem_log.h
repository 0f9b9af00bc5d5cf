// Says what is wrong once, not again and again.
#pragma once

#include "agent/daemon/log.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace hcloud::agent {

/// Each problem once, when it appears; and that there are none any longer.
class ProblemLog {
  public:
    ProblemLog(const Log& log, const char* source, const MessageId& well)
        : log_(log), source_(source), well_(well) {}

    void tell(const MessageId& id, const std::vector<std::string>& problems,
              std::vector<std::string>& logged) const {
        if (problems == logged) return;
        for (const auto& problem : problems) {
            if (std::find(logged.begin(), logged.end(), problem) != logged.end()) continue;
            log_.warning(id, problem);
        }
        if (problems.empty()) log_.info(well_, fmt::format("{} is well again", source_));
        logged = problems;
    }

  private:
    const Log& log_;
    const char* source_;
    const MessageId& well_;
};

}  // namespace hcloud::agent
