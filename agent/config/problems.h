// Collects what is wrong with a configuration, for one ConfigError.
#pragma once

#include "agent/config/error.h"

#include <cstddef>
#include <string>
#include <vector>

#include <yaml-cpp/mark.h>

namespace hcloud::agent::config {

/// Where something is: in the text, and by name.
struct Place {
    YAML::Mark mark;
    std::string path;
};

class Problems {
  public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void report(const Place& place, std::string text, std::string hint);
    /// In the order of the text; so many that one can read them.
    void throw_if_any();

  private:
    std::string file_;
    std::vector<ConfigError::Problem> problems_;
    std::size_t unlisted_ = 0;
};

}  // namespace hcloud::agent::config
