// The control socket: HTTP over Unix. Requests become messages to the loop's thread.
#pragma once

#include "systemd/event.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

class ControlSocket {
  public:
    /// Serves `GET /v1/status` at `path` (mode 0660) until destroyed; `status` runs on the loop's
    /// thread. Replaces a socket that nobody listens on any longer; throws std::runtime_error
    /// otherwise.
    ControlSocket(sd::Event& event, const std::filesystem::path& path,
                  std::function<nlohmann::json()> status);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

  private:
    class Server;
    std::unique_ptr<Server> server_;
};

/// The client's side. Throws NotRunning if nobody listens, std::runtime_error on any other failure.
nlohmann::json ask_control_socket(const std::filesystem::path& path, const std::string& resource);

class NotRunning : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace hcloud::agent
