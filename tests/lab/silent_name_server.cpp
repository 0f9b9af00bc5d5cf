#include "tests/lab/silent_name_server.h"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hcloud::lab {

SilentNameServer::SilentNameServer(std::chrono::seconds timeout)
    : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    directory_.write("resolv.conf", "nameserver 127.0.0.1\noptions attempts:5 timeout:" +
                                        std::to_string(timeout.count()) + "\n");
    // The resolver gives up after five attempts, and so begins again: with the longest time-out
    // that lasts longer than CTest lets a test hang.
    directory_.write("nsswitch.conf", "hosts: dns dns dns dns dns files\n");
    run("mount --bind " + directory_.path() + "/resolv.conf /etc/resolv.conf");
    if (::access("/etc/nsswitch.conf", F_OK) == 0) {
        run("mount --bind " + directory_.path() + "/nsswitch.conf /etc/nsswitch.conf");
        bound_nsswitch_ = true;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(53);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        throw std::system_error(errno, std::generic_category(), "127.0.0.1:53");
    }
}

SilentNameServer::~SilentNameServer() {
    ::close(fd_);
    try_run("umount /etc/resolv.conf");
    if (bound_nsswitch_) try_run("umount /etc/nsswitch.conf");
}

bool SilentNameServer::was_asked() const {
    char byte = 0;
    return ::recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
}

}  // namespace hcloud::lab
