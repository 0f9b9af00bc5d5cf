#include "agent/cli/files.h"

#include "actions/host/rtnetlink.h"
#include "agent/cli/exit_code.h"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hcloud::agent {

std::unique_ptr<host::Network> open_network() {
    host::RtnetlinkOptions options;
    const char* kernel = std::getenv("HCLOUD_AGENT_KERNEL");
    options.use_address_protocol = kernel == nullptr || std::string_view(kernel) != "5.17";
    return std::make_unique<host::Rtnetlink>(options);
}

std::filesystem::path ledger_path(const Invocation& invocation) {
    return invocation.runtime_dir / "ledger.json";
}

RegistrationFiles registration_files(const Invocation& invocation) {
    return {state_dir_of(invocation), invocation.runtime_dir};
}

RuntimeLock::RuntimeLock(const Invocation& invocation) {
    std::filesystem::create_directories(invocation.runtime_dir);
    const auto path = invocation.runtime_dir / "lock";
    constexpr mode_t kMode = 0640;
    fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
    if (flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    const int code = errno;
    close(fd_);
    if (code != EWOULDBLOCK) throw std::system_error(code, std::generic_category(), path.string());
    throw LockedError(
        fmt::format("another hcloud-agent is at work (it holds {}): `hcloud-agent "
                    "status` shows what it does",
                    path.string()));
}

RuntimeLock::~RuntimeLock() {
    close(fd_);
}

int report_problems(const Sources& sources) {
    const auto& knowledge = sources.knowledge();
    int code = kExitDone;
    for (const auto* problems : {&knowledge.metadata_problems(), &knowledge.api_problems()}) {
        for (const auto& problem : *problems) {
            fmt::print(stderr, "hcloud-agent: {}\n", problem);
            code = kExitNotReachable;
        }
    }
    if (!sources.token_problem().empty()) {
        fmt::print(stderr, "hcloud-agent: {}\n", sources.token_problem());
    }
    if (knowledge.identity() == Identity::mismatch) return kExitNotPermitted;
    return code != kExitDone && sources.rate_limited() ? kExitTryAgain : code;
}

}  // namespace hcloud::agent
