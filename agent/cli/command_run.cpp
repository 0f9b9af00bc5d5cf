// The daemon: the engine, plus what a service owes its manager and its operator.
#include "actions/host/ledger.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/config/load.h"
#include "agent/daemon/control_socket.h"
#include "agent/daemon/engine.h"
#include "agent/daemon/metrics.h"
#include "agent/daemon/metrics_port.h"
#include "agent/daemon/prometheus_text.h"
#include "agent/version.h"
#include "systemd/notify.h"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <signal.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

// The boot waits for READY, and goes on without the rest: soon if metadata is dead; where it
// answers, the private NICs have their time with DHCP first.
constexpr std::chrono::seconds kReadyWithin{5};
constexpr std::chrono::seconds kLongerWithMetadata{5};

class Daemon {
  public:
    explicit Daemon(const Invocation& invocation)
        : invocation_(invocation),
          config_(effective_config(invocation)),
          lock_(invocation),
          log_(sd::under_journal()),
          network_(open_network()),
          ledger_(ledger_path(invocation)),
          registration_(registration_files(invocation)),
          on_term_(event_.on_signal(SIGTERM, [this] { event_.quit(); })),
          on_int_(event_.on_signal(SIGINT, [this] { event_.quit(); })),
          on_hup_(event_.on_signal(SIGHUP, [this] { reload(); })),
          patience_(event_.timer([this] { lose_patience(); })),
          engine_(event_, log_, config_, *network_, ledger_, registration_, [this] { report(); }),
          control_(event_, control_socket_in(invocation.runtime_dir),
                   {{"/v1/status", status_},
                    {"/v1/registration", registration_status_},
                    {"/metrics", metrics_}}),
          metrics_port_(event_, log_, metrics_) {
        event_.on_error([this](const std::exception& error) {
            log_.error(message::kUnexpected, error.what());
        });
    }

    void run() {
        log_.info(message::kStarted,
                  fmt::format("version {} starts; nothing is removed when it stops", kVersion),
                  {{"HCLOUD_VERSION", kVersion}});
        event_.feed_watchdog();
        patience_.arm(kReadyWithin);
        metrics_port_.listen(config_.metrics.listen);
        engine_.start(Start::spread);
        event_.run();
        sd::notify_stopping();
        log_.info(message::kStopping, "stops; what is configured stays");
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
        if (converged_ || !engine_.converged()) return;
        converged_ = true;
        be_ready();
        log_.info(message::kReady, "ready: " + text);
    }

    std::string status_text() const {
        using Json = nlohmann::json;
        return to_json(engine_.status()).dump(-1, ' ', false, Json::error_handler_t::replace);
    }

    void be_ready() {
        if (!ready_) sd::notify_ready();
        ready_ = true;
    }

    void lose_patience() {
        if (ready_) return;
        if (engine_.sources().knowledge().has_metadata() && !std::exchange(longer_, true)) {
            patience_.arm(kLongerWithMetadata);
            return;
        }
        be_ready();
        log_.warning(message::kNotReady,
                     "not configured yet, and what waits for this service goes on: " + told_);
    }

    void reload() {
        sd::notify_reloading();
        try {
            config_ = effective_config(invocation_);
            engine_.configure(config_);
            metrics_port_.listen(config_.metrics.listen);
            log_.info(message::kConfigRead, "read the configuration again");
        } catch (const ConfigError& error) {
            log_.error(message::kConfigBad,
                       fmt::format("the configuration is bad, the old one stays in force:\n{}",
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
    RegistrationFiles registration_;
    // Before anything that starts threads: a thread inherits which signals are blocked, and one
    // that does not block them would die of them in the loop's place.
    sd::Source on_term_;
    sd::Source on_int_;
    sd::Source on_hup_;
    sd::Source patience_;
    Engine engine_;
    const Resource status_{"application/json", [this] { return status_text(); }};
    // The same, for whoever waits for load balancers to be left, or for their verdict.
    const Resource registration_status_{"application/json", [this] {
                                            engine_.registration().attend();
                                            return status_text();
                                        }};
    const Resource metrics_{PrometheusText::kContentType,
                            [this] { return to_metrics(engine_.status()); }};
    ControlSocket control_;
    MetricsPort metrics_port_;
    std::string told_;
    bool ready_ = false;
    bool converged_ = false;  // has been, once
    bool longer_ = false;
};

}  // namespace

int command_run(const Invocation& invocation) {
    Daemon daemon(invocation);
    daemon.run();
    if (!daemon.stop()) _exit(kExitDone);
    return kExitDone;
}

}  // namespace hcloud::agent
