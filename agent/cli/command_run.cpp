// The daemon: the engine, plus what a service owes its manager and its operator.
#include "actions/host/ledger.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/config/load.h"
#include "agent/daemon/control_socket.h"
#include "agent/daemon/engine.h"
#include "agent/version.h"
#include "systemd/notify.h"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <signal.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

class Daemon {
  public:
    explicit Daemon(const Invocation& invocation)
        : invocation_(invocation),
          config_(effective_config(invocation)),
          lock_(invocation),
          log_(sd::under_journal()),
          network_(open_network()),
          ledger_(ledger_path(invocation)),
          on_term_(event_.on_signal(SIGTERM, [this] { event_.quit(); })),
          on_int_(event_.on_signal(SIGINT, [this] { event_.quit(); })),
          on_hup_(event_.on_signal(SIGHUP, [this] { reload(); })),
          engine_(event_, log_, config_, *network_, ledger_, [this] { report(); }),
          control_(event_, invocation.runtime_dir / "agent.sock",
                   [this] { return to_json(engine_.status()); }) {
        event_.on_error([this](const std::exception& error) { log_.error(error.what()); });
    }

    void run() {
        log_.info(fmt::format("version {} starts; nothing is removed when it stops", kVersion));
        event_.feed_watchdog();
        engine_.start();
        event_.run();
        sd::notify_stopping();
        log_.info("stops; what is configured stays");
    }

    /// False if a request cannot be interrupted: then only _exit() is left.
    bool stop() {
        constexpr std::chrono::milliseconds kLimit{300};
        return engine_.stop(kLimit);
    }

  private:
    void report() {
        const auto text = summary(engine_.status());
        if (text != told_) sd::notify_status(text);
        told_ = text;
        if (ready_ || !engine_.converged()) return;
        ready_ = true;
        sd::notify_ready();
        log_.info("ready: " + text);
    }

    void reload() {
        sd::notify_reloading();
        try {
            config_ = effective_config(invocation_);
            engine_.configure(config_);
            log_.info("read the configuration again");
        } catch (const ConfigError& error) {
            log_.error(fmt::format("the configuration is bad, the old one stays in force:\n{}",
                                   error.what()));
        }
        if (ready_) sd::notify_ready();
    }

    Invocation invocation_;
    Config config_;
    RuntimeLock lock_;
    Log log_;
    sd::Event event_;
    std::unique_ptr<host::Network> network_;
    host::FileLedger ledger_;
    // Before anything that starts threads: a thread inherits which signals are blocked, and one
    // that does not block them would die of them in the loop's place.
    sd::Source on_term_;
    sd::Source on_int_;
    sd::Source on_hup_;
    Engine engine_;
    ControlSocket control_;
    std::string told_;
    bool ready_ = false;
};

}  // namespace

int command_run(const Invocation& invocation) {
    Daemon daemon(invocation);
    daemon.run();
    if (!daemon.stop()) _exit(kExitDone);
    return kExitDone;
}

}  // namespace hcloud::agent
