// The control socket: HTTP over Unix; both ends.
#pragma once

#include "agent/daemon/resource_server.h"
#include "systemd/event.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

inline std::filesystem::path control_socket_in(const std::filesystem::path& runtime_dir) {
    return runtime_dir / "agent.sock";
}

class ControlSocket {
  public:
    /// Serves `resources` at `path` until destroyed, to the process's own user and group (mode
    /// 0660; the service's group is hcloud-agent) and root. Replaces a socket that nobody listens
    /// on any longer; throws std::runtime_error otherwise.
    ControlSocket(sd::Event& event, std::filesystem::path path,
                  ResourceServer::Resources resources);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

  private:
    std::filesystem::path path_;
    std::unique_ptr<ResourceServer> server_;
};

/// How long a client waits for an answer: longer than the agent lets one wait.
inline constexpr std::chrono::milliseconds kControlSocketLimit{4000};

/// The client's side. Throws NotRunning if nobody listens or answers, std::system_error if that is
/// not permitted, std::runtime_error on any other failure.
nlohmann::json ask_control_socket(const std::filesystem::path& path, const std::string& resource,
                                  std::chrono::milliseconds limit = kControlSocketLimit);

class NotRunning : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace hcloud::agent
