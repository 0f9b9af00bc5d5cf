// What is wrong with a configuration: every problem that was found, each with its place and a
// remedy.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hcloud::agent {

/// what() has one problem a line. Texts are printable ASCII and never repeat a value that may be a
/// secret.
class ConfigError : public std::runtime_error {
  public:
    struct Problem {
        std::string file{};  // the name that the caller gave
        int line = 0;        // 1 is the first; 0 if the problem has no place in the text
        int column = 0;      // 1 is the first; in bytes
        std::string key{};   // "network.floating_ips[1]"; empty for the text as a whole
        std::string text{};  // what was expected, and what is there
        std::string hint{};  // what to do

        /// "FILE:LINE:COLUMN: KEY: TEXT; HINT"
        std::string to_string() const;
        bool operator==(const Problem&) const = default;
    };

    explicit ConfigError(std::vector<Problem> problems);
    const std::vector<Problem>& problems() const { return *problems_; }

  private:
    std::shared_ptr<const std::vector<Problem>>
        problems_;  // shared: copying an exception must not throw
};

}  // namespace hcloud::agent
