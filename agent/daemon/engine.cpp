#include "agent/daemon/engine.h"

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

Engine::Engine(sd::Event& event, const Log& log, Config config, host::Network& network,
               host::Ledger& ledger, std::function<void()> after_cycle)
    : event_(event),
      log_(log),
      config_(std::move(config)),
      after_cycle_(std::move(after_cycle)),
      reconciler_(network, ledger, [this] { drain_monitor(); }),
      sources_(event, config_, [this] { on_news(); }),
      debounce_timer_(event.timer([this] { cycle(); })),
      again_timer_(event.timer([this] { cycle(); })) {}

void Engine::start() {
    open_monitor();  // before the first dump, so that nothing falls between them
    sources_.start();
    cycle();
}

void Engine::configure(const Config& config) {
    config_ = config;
    sources_.configure(config);
    cycle();
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
        log_.warning(std::string("netlink monitor: ") + error.what() + "; opening a new one");
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
    const bool fresh = Clock::now() - latest_cycle_ < kResync;
    if (!fresh || wanted() != desired_) return cycle();
    log_news();
    if (after_cycle_) after_cycle_();
}

void Engine::cycle() {
    const auto now = latest_cycle_ = Clock::now();
    debounce_timer_.disarm();
    desired_ = wanted();
    try {
        report_ = reconciler_.cycle(desired_, config_.network.dhcp_grace, now);
        host_problem_.clear();
    } catch (const host::Error& error) {
        if (host_problem_ != error.what()) log_.error(error.what());
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
    if (appeared) sources_.nic_appeared();
}

bool Engine::converged() const {
    return sources_.settled() && sources_.knowledge().has_metadata() && host_problem_.empty() &&
           report_.plan.frozen.empty() && report_.converged();
}

}  // namespace hcloud::agent
