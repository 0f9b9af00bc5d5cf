// Answers GET over HTTP, on a socket that listens already: the control socket, and the metrics' TCP
// port. Requests become messages to the loop's thread; a few may wait for it at a time.
#pragma once

#include "systemd/event.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace Poco::Net {
class ServerSocket;
}

namespace hcloud::agent {

/// What a GET is answered with. `text` runs on the loop's thread.
struct Resource {
    std::string content_type;
    std::function<std::string()> text;
};

class ResourceServer {
  public:
    using Resources = std::map<std::string, Resource>;  // by path

    /// Serves until destroyed. `event` outlives it.
    ResourceServer(sd::Event& event, const Poco::Net::ServerSocket& socket, Resources resources);
    ~ResourceServer();
    ResourceServer(const ResourceServer&) = delete;
    ResourceServer& operator=(const ResourceServer&) = delete;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hcloud::agent
