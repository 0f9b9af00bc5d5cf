// Poco's process-wide HTTP proxy, set for the life of the object.
#pragma once

#include <cstdint>

namespace hcloud::metadata {

class GlobalProxy {
  public:
    explicit GlobalProxy(std::uint16_t port);  // of 127.0.0.1
    ~GlobalProxy();
    GlobalProxy(const GlobalProxy&) = delete;
    GlobalProxy& operator=(const GlobalProxy&) = delete;
};

}  // namespace hcloud::metadata
