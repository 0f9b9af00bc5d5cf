#include "tests/lab/users.h"

#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hcloud::lab {

int as_user(uid_t uid, const std::function<int()>& work) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) {
        const bool changed = setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 &&
                             setresuid(uid, uid, uid) == 0;
        _exit(changed ? work() : 255);
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
    if (code == 255) throw std::runtime_error("cannot become user " + std::to_string(uid));
    return code;
}

int try_to_reach(const std::string& address, std::uint16_t port, int type, int protocol) {
    const int fd = socket(AF_INET, type | SOCK_CLOEXEC, protocol);
    if (fd < 0) return errno;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    int code = connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? 0 : errno;
    if (code == 0 && send(fd, "x", 1, MSG_NOSIGNAL) < 0) code = errno;
    close(fd);
    return code;
}

}  // namespace hcloud::lab
