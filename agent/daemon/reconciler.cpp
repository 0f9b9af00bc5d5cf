#include "agent/daemon/reconciler.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hcloud::agent {

namespace {

// More only if something changes under our hands; what is left then is for the next cycle, which
// comes soon: what undoes our changes at once is damped, and what the kernel refuses is held.
constexpr int kPasses = 3;
constexpr std::chrono::milliseconds kSoon{1};

bool is_addition(const host::Change& change) {
    return std::holds_alternative<host::AddAddress>(change) ||
           std::holds_alternative<host::AddRoute>(change) ||
           std::holds_alternative<host::AddGuard>(change);
}

std::vector<PlannedChange> take_link_changes(std::vector<PlannedChange>& changes) {
    const auto rest = std::stable_partition(
        changes.begin(), changes.end(),
        [](const auto& planned) { return key(planned.change).kind != Key::Kind::link; });
    std::vector<PlannedChange> links(std::make_move_iterator(rest),
                                     std::make_move_iterator(changes.end()));
    changes.erase(rest, changes.end());
    return links;
}

}  // namespace

Reconciler::Reconciler(host::Network& network, host::Ledger& ledger,
                       std::function<void()> before_observe)
    : network_(network), ledger_(ledger), before_observe_(std::move(before_observe)) {}

void Reconciler::observe(const Desired& desired) {
    if (before_observe_) before_observe_();
    observed_ = network_.observe();
    if (concerns_guard(desired, entries_)) observed_.guard = network_.observe_guard();
}

void Reconciler::load_ledger() {
    if (std::exchange(ledger_loaded_, true)) return;
    try {
        entries_ = ledger_.load();
    } catch (const host::LedgerError& error) {
        // What is in use carries our mark where the kernel keeps one; elsewhere it counts as
        // others'.
        ledger_problem_ = error.what();
    }
}

bool Reconciler::save_ledger(const std::vector<host::LedgerEntry>& entries) {
    if (entries == entries_) return true;
    try {
        ledger_.save(entries);
    } catch (const host::LedgerError& error) {
        ledger_problem_ = error.what();
        return false;
    }
    entries_ = entries;
    ledger_problem_.clear();
    return true;
}

Plan Reconciler::plan(const Desired& desired, std::chrono::milliseconds grace,
                      Clock::time_point now) {
    PlannerInput input{desired, observed_, entries_, {}, damping_.held(now)};
    for (const auto& [mac, since] : dhcp_since_) {
        if (now - since.second >= grace) input.grace_over.insert(mac);
    }
    if (grace.count() == 0) {
        for (const auto& network : desired.private_networks.list) {
            input.grace_over.insert(network.mac);
        }
    }
    return make_plan(input);
}

Plan Reconciler::preview(const Desired& desired) {
    load_ledger();
    observe(desired);
    return plan(desired, std::chrono::milliseconds(0), Clock::now());
}

// What was there and is to be added again was taken away by somebody else: that may be a fight. The
// first losses are free, though: they hold nothing back, and a second plan would be the first.
Plan Reconciler::plan_with_losses(const Desired& desired, std::chrono::milliseconds grace,
                                  Clock::time_point now) {
    const auto held = damping_.held(now);
    auto current = plan(desired, grace, now);
    for (const auto& planned : current.changes) {
        const auto name = key(planned.change);
        if (without_effect_.contains(name)) damping_.failed(name, now);
        if (!is_addition(planned.change) || placed_.erase(name) == 0) continue;
        damping_.lost(name, now);
        lost_.insert(name);
    }
    without_effect_.clear();
    if (damping_.held(now) != held) current = plan(desired, grace, now);
    return current;
}

void Reconciler::note(const Step& step, Clock::time_point now) {
    const auto name = key(step.change.change);
    const auto* added = std::get_if<host::AddAddress>(&step.change.change);
    using Kind = host::Outcome::Kind;
    if (step.outcome.kind == Kind::failed) damping_.failed(name, now);
    if (step.outcome.kind == Kind::done && is_addition(step.change.change)) placed_.insert(name);
    // Somebody was faster. If the next plan wants it all the same, it is as good as refused.
    if (step.outcome.kind == Kind::already || step.outcome.kind == Kind::gone) {
        without_effect_.insert(name);
    }
    if (step.outcome.kind == Kind::already && added != nullptr) {
        // Theirs. Where the kernel keeps no mark, only the ledger can tell.
        std::erase_if(entries_, [&](const host::LedgerEntry& entry) {
            return entry.link == added->address.link && entry.prefix == added->address.prefix;
        });
    }
}

void Reconciler::apply(Plan plan, Clock::time_point now, std::vector<Step>& steps) {
    if (!save_ledger(plan.ledger) && !observed_.has_address_protocol) {
        // Without a mark and without a ledger nobody could tell later that an address is ours.
        std::erase_if(plan.changes, [](const PlannedChange& planned) {
            return std::holds_alternative<host::AddAddress>(planned.change);
        });
    }
    // A link that cannot be brought up gets no address: with one, it would pass for set down by
    // somebody.
    auto links = take_link_changes(plan.changes);
    const auto before = entries_;
    const auto failed = apply_batch(std::move(links), now, steps);
    std::erase_if(plan.changes, [&](const PlannedChange& planned) {
        return failed.contains(key(planned.change).link);
    });
    apply_batch(std::move(plan.changes), now, steps);
    // Compared with what is on disk, which is what was there before the outcomes were noted.
    if (entries_ != before) save_ledger(std::exchange(entries_, before));
}

// The links of which a change failed.
std::set<int> Reconciler::apply_batch(std::vector<PlannedChange> planned, Clock::time_point now,
                                      std::vector<Step>& steps) {
    std::vector<host::Change> changes;
    changes.reserve(planned.size());
    for (const auto& change : planned)
        changes.push_back(change.change);
    const auto outcomes = network_.apply(changes);
    std::set<int> failed;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].kind == host::Outcome::Kind::failed) failed.insert(key(changes[i]).link);
        Step step{std::move(planned[i]), outcomes[i], link_name(changes[i], observed_),
                  lost_.contains(key(changes[i]))};
        note(step, now);
        steps.push_back(std::move(step));
    }
    return failed;
}

// DHCP's time begins when a NIC is seen without its primary address, anew for a new NIC.
void Reconciler::track_dhcp(const Desired& desired, const Plan& plan, Clock::time_point now) {
    std::erase_if(dhcp_since_, [&](const auto& entry) {
        const auto* link = observed_.link(entry.second.first);
        return link == nullptr || link->mac != entry.first;
    });
    for (const auto& network : desired.private_networks.list) {
        const bool there =
            std::any_of(observed_.addresses.begin(), observed_.addresses.end(),
                        [&](const host::Address& a) { return a.prefix.address == network.ip; });
        if (there) dhcp_since_.erase(network.mac);
    }
    for (const auto& mac : plan.waiting_for_dhcp) {
        if (const auto* link = observed_.link_by_mac(mac)) {
            dhcp_since_.try_emplace(mac, link->index, now);
        }
    }
}

CycleReport Reconciler::report(Plan plan, std::vector<Step> steps, std::chrono::milliseconds grace,
                               Clock::time_point now) const {
    CycleReport report{std::move(plan), std::move(steps), damping_.contested(now),
                       damping_.next_release(now), ledger_problem_};
    const auto earlier = [&](Clock::time_point time) {
        if (!report.again || time < *report.again) report.again = time;
    };
    for (const auto& [mac, since] : dhcp_since_) {
        if (since.second + grace > now) earlier(since.second + grace);
    }
    if (!report.plan.changes.empty()) earlier(now + kSoon);
    return report;
}

CycleReport Reconciler::cycle(const Desired& desired, std::chrono::milliseconds dhcp_grace,
                              Clock::time_point now) {
    load_ledger();
    damping_.forget_calm(now);
    observe(desired);
    std::vector<Step> steps;
    auto current = plan_with_losses(desired, dhcp_grace, now);
    for (int pass = 0; pass < kPasses && !current.changes.empty(); ++pass) {
        apply(std::move(current), now, steps);
        observe(desired);
        current = plan_with_losses(desired, dhcp_grace, now);
    }
    save_ledger(current.ledger);
    track_dhcp(desired, current, now);
    placed_.clear();
    for (const auto& item : current.items) {
        if (item.state != ItemState::configured) continue;
        placed_.insert(item.key);
        lost_.erase(item.key);
    }
    return report(std::move(current), std::move(steps), dhcp_grace, now);
}

}  // namespace hcloud::agent
