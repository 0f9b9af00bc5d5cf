// config_papers sample|manual: prints the papers that are made from the table of keys. After a
// change of the table:
//   build/release/bin/config_papers sample > packaging/hcloud-agent.yaml
//   build/release/bin/config_papers manual > packaging/man/hcloud-agent.yaml.5
#include "agent/config/manual.h"
#include "agent/config/sample.h"

#include <iostream>
#include <string>

int main(int argc, char** argv) {
    const std::string which = argc == 2 ? argv[1] : "";
    if (which == "sample") {
        std::cout << hcloud::agent::sample_config();
    } else if (which == "manual") {
        std::cout << hcloud::agent::config_manual();
    } else {
        std::cerr << "config_papers sample|manual\n";
        return 64;
    }
    return std::cout.flush() ? 0 : 1;
}
