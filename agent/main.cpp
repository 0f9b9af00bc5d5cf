// The command line: which command, with which options; errors to exit codes.
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/config/error.h"
#include "agent/version.h"

#include <exception>
#include <functional>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <malloc.h>

namespace {

using namespace hcloud::agent;

struct CommandLine {
    CLI::App app{"Configures a Hetzner Cloud server: private networks, alias IPs, floating IPs."};
    Invocation invocation;
    bool watch = false;
    std::string key;
    std::string format = "text";
    std::function<int()> command;

    CommandLine() {
        app.name("hcloud-agent");
        app.require_subcommand(1);
        app.fallthrough();
        app.set_version_flag("--version", kVersion);
        app.footer(
            "Exit codes: 0 done, 1 failed, 2 plan has changes, 64 usage, 69 not reachable,\n"
            "75 try again, 77 not permitted, 78 bad config.");
        add_options();
        add("run", "Be the daemon: configure, watch, repair",
            [this] { return command_run(invocation); });
        add("plan", "Print what would change and why; exit 2 if something would",
            [this] { return command_plan(invocation); });
        add("apply", "Converge once and exit", [this] { return command_apply(invocation); });
        add("status", "Ask the running agent what is configured, owned and failing", [this] {
            return command_status(invocation, watch);
        })->add_flag("--watch", watch, "Print again whenever something changes");
        add_metadata();
        add_config();
    }

    void add_options() {
        app.add_option("--config", invocation.config_file, "Configuration file")
            ->capture_default_str()
            ->each([this](const std::string&) { invocation.config_given = true; });
        app.add_option("--runtime-dir", invocation.runtime_dir, "Where ledger and socket are")
            ->capture_default_str();
        app.add_option_function<std::string>(
               "-o,--output",
               [this](const std::string& text) {
                   invocation.output = text == "json" ? Output::json : Output::text;
               },
               "Output format of plan and status: text or json")
            ->check(CLI::IsMember({"text", "json"}));
    }

    CLI::App* add(const char* name, const char* help, std::function<int()> run,
                  CLI::App* parent = nullptr) {
        auto* sub = (parent != nullptr ? parent : &app)->add_subcommand(name, help);
        sub->callback([this, run = std::move(run)] { command = run; });
        return sub;
    }

    void add_metadata() {
        auto* sub = add("metadata", "Print what the metadata service says",
                        [this] { return command_metadata(invocation, key, format); });
        sub->add_option("KEY", key, "One key, such as hostname; all of them without it");
        sub->add_option("--format", format, "text, json, yaml or env (afterburn's names)")
            ->check(CLI::IsMember({"text", "json", "yaml", "env"}))
            ->capture_default_str();
    }

    void add_config() {
        auto* sub = app.add_subcommand("config", "Look at the configuration");
        sub->require_subcommand(1);
        add(
            "check", "Say what is wrong with it",
            [this] { return command_config_check(invocation); }, sub);
        add(
            "show", "Print it with all defaults",
            [this] { return command_config_show(invocation); }, sub);
        add(
            "schema", "Print its JSON Schema", [] { return command_config_schema(); }, sub);
    }
};

int fail(int code, const char* text) {
    fmt::print(stderr, "hcloud-agent: {}\n", text);
    return code;
}

int run_command(const std::function<int()>& command) {
    try {
        return command();
    } catch (const ConfigError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return kExitBadConfig;
    } catch (const LockedError& error) {
        return fail(kExitTryAgain, error.what());
    } catch (const std::system_error& error) {
        const bool refused = error.code() == std::errc::permission_denied ||
                             error.code() == std::errc::operation_not_permitted;
        return fail(refused ? kExitNotPermitted : kExitFailed, error.what());
    } catch (const std::exception& error) {
        return fail(kExitFailed, error.what());
    }
}

// Threads here wait for sockets and allocate little: an arena for each would only hold memory back.
// The heap grows in steps that hold the plan of a large server.
void set_up_heap() {
    constexpr int kStep = 1024 * 1024;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, kStep);
}

}  // namespace

int main(int argc, char** argv) {
    set_up_heap();
    CommandLine line;
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::Success& done) {  // --help, --version
        return line.app.exit(done);
    } catch (const CLI::ParseError& error) {
        const auto strangers = line.app.remaining();
        if (strangers.empty()) {
            line.app.exit(error);
        } else {
            fmt::print(stderr, "hcloud-agent: what is '{}'? Run with --help for the commands.\n",
                       strangers.front());
        }
        return kExitUsage;
    }
    return run_command(line.command);
}
