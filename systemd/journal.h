// Structured entries for the journal.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace hcloud::sd {

/// Priorities, as in syslog(3).
enum class Priority { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// Field names are upper case ("HCLOUD_ADDRESS"). False if the journal did not take the entry.
bool journal_send(Priority priority, const std::string& message,
                  const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace hcloud::sd
