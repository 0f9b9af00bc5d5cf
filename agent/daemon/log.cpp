#include "agent/daemon/log.h"

#include <cstdio>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

const char* prefix(sd::Priority priority) {
    if (priority == sd::Priority::error) return "error: ";
    if (priority == sd::Priority::warning) return "warning: ";
    return "";
}

}  // namespace

void Log::error(const std::string& text, const Fields& fields) const {
    write(sd::Priority::error, text, fields);
}
void Log::warning(const std::string& text, const Fields& fields) const {
    write(sd::Priority::warning, text, fields);
}
void Log::info(const std::string& text, const Fields& fields) const {
    write(sd::Priority::info, text, fields);
}

void Log::write(sd::Priority priority, const std::string& text, const Fields& fields) const {
    if (to_journal_ && sd::journal_send(priority, text, fields)) return;
    fmt::print(stderr, "hcloud-agent: {}{}\n", prefix(priority), text);
}

}  // namespace hcloud::agent
