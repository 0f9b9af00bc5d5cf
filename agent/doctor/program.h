// Asking a program of the system.
#pragma once

#include <string>
#include <vector>

namespace hcloud::agent::doctor {

/// Its output and exit code; -1 if it could not be started or did not end within 5 s.
struct Output {
    int exit_code = -1;
    std::string text;  // stdout, at most 4 MiB
};

/// argv[0] is looked up in PATH. Nothing of our environment goes along but PATH: there may be a
/// token in it.
Output run_program(const std::vector<std::string>& argv);

}  // namespace hcloud::agent::doctor
