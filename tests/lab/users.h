// Doing things as another user: for tests with USERS.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <sys/types.h>

namespace hcloud::lab {

/// Runs `work` in a child process as this user and group, without further groups and rights; what
/// it returns, 0 to 255.
int as_user(uid_t uid, const std::function<int()>& work);

/// 0, or errno, of connect() and of one send(). `type` as SOCK_STREAM, `protocol` as IPPROTO_MPTCP.
int try_to_reach(const std::string& address, std::uint16_t port, int type, int protocol = 0);

}  // namespace hcloud::lab
