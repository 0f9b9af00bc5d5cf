#include "agent/daemon/registration.h"

#include <algorithm>
#include <utility>

namespace hcloud::agent {

namespace {

using std::chrono::seconds;

// For all that a boot may have to do; a load balancer's lock alone can take seconds.
constexpr std::chrono::minutes kJobLimit{4};
constexpr std::chrono::minutes kJobDeadline{5};
// Whoever waits asks many times a second.
constexpr seconds kWantedFor{3};
constexpr seconds kHealthPause{5};

bool is_done(const Item& item) {
    return is_there(item.state) || item.state == ItemState::drained;
}

}  // namespace

Hindrance registration_hindrance(const Config& config, const Knowledge& knowledge,
                                 const std::string& token_problem) {
    if (!token_problem.empty()) return {token_problem, true};
    if (knowledge.identity() == Identity::mismatch)
        return {"this may be another server: see metadata", true};
    if (knowledge.root() && config.identity.verify == VerifyBy::dmi &&
        knowledge.identity() != Identity::proven) {
        return {
            "nothing is registered: there is no DMI serial number to prove that this is the "
            "server that metadata speaks of. Root can read it, and the unit hands it on as the "
            "credential dmi-serial; identity.verify: metadata does without"};
    }
    return {};
}

Registration::Registration(sd::Event& event, RegistrationStore& store, NewClient new_client,
                           std::function<void()> news)
    : store_(store),
      new_client_(std::move(new_client)),
      news_(std::move(news)),
      registrar_(std::make_shared<Registrar>(store)),
      worker_(event),
      health_timer_(event.timer([this] { work(); })) {}

void Registration::configure(const Config::Register& wanted) {
    wanted_ = wanted;
    tried_ = false;
    server_.reset();
    concerned_ = is_concerned(wanted, store_);
}

void Registration::look(const cloud::Server& server) {
    if (!concerned_) return;
    server_ = server;
    work();
}

void Registration::hinder(const Hindrance& hindrance) {
    if (hindrance == hindrance_) return;
    hindrance_ = hindrance;
    if (!hindrance.why.empty()) tried_ = true;
}

void Registration::attend() {
    health_wanted_until_ = Clock::now() + kWantedFor;
    if (worker_.busy()) return;
    const bool drained = drained_anew();
    // A command may have made this server a target a moment ago.
    if (drained) registrar_->doubt(Clock::now());
    if (drained || !report_.health_known) work();
}

/// Commands say so in a file, for the next agent, too.
bool Registration::drained_anew() {
    try {
        const auto before = std::exchange(drained_, store_.drained());
        return drained_ != before;
    } catch (const RegistrationFileError&) {
        return false;  // the next look says so
    }
}

void Registration::work() {
    if (!concerned_ || !server_ || !hindrance_.why.empty()) return;
    again_ = worker_.busy();
    if (again_) return;
    const bool wants_health = Clock::now() < health_wanted_until_;
    if (auto report = registrar_->glance(wanted_, *server_, Clock::now(), wants_health)) {
        return conclude(std::move(*report));
    }
    const auto client = new_client_();
    const auto failed = [this](const std::string& why) {
        auto report = report_;
        report.steps.clear();
        report.problems = {why};
        conclude(std::move(report));
    };
    worker_.start(
        kJobDeadline,
        [this, client, registrar = registrar_, wanted = wanted_, server = *server_, wants_health] {
            auto report = std::make_shared<RegistrationReport>(
                registrar->run(*client, wanted, server, kJobLimit, wants_health));
            return [this, report] { conclude(std::move(*report)); };
        },
        failed, [client] { client->cancel(); });
}

void Registration::conclude(RegistrationReport report) {
    report_ = std::move(report);
    tried_ = true;
    if (!again_ && report_.server.id != 0) server_ = report_.server;
    news_();
    if (again_) return work();
    if (Clock::now() < health_wanted_until_ && !report_.health_known) {
        health_timer_.arm(kHealthPause);
    }
}

bool Registration::settled() const {
    return !concerned_ || (tried_ && !worker_.busy());
}

bool Registration::done() const {
    const auto& items = report_.plan.items;
    return tried_ && !worker_.busy() && hindrance_.why.empty() && problems().empty() &&
           report_.plan.changes.empty() && std::all_of(items.begin(), items.end(), is_done);
}

const char* Registration::state() const {
    if (!concerned_) return "off";
    if (done()) {
        const auto& items = report_.plan.items;
        const bool drained = std::any_of(items.begin(), items.end(), [](const auto& item) {
            return item.state == ItemState::drained;
        });
        return drained ? "drained" : "registered";
    }
    if (!hindrance_.why.empty() || (tried_ && !worker_.busy())) return "failing";
    return tried_ || worker_.busy() ? "registering" : "waiting";
}

std::vector<std::string> Registration::problems() const {
    if (!concerned_) return {};
    if (!hindrance_.why.empty()) return {hindrance_.why};
    return report_.problems;
}

}  // namespace hcloud::agent
