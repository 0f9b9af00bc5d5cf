// The agent's log: to the journal with fields when stderr leads there, else lines on stderr.
// Only agent/ logs; what it logs are its own words and the adapters' error texts, never a token.
#pragma once

#include "systemd/journal.h"

#include <string>
#include <utility>
#include <vector>

namespace hcloud::agent {

class Log {
  public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    explicit Log(bool to_journal) : to_journal_(to_journal) {}

    void error(const std::string& text, const Fields& fields = {}) const;
    void warning(const std::string& text, const Fields& fields = {}) const;
    void info(const std::string& text, const Fields& fields = {}) const;

  private:
    void write(sd::Priority priority, const std::string& text, const Fields& fields) const;
    bool to_journal_;
};

}  // namespace hcloud::agent
