// Private to this folder: a dump that is complete, or an error.
#pragma once

#include "actions/host/netlink_socket.h"
#include "actions/host/network.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hcloud::host {

inline constexpr int kDumpTries = 10;
inline constexpr std::chrono::milliseconds kLongestPause{50};

/// Calls `attempt` until it returns something. Between attempts it pauses for longer and longer,
/// about 0.2 s in all: a burst of changes ends. `what` names it in the host::Error (EINTR) when
/// none does.
template <class Attempt>
auto until_uninterrupted(const std::string& what, Attempt attempt) {
    std::chrono::milliseconds pause{1};
    for (int left = kDumpTries; left > 0; --left) {
        if (auto result = attempt()) return std::move(*result);
        if (left > 1) std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, kLongestPause);
    }
    throw Error("dump of " + what + " kept being interrupted by changes", EINTR);
}

/// The messages of one dump, one after the other; nothing if it was interrupted. They are parsed
/// only afterwards: the shorter a dump takes, the fewer changes interrupt it.
inline std::optional<std::vector<std::uint8_t>> try_dump(RequestSocket& socket,
                                                         const Message& request) {
    std::vector<std::uint8_t> bytes;
    const bool whole = socket.dump(request, [&bytes](const nlmsghdr& message) {
        const auto* begin = reinterpret_cast<const std::uint8_t*>(&message);
        bytes.insert(bytes.end(), begin, begin + message.nlmsg_len);
        bytes.resize(NLMSG_ALIGN(bytes.size()));
    });
    if (!whole) return std::nullopt;
    return bytes;
}

/// A whole dump as values; `parse` returns std::optional and leaves out what is of another kind.
template <class Value, class Parse>
std::vector<Value> dump_whole(RequestSocket& socket, const std::string& what,
                              const Message& request, Parse parse) {
    const auto bytes = until_uninterrupted(what, [&] { return try_dump(socket, request); });
    std::vector<Value> values;
    int left = static_cast<int>(bytes.size());
    const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (auto value = parse(*message)) values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace hcloud::host
