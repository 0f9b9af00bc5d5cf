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

void Log::error(const MessageId& id, const std::string& text, const Fields& fields) const {
    write(sd::Priority::error, id, text, fields);
}
void Log::warning(const MessageId& id, const std::string& text, const Fields& fields) const {
    write(sd::Priority::warning, id, text, fields);
}
void Log::info(const MessageId& id, const std::string& text, const Fields& fields) const {
    write(sd::Priority::info, id, text, fields);
}

void Log::write(sd::Priority priority, const MessageId& id, const std::string& text,
                Fields fields) const {
    fields.emplace_back("MESSAGE_ID", id.text);
    fields.insert(fields.end(), always_.begin(), always_.end());
    if (to_journal_ && sd::journal_send(priority, text, fields)) return;
    fmt::print(stderr, "hcloud-agent: {}{}\n", prefix(priority), text);
}

}  // namespace hcloud::agent
