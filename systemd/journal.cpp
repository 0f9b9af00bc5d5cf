#include "systemd/journal.h"

#include <fmt/format.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <sys/uio.h>

namespace hcloud::sd {

bool journal_send(Priority priority, const std::string& message,
                  const std::vector<std::pair<std::string, std::string>>& fields) {
    std::vector<std::string> lines = {"MESSAGE=" + message,
                                      fmt::format("PRIORITY={}", static_cast<int>(priority)),
                                      "SYSLOG_IDENTIFIER=hcloud-agent"};
    for (const auto& [name, value] : fields)
        lines.push_back(fmt::format("{}={}", name, value));
    std::vector<iovec> vectors;
    vectors.reserve(lines.size());
    for (auto& line : lines)
        vectors.push_back({line.data(), line.size()});
    return sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size())) == 0;
}

}  // namespace hcloud::sd
