// What the engine says: log lines, each thing once, and its status.
#include "agent/daemon/engine.h"
#include "agent/daemon/problem_log.h"
#include "agent/version.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// A journal full of a thousand addresses hides the line that matters.
constexpr std::size_t kMostLines = 40;

using Fields = Log::Fields;

void add_prefix(Fields& fields, Key::Kind kind, const host::Prefix& prefix) {
    if (kind == Key::Kind::address) fields.emplace_back("HCLOUD_ADDRESS", prefix.to_string());
    if (kind == Key::Kind::route) fields.emplace_back("HCLOUD_ROUTE", prefix.to_string());
}

/// For what happens to a setting.
struct Messages {
    const MessageId& changed;
    const MessageId& repaired;
    const MessageId& failed;
    const MessageId& contested;
};

/// The guard is on no interface, and other programs fight over it than over addresses.
const Messages& messages_of(Key::Kind kind) {
    static const Messages kOfTheGuard{message::kGuardChanged, message::kGuardRepaired,
                                      message::kGuardChangeFailed, message::kGuardContested};
    static const Messages kOfTheNetwork{message::kChanged, message::kRepaired,
                                        message::kChangeFailed, message::kContested};
    return kind == Key::Kind::guard ? kOfTheGuard : kOfTheNetwork;
}

Fields fields_of(const Step& step) {
    Fields fields{{"HCLOUD_REASON", step.change.reason}};
    if (!step.link.empty()) fields.emplace_back("HCLOUD_LINK", step.link);
    const auto about = key(step.change.change);
    add_prefix(fields, about.kind, about.prefix);
    if (!step.change.purpose.empty()) fields.emplace_back("HCLOUD_PURPOSE", step.change.purpose);
    if (step.outcome.kind == host::Outcome::Kind::failed) {
        fields.emplace_back("HCLOUD_ERROR", step.outcome.message);
        fields.emplace_back("ERRNO", std::to_string(step.outcome.code));
    }
    return fields;
}

Status::Source source_status(const Poll& poll, std::vector<std::string> problems) {
    Status::Source source;
    source.problems = std::move(problems);
    source.state = !source.problems.empty() ? "failing" : poll.tried() ? "ok" : "not asked yet";
    if (const auto last = poll.last_success()) {
        source.age_seconds =
            std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - *last).count();
    }
    source.rounds = poll.rounds();
    source.failed_rounds = poll.failed_rounds();
    return source;
}

}  // namespace

void Engine::log_steps() {
    std::size_t lines = 0;
    for (const auto& step : report_.steps) {
        const bool failed = step.outcome.kind == host::Outcome::Kind::failed;
        ++(failed ? failures_ : changes_);
        repairs_ += step.repair && !failed ? 1 : 0;
        if (++lines > kMostLines) continue;
        const auto& ids = messages_of(key(step.change.change).kind);
        if (failed) {
            log_.warning(
                ids.failed,
                fmt::format("{}: {} ({})", step.text(), step.outcome.message, step.change.reason),
                fields_of(step));
        } else {
            log_.info(step.repair ? ids.repaired : ids.changed,
                      fmt::format("{}{} ({})", step.repair ? "repaired: " : "", step.text(),
                                  step.change.reason),
                      fields_of(step));
        }
    }
    if (lines > kMostLines) {
        log_.info(message::kMoreChanges, fmt::format("and {} more changes", lines - kMostLines));
    }
}

void Engine::log_contested() {
    for (const auto& item : report_.plan.items) {
        if (!report_.contested.contains(item.key) || logged_contested_.contains(item.key)) continue;
        Fields fields;
        if (!item.link.empty()) fields.emplace_back("HCLOUD_LINK", item.link);
        add_prefix(fields, item.key.kind, item.key.prefix);
        const bool guard = item.key.kind == Key::Kind::guard;
        log_.warning(messages_of(item.key.kind).contested,
                     fmt::format("contested: something removes {} from {} again and again; it is "
                                 "put back with growing pauses. `{} monitor` shows when: whoever "
                                 "else manages {} has to leave it alone",
                                 item.what, guard ? "nf_tables" : item.link, guard ? "nft" : "ip",
                                 guard ? "nf_tables" : "this interface"),
                     fields);
    }
    logged_contested_ = report_.contested;
}

void Engine::log_news() {
    const auto& knowledge = sources_.knowledge();
    const bool mismatch = knowledge.identity() == Identity::mismatch;
    ProblemLog(log_, "metadata", message::kMetadataWell)
        .tell(mismatch ? message::kIdentityMismatch : message::kMetadataFails,
              knowledge.metadata_problems(), logged_metadata_);
    ProblemLog(log_, "the API", message::kApiWell)
        .tell(message::kApiFails, knowledge.api_problems(), logged_api_);
    std::vector<std::string> ledger;
    if (!report_.ledger_problem.empty()) ledger.push_back(report_.ledger_problem);
    ProblemLog(log_, "the ledger", message::kLedgerWell)
        .tell(message::kLedgerFails, ledger, logged_ledger_);
    ProblemLog(log_, "the guard of the metadata service", message::kGuardWell)
        .tell(message::kGuardFails, guard_problems(), logged_guard_);
    if (sources_.token_problem() != logged_token_) {
        logged_token_ = sources_.token_problem();
        if (!logged_token_.empty()) log_.warning(message::kNoToken, logged_token_);
    }
    log_identity();
    log_registration();
}

void Engine::log_identity() {
    const auto& knowledge = sources_.knowledge();
    if (knowledge.identity() == logged_identity_) return;
    logged_identity_ = knowledge.identity();
    // A mismatch is said above, with the ids; right after a reload nothing is known.
    if (logged_identity_ == Identity::mismatch || !knowledge.root()) return;
    const auto& root = *knowledge.root();
    const auto* identity = to_string(logged_identity_);
    log_.info(message::kIdentity,
              fmt::format("this is server {} (id {}), identity {}", root.hostname, root.instance_id,
                          identity),
              {{"HCLOUD_SERVER_NAME", root.hostname}, {"HCLOUD_IDENTITY", identity}});
}

std::vector<std::string> Engine::guard_problems() const {
    const auto& unseen = reconciler_.observed().guard.problem;
    const auto& why = !unseen.empty() ? unseen : guard_watch_.problem();
    if (why.empty()) return {};
    return {std::string("metadata.guard: ") +
            (unseen.empty() ? "changes are noticed once a minute only: " : "cannot be seen to: ") +
            why};
}

Status::Item Engine::status_of(const Item& item) const {
    const bool contested = report_.contested.contains(item.key);
    const auto kind = item.what.substr(0, item.what.find(' '));
    return {kind, item.what, item.link, contested ? "contested" : to_string(item.state),
            contested && item.note.empty() ? "lost again and again" : item.note};
}

std::vector<std::string> Engine::host_problems() const {
    std::vector<std::string> problems;
    for (const auto& step : report_.steps) {
        if (step.outcome.kind != host::Outcome::Kind::failed) continue;
        problems.push_back(step.text() + ": " + step.outcome.message);
    }
    for (const auto& text : {host_problem_, report_.ledger_problem}) {
        if (!text.empty()) problems.push_back(text);
    }
    // What freezes everything is metadata's to say, until metadata has something else to say.
    const auto& frozen = report_.plan.frozen;
    const auto& said = sources_.knowledge().metadata_problems();
    if (!frozen.empty() && std::find(said.begin(), said.end(), frozen) == said.end()) {
        problems.push_back(frozen);
    }
    for (auto& problem : guard_problems())
        problems.push_back(std::move(problem));
    return problems;
}

Status Engine::status() const {
    const auto& knowledge = sources_.knowledge();
    Status status;
    status.version = kVersion;
    status.started_at =
        std::chrono::duration_cast<std::chrono::seconds>(started_at_.time_since_epoch()).count();
    status.state = !report_.plan.frozen.empty() ? "frozen"
                   : converged()                ? "converged"
                                                : "converging";
    status.identity = to_string(knowledge.identity());
    if (const auto& root = knowledge.root()) {
        status.server_id = root->instance_id;
        status.server_name = root->hostname;
    }
    status.metadata = source_status(sources_.metadata(), knowledge.metadata_problems());
    status.api = source_status(sources_.api(), knowledge.api_problems());
    if (sources_.needs_api()) {
        status.api_interval_seconds =
            std::chrono::duration_cast<std::chrono::seconds>(sources_.api_interval()).count();
    } else {
        status.api.state = "not asked";
        status.api.age_seconds.reset();
        status.api.problems.clear();
    }
    if (!sources_.token_problem().empty()) status.api.problems = {sources_.token_problem()};
    if (const auto rate = sources_.rate_limit()) {
        status.rate_limit = rate->limit;
        status.rate_remaining = rate->remaining;
    }
    for (const auto& item : report_.plan.items)
        status.items.push_back(status_of(item));
    add_registration(status);
    status.problems = host_problems();
    status.cycles = cycles_;
    status.changes = changes_;
    status.repairs = repairs_;
    status.failures = failures_;
    return status;
}

}  // namespace hcloud::agent
