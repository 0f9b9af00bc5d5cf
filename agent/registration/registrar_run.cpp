#include "agent/registration/registrar_run.h"

#include "actions/cloud/action.h"
#include "actions/cloud/actions.h"
#include "actions/cloud/servers.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Before something is changed, what its name stands for is looked at again if that is older.
constexpr seconds kBelieveNames{60};
constexpr seconds kTurn{15};
// Labels first, then what they may have brought about, and one for what settles late.
constexpr int kPasses = 3;
// How long a label selector may take to act on new labels.
constexpr seconds kSelectorPatience{5};

bool by_selector(const ProjectView& project) {
    const auto selects = [](const auto& list) {
        return list && std::any_of(list->begin(), list->end(),
                                   [](const auto& one) { return one.label_selector.has_value(); });
    };
    for (const auto& [name, lookup] : project.firewalls) {
        if (lookup.resource && selects(lookup.resource->applied_to)) return true;
    }
    for (const auto& [name, lookup] : project.load_balancers) {
        if (lookup.resource && selects(lookup.resource->targets)) return true;
    }
    return false;
}

bool is_labels(const PlannedCloudChange& planned) {
    return std::holds_alternative<MergeLabels>(planned.change);
}

}  // namespace

Registrar::Run::Run(Registrar& registrar, cloud::Client& client, const Config::Register& wanted,
                    cloud::Server server, milliseconds limit)
    : registrar_(registrar),
      client_(client),
      wanted_(wanted),
      server_(std::move(server)),
      end_(client.now() + limit) {}

RegistrationReport Registrar::Run::look() {
    refresh();
    return finish();
}

RegistrationReport Registrar::Run::run(bool wants_health) {
    if (wants_health) lookups().expire_unknown_health(server_, client_.now());
    refresh();
    registrar_.damping_.forget_calm(client_.now());
    note_losses();
    std::unique_ptr<Turn> turn;
    if (!plan().changes.empty()) turn = begin();
    for (int pass = 0; turn != nullptr && pass < kPasses && !stopped_; ++pass) {
        const auto planned = plan();
        if (planned.changes.empty() || !save(planned.record)) break;
        make(planned);
        look_again(planned);
    }
    return finish();
}

void Registrar::Run::note_losses() {
    const auto before = registrar_.placed_;
    registrar_.note_places(plan(), client_.now());
    for (const auto& key : before) {
        if (!registrar_.placed_.contains(key)) lost_.insert(key);
    }
}

std::unique_ptr<Turn> Registrar::Run::begin() {
    try {
        auto turn = registrar_.store_.turn(kTurn);
        if (turn == nullptr) {
            problem("another hcloud-agent changes this server now");
            return nullptr;
        }
        registrar_.loaded_for_.reset();  // another process may have written since
        if (!registrar_.settled_) settle();
        lookups().expire(client_.now() - kBelieveNames);
        refresh();
        return turn;
    } catch (const RegistrationFileError& error) {
        problem(error.what());
    } catch (const cloud::Error& error) {
        fail(error);
    }
    return nullptr;
}

void Registrar::Run::settle() {
    auto running = read_actions("servers", server_.id);
    for (const auto& planned : plan().changes) {
        const auto* dns = std::get_if<ChangeDnsPtr>(&planned.change);
        if (dns == nullptr || dns->floating_ip == 0) continue;
        const auto more = read_actions("floating_ips", dns->floating_ip);
        running.insert(running.end(), more.begin(), more.end());
    }
    if (!running.empty()) {
        cloud::wait_for_actions(client_, running,
                                {.deadline = left(), .pace = cloud::Pace::sparing});
        lookups().expire(client_.now());
        server_ = cloud::get_server(client_, server_.id);
    }
    registrar_.settled_ = true;
}

std::vector<cloud::Action> Registrar::Run::read_actions(const char* resource, std::int64_t id) {
    const auto path = fmt::format("/{}/{}/actions?status=running&per_page=50", resource, id);
    const auto answer = client_.get(path);
    try {
        return cloud::parse_actions(answer);
    } catch (const std::runtime_error& error) {
        throw client_.malformed({"GET", path}, error.what());
    }
}

milliseconds Registrar::Run::left() const {
    const auto time = std::chrono::duration_cast<milliseconds>(end_ - client_.now());
    return std::max(time, milliseconds(1));
}

bool Registrar::Run::save(const RegistrationRecord& record) {
    if (record == registrar_.record_) return true;
    try {
        registrar_.store_.save(server_.id, record);
    } catch (const RegistrationFileError& error) {
        problem(error.what());
        return false;
    }
    registrar_.record_ = record;
    registrar_.file_problem_.clear();
    return true;
}

void Registrar::Run::make(const RegistrationPlan& planned) {
    const bool selects = by_selector(lookups().view(wanted_, server_));
    CloudActor actor(client_, server_.id, end_);
    for (const auto& change : planned.changes) {
        auto step = actor.make(change);
        note(step);
        const bool labels = is_labels(change) && step.problem.empty();
        steps_.push_back(std::move(step));
        if (stopped_ || client_.now() >= end_) return;
        if (labels && selects) return wait_for_selectors();
    }
}

void Registrar::Run::note(CloudStep& step) {
    const auto changed = keys(step.planned.change);
    if (step.code == "token_readonly") {
        step.problem += "; registration needs a token that may read and write";
    }
    if (!step.problem.empty()) refuse(changed, describe(step.planned.change) + ": " + step.problem);
    for (const auto& key : changed) {
        step.repair |= lost_.contains(key);
        if (key.kind == Key::Kind::load_balancer) lookups().expire_load_balancer(id_of(key));
    }
    if (const auto* dns = std::get_if<ChangeDnsPtr>(&step.planned.change)) {
        lookups().expire_floating_ip(dns->floating_ip);
    }
    const bool token =
        step.code == "token_readonly" || step.code == "unauthorized" || step.code == "forbidden";
    refused_ |= token;
    stopped_ |= token || step.code == "rate_limit_exceeded";
}

void Registrar::Run::refuse(const std::vector<Key>& changed, const std::string& why) {
    for (const auto& key : changed) {
        registrar_.damping_.failed(key, client_.now());
        registrar_.refused_[key] = why;
    }
}

void Registrar::Run::wait_for_selectors() {
    const auto end = std::min(end_, client_.now() + kSelectorPatience);
    while (true) {
        refresh();
        const auto changes = plan().changes;
        if (std::all_of(changes.begin(), changes.end(), is_labels)) return;
        if (client_.now() >= end || !client_.sleep_for(seconds(1))) return;
        lookups().expire(client_.now());
        if (!read_server()) return;
    }
}

bool Registrar::Run::read_server() {
    try {
        server_ = cloud::get_server(client_, server_.id);
        return true;
    } catch (const cloud::Error& error) {
        fail(error);
        return false;
    }
}

void Registrar::Run::look_again(const RegistrationPlan& planned) {
    if (!read_server()) return;
    refresh();
    const auto now = plan();
    registrar_.note_places(now, client_.now());
    for (const auto& change : now.changes) {
        const auto& before = planned.changes;
        if (std::find(before.begin(), before.end(), change) == before.end()) continue;
        if (!tried(change)) continue;
        refuse(keys(change.change),
               describe(change.change) + ": the API took it, and it is not so");
    }
}

bool Registrar::Run::tried(const PlannedCloudChange& change) const {
    return std::any_of(steps_.begin(), steps_.end(), [&](const auto& step) {
        return step.planned == change && step.problem.empty();
    });
}

RegistrationReport Registrar::Run::finish() {
    auto report = registrar_.report(plan(), server_, wanted_, client_.now());
    report.steps = std::move(steps_);
    report.refused = refused_;
    report.problems.insert(report.problems.end(), problems_.begin(), problems_.end());
    return report;
}

void Registrar::Run::fail(const cloud::Error& error) {
    problem(error.what());
    stopped_ = true;
}

}  // namespace hcloud::agent
