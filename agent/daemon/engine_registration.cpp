// What the engine says of this server's registration: log lines, each thing once, and its status.
#include "agent/daemon/engine.h"
#include "agent/daemon/problem_log.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using Fields = Log::Fields;

Fields fields_of(const CloudStep& step) {
    Fields fields{{"HCLOUD_REASON", step.planned.reason}, {"HCLOUD_PURPOSE", "registration"}};
    if (!step.problem.empty()) fields.emplace_back("HCLOUD_ERROR", step.problem);
    return fields;
}

}  // namespace

void Engine::log_registration_steps() {
    for (const auto& step : registration_.latest().steps) {
        const auto text = describe(step.planned.change);
        if (step.problem.empty()) {
            ++changes_;
            repairs_ += step.repair ? 1 : 0;
            log_.info(message::kRegistered,
                      fmt::format("{}{} ({})", step.repair ? "repaired: " : "", text,
                                  step.planned.reason),
                      fields_of(step));
        } else {
            ++failures_;
            log_.warning(message::kRegistrationRefused, fmt::format("{}: {}", text, step.problem),
                         fields_of(step));
        }
    }
    const auto& report = registration_.latest();
    for (const auto& item : report.plan.items) {
        if (!report.contested.contains(item.key) || logged_cloud_contested_.contains(item.key)) {
            continue;
        }
        log_.warning(message::kRegistrationContested,
                     fmt::format("contested: somebody undoes {} again and again; it is put back "
                                 "with growing pauses, up to an hour. A Terraform run that manages "
                                 "it, too?",
                                 item.what));
    }
    logged_cloud_contested_ = report.contested;
}

void Engine::log_registration() {
    auto problems = registration_.problems();
    if (registration_.hindrance().said) problems.clear();
    ProblemLog(log_, "the registration", message::kRegistrationWell)
        .tell(message::kRegistrationFails, problems, logged_registration_);
}

void Engine::add_registration(Status& status) const {
    const auto& report = registration_.latest();
    status.registration = {registration_.state(), report.health_known, registration_.problems()};
    if (status.registration.state == "off") return;
    for (const auto& item : report.plan.items) {
        const bool contested = report.contested.contains(item.key) &&
                               (item.state == ItemState::held || item.state == ItemState::missing);
        status.items.push_back({item.what.substr(0, item.what.find(' ')), item.what, item.link,
                                contested ? "contested" : to_string(item.state), item.note});
        auto& added = status.items.back();
        if (item.key.kind != Key::Kind::network || !is_there(item.state)) continue;
        if (config_.network.private_networks == PrivateMode::off) continue;  // not asked for
        if (sources_.knowledge().in_network(id_of(item.key))) continue;
        added.state = to_string(ItemState::pending);
        added.note = "attached; metadata does not show it yet";
        if (status.registration.state == "registered") status.registration.state = "registering";
    }
}

}  // namespace hcloud::agent
