// A simulated cloud served over TLS for measurements, and the figures of single calls to it.
#pragma once

#include "tests/lab/command.h"
#include "tests/lab/process.h"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::bench {

/// hcloud-simulator as a process of its own: plain and with TLS, with a rate limit that nothing
/// here reaches.
class CloudLab {
  public:
    CloudLab();

    const std::string& plain_url() const { return plain_url_; }  // "http://127.0.0.1:4711"
    const std::string& tls_url() const { return tls_url_; }
    std::string ca_file() const { return directory_.path() + "/ca.pem"; }
    const lab::TempDir& directory() const { return directory_; }

    /// A merge patch of the simulator's state.
    void change(const nlohmann::json& patch) const;
    nlohmann::json requests() const;

  private:
    std::string url_of(const std::string& scheme) const;

    lab::TempDir directory_;
    std::unique_ptr<lab::Process> simulator_;
    std::string plain_url_;
    std::string tls_url_;
};

}  // namespace hcloud::bench
