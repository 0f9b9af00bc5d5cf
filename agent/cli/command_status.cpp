#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/daemon/control_socket.h"
#include "agent/daemon/status.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace hcloud::agent {

namespace {

void print(const nlohmann::json& status, Output output) {
    if (output == Output::json) {
        fmt::print("{}\n", status.dump(2));
    } else {
        fmt::print("{}", to_text(status));
    }
    std::fflush(stdout);
}

}  // namespace

int command_status(const Invocation& invocation, bool watch) {
    const auto socket = control_socket_in(invocation.runtime_dir);
    try {
        auto status = ask_control_socket(socket, "/v1/status");
        print(status, invocation.output);
        if (!watch) return kExitDone;
        while (true) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            auto now = ask_control_socket(socket, "/v1/status");
            if (now == status) continue;
            status = std::move(now);
            if (isatty(STDOUT_FILENO) != 0) fmt::print("\x1b[H\x1b[2J");
            print(status, invocation.output);
        }
    } catch (const NotRunning& error) {
        fmt::print(stderr, "hcloud-agent: {}; is it running? systemctl status hcloud-agent\n",
                   error.what());
        return kExitNotReachable;
    }
}

}  // namespace hcloud::agent
