// The command line: which command, with which options; errors to exit codes.
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/project.h"
#include "agent/config/error.h"
#include "agent/config/values.h"
#include "agent/version.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

using namespace hcloud::agent;
namespace cloud = hcloud::cloud;

struct CommandLine {
    CLI::App app{"Configures a Hetzner Cloud server: private networks, alias IPs, floating IPs."};
    Invocation invocation;
    bool watch = false;
    std::string key;
    std::string format = "text";
    ApiCall api;
    DrainCall drain;
    WaitGoal goal = WaitGoal::configured;
    std::chrono::milliseconds wait_timeout{60000};
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
        add_wait();
        add_metadata();
        add_api();
        add_load_balancer();
        add("drain", "What a shutdown does: leave the load balancers, and let connections end",
            [this] { return command_drain(invocation, drain); })
            ->add_flag("--if-stopping", drain.if_stopping,
                       "Only if the system is about to stop, for the unit that does this");
        add_doctor();
        add_config();
    }

    void add_load_balancer() {
        auto* sub =
            app.add_subcommand("load-balancer", "This server as a target of its load balancers");
        sub->require_subcommand(1);
        add(
            "list", "Those of the configuration, and how this server stands with each",
            [this] { return command_load_balancer_list(invocation); }, sub);
        auto* leave = add(
            "drain", "Leave them until join or a reboot, and let connections end",
            [this] { return command_drain(invocation, drain); }, sub);
        auto* join = add(
            "join", "Be a target of them again",
            [this] { return command_join(invocation, drain.load_balancers); }, sub);
        for (auto* taking : {leave, join}) {
            taking->add_option("NAME", drain.load_balancers,
                               "As the configuration calls them; all without it");
        }
    }

    void add_options() {
        app.add_option("--config", invocation.config_file, "Configuration file")
            ->capture_default_str()
            ->each([this](const std::string&) { invocation.config_given = true; });
        app.add_option("--runtime-dir", invocation.runtime_dir, "Where ledger and socket are")
            ->capture_default_str();
        app.add_option("--state-dir", invocation.state_dir,
                       "Where is kept what was registered (/var/lib/hcloud-agent)");
        app.add_option_function<std::string>(
               "-o,--output",
               [this](const std::string& text) {
                   invocation.output = text == "json" ? Output::json : Output::text;
               },
               "Output format of plan, status, load-balancer list and doctor: text or json")
            ->check(CLI::IsMember({"text", "json"}));
    }

    CLI::App* add(const char* name, const char* help, std::function<int()> run,
                  CLI::App* parent = nullptr) {
        auto* sub = (parent != nullptr ? parent : &app)->add_subcommand(name, help);
        sub->callback([this, run = std::move(run)] { command = run; });
        return sub;
    }

    void add_wait() {
        auto* sub =
            add("wait", "Until the running agent has reached a goal; exit 75 if not in time",
                [this] { return command_wait(invocation, goal, wait_timeout); });
        sub->add_option_function<std::string>(
               "GOAL", [this](const std::string& text) { read_goal(text); },
               "configured: every source was asked, and all that can be done now is done.\n"
               "online: the identity is known, and every private network, alias IP, known\n"
               "floating IP and route is in place; the API is not waited for.\n"
               "registered: this server is registered as the configuration has it, and its load\n"
               "balancers know whether it is healthy.")
            ->required();
        add_timeout(*sub, wait_timeout, std::chrono::milliseconds(0),
                    "How long at most; an agent that is yet to start is waited for");
    }

    void read_goal(const std::string& text) {
        static const std::map<std::string, WaitGoal> goals{{"configured", WaitGoal::configured},
                                                           {"online", WaitGoal::online},
                                                           {"registered", WaitGoal::registered}};
        const auto found = goals.find(text);
        if (found == goals.end()) {
            throw CLI::ValidationError("GOAL", "configured, online or registered, not " + text);
        }
        goal = found->second;
    }

    void add_metadata() {
        auto* sub = add("metadata", "Print what the metadata service says",
                        [this] { return command_metadata(invocation, key, format); });
        sub->add_option("KEY", key, "One key, such as hostname; all of them without it");
        sub->add_option("--format", format, "text, json, yaml or env (afterburn's names)")
            ->check(CLI::IsMember({"text", "json", "yaml", "env"}))
            ->capture_default_str();
    }

    void add_doctor() {
        auto* sub = add("doctor", "Check everything that may be wrong, and say how to mend it",
                        [this] { return command_doctor(invocation); });
        sub->footer(
            "Changes nothing. Exit code 0: nothing is wrong; 1: there are warnings or errors.\n"
            "-o json: {\"findings\": [{\"id\", \"severity\": ok|note|warning|error, \"what\", "
            "\"why\",\n"
            "\"mend\"}], \"summary\": {\"ok\", \"note\", \"warning\", \"error\"}}");
    }

    void add_api() {
        auto* sub = add("api", "Call any endpoint of the Cloud API",
                        [this] { return command_api(invocation, api); });
        sub->add_option("METHOD", api.method, "GET, POST, PUT or DELETE")->required();
        sub->add_option("PATH", api.path, "Such as /servers/42 or /servers?name=web1")->required();
        sub->add_option("-d,--data", api.data,
                        "The body, JSON; @FILE reads it from a file, - from standard input");
        sub->add_flag("--paginate", api.paginate, "Get all pages, as one document");
        sub->add_flag("--wait", api.wait,
                      "Until the actions that this starts have ended; exit 1 if one fails");
        add_timeout(*sub, api.timeout, std::chrono::milliseconds(1),
                    "For all of it, retries and waiting included");
    }

    /// --timeout, a duration as in the configuration, into `field`.
    static void add_timeout(CLI::App& sub, std::chrono::milliseconds& field,
                            std::chrono::milliseconds min, const char* help) {
        const auto read = [&field, min](const std::string& text) {
            const auto time = config::parse_duration(text, min, std::chrono::hours(24));
            if (const auto* refusal = std::get_if<config::Refusal>(&time)) {
                throw CLI::ValidationError("--timeout", refusal->text + "; " + refusal->hint);
            }
            field = std::get<std::chrono::milliseconds>(time);
        };
        sub.add_option_function<std::string>("--timeout", read, help)
            ->type_name("TIME")
            ->default_str(config::to_text(field));
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

int fail(int code, const std::string& text) {
    fmt::print(stderr, "hcloud-agent: {}\n", text);
    return code;
}

/// A full disk must not look like success; but whoever closes a pipe has read enough.
int unwritten(int error) {
    if (error == EPIPE) return kExitFailed;
    return fail(kExitFailed,
                fmt::format("cannot write the output: {}", std::generic_category().message(error)));
}

int run_command(const std::function<int()>& command) {
    try {
        const int code = command();
        return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? code : unwritten(errno);
    } catch (const ConfigError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return kExitBadConfig;
    } catch (const NotPermittedError& error) {
        return fail(kExitNotPermitted, error.what());
    } catch (const cloud::Error& error) {
        return fail(exit_code_of(error), error.what());
    } catch (const LockedError& error) {
        return fail(kExitTryAgain, error.what());
    } catch (const std::invalid_argument& error) {  // an endpoint or a proxy that is none
        return fail(kExitBadConfig, error.what());
    } catch (const std::system_error& error) {
        if (std::ferror(stdout) != 0) return unwritten(error.code().value());
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

// The API token is in memory, also in buffers of OpenSSL's and Poco's: a crash leaves no core, and
// but for root nobody may look into the process. What it starts is an ordinary process again, but
// for the limit.
void keep_memory_private() {
    prctl(PR_SET_DUMPABLE, 0);
    rlimit limit{};
    if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    keep_memory_private();
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
