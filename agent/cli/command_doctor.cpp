#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/doctor/doctor.h"
#include "agent/doctor/report.h"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace hcloud::agent {

int command_doctor(const Invocation& invocation) {
    doctor::Options options;
    options.config = [&] { return effective_config(invocation); };
    options.runtime_dir = invocation.runtime_dir;
    const auto network = open_network();
    const auto findings = doctor::examine(options, *network);
    if (invocation.output == Output::json) {
        constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
        fmt::print("{}\n", doctor::to_json(findings).dump(2, ' ', false, kReplace));
    } else {
        const bool terminal = isatty(STDOUT_FILENO) != 0;
        const char* no_colour = std::getenv("NO_COLOR");
        const bool colour = terminal && (no_colour == nullptr || *no_colour == '\0');
        fmt::print("{}", doctor::to_text(findings, {.symbols = terminal, .colour = colour}));
    }
    return doctor::any_wrong(findings) ? kExitFailed : kExitDone;
}

}  // namespace hcloud::agent
