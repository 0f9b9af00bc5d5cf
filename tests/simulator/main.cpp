// hcloud-simulator: command line and wiring.
#include "tests/simulator/help.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/state_file.h"
#include "tests/simulator/values.h"

#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

namespace {

namespace sim = hcloud::sim;

constexpr int kFailed = 1;
constexpr int kUsage = 64;
constexpr int kBadConfig = 78;

struct Options {
    std::vector<std::string> listen{"127.0.0.1:8080"};
    std::string state;
    std::string action_duration;
};

std::string check_endpoint(const std::string& text) {
    return sim::parse_endpoint(text) ? "" : "'" + text + "' is neither ADDR:PORT nor [IPv6]:PORT";
}

std::string check_duration(const std::string& text) {
    return sim::parse_duration(text) ? "" : "'" + text + "' is no time such as 500ms or 5s";
}

void describe(CLI::App& app, Options& options) {
    app.add_option(
           "--listen", options.listen,
           "address to serve on, ADDR:PORT or [IPv6]:PORT; may be given again; port 0 picks a "
           "free one. Prints 'listening on URL' for each when ready")
        ->check(CLI::Validator(check_endpoint, "ADDR:PORT"))
        ->capture_default_str();
    app.add_option("--state", options.state, "the project to simulate, see below")
        ->type_name("FILE");
    app.add_option("--action-duration", options.action_duration,
                   "how long an action takes, instead of the state's action_duration")
        ->check(CLI::Validator(check_duration, "TIME"));
    app.footer(sim::help_text());
}

sim::State initial_state(const Options& options) {
    sim::State state = options.state.empty()
                           ? sim::parse_state_text(sim::kExampleState, "built-in state")
                           : sim::load_state_file(options.state);
    if (!options.action_duration.empty()) {
        state.action_duration = *sim::parse_duration(options.action_duration);
    }
    return state;
}

/// Blocks them here and in every thread that is started from now on.
sigset_t block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal
    return signals;
}

int serve(const Options& options) {
    const sigset_t signals = block_stop_signals();
    sim::Simulation simulation(initial_state(options), sim::real_clock());
    sim::HttpServer server(simulation);
    for (const std::string& text : options.listen) {
        const std::string url = server.listen(*sim::parse_endpoint(text));
        std::cout << "listening on " << url << std::endl;
    }
    int received = 0;
    sigwait(&signals, &received);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("A Hetzner Cloud in one process: metadata service and Cloud API, for tests.",
                 "hcloud-simulator");
    describe(app, options);
    try {
        app.parse(argc, argv);
        return serve(options);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    } catch (const sim::StateFileError& error) {
        std::cerr << "hcloud-simulator: " << error.what() << "\n";
        return kBadConfig;
    } catch (const std::exception& error) {
        std::cerr << "hcloud-simulator: " << error.what() << "\n";
        return kFailed;
    }
}
