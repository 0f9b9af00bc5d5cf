// The agent's log: to the journal with fields when stderr leads there, else lines on stderr.
// Only agent/ logs; what it logs are its own words and the adapters' error texts, never a token.
#pragma once

#include "agent/daemon/message_ids.h"
#include "systemd/journal.h"

#include <string>
#include <utility>
#include <vector>

namespace hcloud::agent {

class Log {
  public:
    /// Journal fields: HCLOUD_ADDRESS, HCLOUD_LINK and so on; systemd.journal-fields(7) has others.
    using Fields = std::vector<std::pair<std::string, std::string>>;

    explicit Log(bool to_journal) : to_journal_(to_journal) {}

    /// What every entry carries from now on, in place of what it carried before.
    void always(Fields fields) { always_ = std::move(fields); }

    void error(const MessageId& id, const std::string& text, const Fields& fields = {}) const;
    void warning(const MessageId& id, const std::string& text, const Fields& fields = {}) const;
    void info(const MessageId& id, const std::string& text, const Fields& fields = {}) const;

  private:
    void write(sd::Priority priority, const MessageId& id, const std::string& text,
               Fields fields) const;
    bool to_journal_;
    Fields always_;
};

}  // namespace hcloud::agent
