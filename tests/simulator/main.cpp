// hcloud-simulator: command line and wiring.
#include "tests/simulator/forward/forwarder.h"
#include "tests/simulator/help.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/state/state_file.h"
#include "tests/simulator/values.h"

#include <csignal>
#include <iostream>
#include <tuple>

#include <CLI/CLI.hpp>

namespace {

namespace sim = hcloud::sim;

constexpr int kFailed = 1;
constexpr int kUsage = 64;
constexpr int kBadConfig = 78;

struct Options {
    std::vector<std::string> listen{"127.0.0.1:8080"};
    std::vector<std::string> listen_tls;
    sim::TlsFiles tls;
    std::string record;
    std::string state;
    std::string action_duration;
    std::string profile;
    bool forward = false;
    std::string forward_listen;
};

std::string check_endpoint(const std::string& text) {
    return sim::parse_endpoint(text) ? "" : "'" + text + "' is neither ADDR:PORT nor [IPv6]:PORT";
}

std::string check_ipv4(const std::string& text) {
    return sim::parse_ipv4(text) ? "" : "'" + text + "' is no IPv4 address";
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
    auto* const listen_tls =
        app.add_option("--listen-tls", options.listen_tls, "the same, with TLS")
            ->check(CLI::Validator(check_endpoint, "ADDR:PORT"));
    for (const auto& [name, file, what] :
         {std::tuple("--tls-certificate", &options.tls.certificate, "its certificate and chain"),
          std::tuple("--tls-key", &options.tls.key, "the certificate's key")}) {
        auto* const option = app.add_option(name, *file, std::string(what) + ", PEM");
        option->check(CLI::ExistingFile)->needs(listen_tls);
        listen_tls->needs(option);
    }
    app.add_option("--record", options.record,
                   "write each request and its status to this file, a JSON object a line; request "
                   "bodies are in it, tokens are not")
        ->type_name("FILE");
    app.add_option("--state", options.state, "the project to simulate, see below")
        ->type_name("FILE");
    app.add_option("--action-duration", options.action_duration,
                   "how long an action takes, instead of the state's action_duration")
        ->check(CLI::Validator(check_duration, "TIME"));
    app.add_option("--profile", options.profile,
                   "which API: 2025-06 or 2026-11, instead of the state's profile")
        ->check(CLI::IsMember({"2025-06", "2026-11"}));
    app.add_flag(
        "--forward", options.forward,
        "let load balancers listen on their own addresses, check their targets and forward "
        "TCP, see below. Prints 'forwarding ADDR:PORT of load balancer ID' for each");
    app.add_option("--forward-listen", options.forward_listen,
                   "the same, but all listen on this address, which need not be theirs")
        ->check(CLI::Validator(check_ipv4, "ADDR"));
    app.footer(sim::help_text());
}

sim::State initial_state(const Options& options) {
    sim::State state = options.state.empty()
                           ? sim::parse_state_text(sim::kExampleState, "built-in state")
                           : sim::load_state_file(options.state);
    if (!options.action_duration.empty()) {
        state.actions.duration = *sim::parse_duration(options.action_duration);
    }
    if (!options.profile.empty()) state.profile = *sim::parse_profile(options.profile);
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

void report(const sim::ListenReport& report) {
    const auto& [service, address, error] = report;
    const std::string place = address + ":" + std::to_string(service.listen_port) +
                              " of load balancer " + std::to_string(service.balancer);
    if (error.empty()) {
        std::cout << "forwarding " + place + "\n" << std::flush;
    } else {
        std::cerr << "hcloud-simulator: cannot forward " + place + ", trying again: " + error +
                         "\n";
    }
}

std::unique_ptr<sim::Forwarder> forward(sim::Simulation& simulation, const Options& options) {
    sim::ForwardOptions wanted;
    if (!options.forward_listen.empty()) {
        wanted.listen = options.forward_listen;
    } else if (!options.forward) {
        return nullptr;
    }
    return std::make_unique<sim::Forwarder>(simulation, wanted, report);
}

int serve(const Options& options) {
    const sigset_t signals = block_stop_signals();
    sim::Simulation simulation(initial_state(options), sim::real_clock());
    if (!options.record.empty()) simulation.log().record_to(options.record);
    sim::HttpServer server(simulation);
    const auto serve_on = [&](const std::string& text, const std::optional<sim::TlsFiles>& tls) {
        const std::string url = server.listen(*sim::parse_endpoint(text), tls);
        std::cout << "listening on " << url << std::endl;
    };
    for (const std::string& text : options.listen)
        serve_on(text, std::nullopt);
    for (const std::string& text : options.listen_tls)
        serve_on(text, options.tls);
    const auto forwarder = forward(simulation, options);
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
