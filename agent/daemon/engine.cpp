#include "agent/daemon/engine.h"

#include <algorithm>
#include <utility>

namespace hcloud::agent {

namespace {

constexpr std::chrono::seconds kRetryAfterError{1};
constexpr std::chrono::minutes kResync{1};

// By the provider's prefix for private NICs. Containers bring links all the time, and those say
// nothing about metadata; should the prefix change one day, a NIC is found at the usual interval.
bool is_cloud_nic(const host::Link& link) {
    return link.mac.starts_with("86:00:");
}

std::chrono::microseconds micros(Clock::duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration);
}

}  // namespace

Engine::Engine(sd::Event& event, Log& log, Config config, host::Network& network,
               host::Ledger& ledger, RegistrationStore& store, std::function<void()> after_cycle)
    : event_(event),
      log_(log),
      config_(std::move(config)),
      after_cycle_(std::move(after_cycle)),
      reconciler_(network, ledger,
                  [this] {
                      drain_monitor();
                      guard_watch_.drain();
                  }),
      sources_(event, config_, [this] { on_news(); }),
      registration_(
          event, store, [this] { return sources_.new_client(); }, [this] { on_registration(); }),
      guard_watch_(event, [this] { wake(); }),
      debounce_timer_(event.timer([this] { cycle(); })),
      again_timer_(event.timer([this] { cycle(); })) {}

void Engine::start(Start how) {
    open_monitor();  // before the first dump, so that nothing falls between them
    set_up_registration();
    sources_.start(how);
    cycle();
}

void Engine::configure(const Config& config) {
    config_ = config;
    set_up_registration();
    sources_.configure(config);
    cycle();
}

void Engine::set_up_registration() {
    registration_.configure(config_.registration);
    sources_.set_registers(registration_.concerned());
    registered_round_ = sources_.api().rounds();
}

void Engine::open_monitor() {
    auto monitor = std::make_unique<host::Monitor>();
    monitor_io_ = {};
    monitor_ = std::move(monitor);
    monitor_io_ = event_.on_readable(monitor_->fd(), [this] {
        if (drain_monitor()) wake();
    });
}

bool Engine::drain_monitor() {
    try {
        return monitor_->drain();
    } catch (const host::Error& error) {
        // A deaf agent repairs nothing: a new socket, and a dump for what the old one missed.
        // Posted, since this may run in a callback of the source that goes.
        log_.warning(message::kMonitorReopened,
                     std::string("netlink monitor: ") + error.what() + "; opening a new one");
        event_.post([this] {
            open_monitor();
            wake();
        });
        return false;
    }
}

void Engine::wake() {
    debounce_timer_.arm(micros(debounce_.on_event(Clock::now())));
}

// Until metadata has been asked once, in vain or not, it is not known whether this is the server
// that it speaks of: until then a list in the configuration waits, and the way to metadata alone is
// seen to.
Desired Engine::wanted() const {
    auto desired = sources_.knowledge().desired(config_);
    if (!sources_.metadata().tried()) desired.floating_ips = {};
    return desired;
}

// Answers that say what they said before need no dump: netlink tells what happens on the host. Once
// in a while there is one all the same.
void Engine::on_news() {
    if (const auto& root = sources_.knowledge().root()) {
        log_.always({{"HCLOUD_SERVER_ID", std::to_string(root->instance_id)}});
    }
    registration_.hinder(
        registration_hindrance(config_, sources_.knowledge(), sources_.token_problem()));
    see_to_host();
    // Last: its look may be over at once, and what is told then counts on the host being seen to.
    see_to_registration();
}

void Engine::see_to_host() {
    const bool fresh = Clock::now() - latest_cycle_ < kResync;
    if (!fresh || wanted() != desired_) return cycle();
    log_news();
    if (after_cycle_) after_cycle_();
}

// Each look at this server is a fresh one once.
void Engine::see_to_registration() {
    const auto round = sources_.api().rounds();
    if (round == registered_round_ || !sources_.server()) return;
    registered_round_ = round;
    registration_.look(*sources_.server());
}

void Engine::on_registration() {
    const auto& steps = registration_.latest().steps;
    const bool nic = std::any_of(steps.begin(), steps.end(), [](const auto& step) {
        return step.problem.empty() &&
               (std::holds_alternative<AttachToNetwork>(step.planned.change) ||
                std::holds_alternative<MergeAliasIps>(step.planned.change));
    });
    if (nic) sources_.expect_nic();
    log_registration_steps();
    log_news();
    if (after_cycle_) after_cycle_();
}

void Engine::cycle() {
    const auto now = latest_cycle_ = Clock::now();
    debounce_timer_.disarm();
    desired_ = wanted();
    guard_watch_.watch(desired_.guard.has_value());
    try {
        report_ = reconciler_.cycle(desired_, config_.network.dhcp_grace, now);
        host_problem_.clear();
    } catch (const host::Error& error) {
        if (host_problem_ != error.what()) log_.error(message::kKernelFails, error.what());
        host_problem_ = error.what();
        report_.steps.clear();
        report_.again = now + kRetryAfterError;
    }
    debounce_.on_cycle(now, !report_.steps.empty());
    finish_cycle();
}

void Engine::finish_cycle() {
    ++cycles_;
    again_timer_.disarm();
    if (report_.again) again_timer_.arm(micros(*report_.again - Clock::now()));
    look_for_new_nics();
    log_steps();
    log_contested();
    log_news();
    if (after_cycle_) after_cycle_();
}

void Engine::look_for_new_nics() {
    std::set<int> links;
    bool appeared = false;
    for (const auto& link : reconciler_.observed().links) {
        links.insert(link.index);
        appeared |= links_.has_value() && !links_->contains(link.index) && is_cloud_nic(link);
    }
    links_ = std::move(links);
    if (appeared) sources_.expect_nic();
}

bool Engine::converged() const {
    return sources_.settled() && sources_.knowledge().has_metadata() && host_problem_.empty() &&
           report_.plan.frozen.empty() && report_.converged();
}

}  // namespace hcloud::agent
