// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

namespace hcloud::agent::config {

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }  // negative: could not be opened

  private:
    int fd_;
};

}  // namespace hcloud::agent::config
