#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/config/schema.h"
#include "agent/config/show.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

int command_config_check(const Invocation& invocation) {
    (void)effective_config(invocation);
    std::error_code error;
    const bool there = std::filesystem::exists(invocation.config_file, error);
    fmt::print("{}: {}\n", invocation.config_file.string(),
               there ? "good" : "not there: the defaults apply");
    return kExitDone;
}

int command_config_show(const Invocation& invocation) {
    fmt::print("{}", show_config(effective_config(invocation)));
    return kExitDone;
}

int command_config_schema() {
    fmt::print("{}", json_schema());
    return kExitDone;
}

}  // namespace hcloud::agent
