// What the engine says: log lines, each thing once, and its status.
#include "agent/daemon/engine.h"
#include "agent/version.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// A journal full of a thousand addresses hides the line that matters.
constexpr std::size_t kMostLines = 40;

Log::Fields fields_of(const Step& step) {
    Log::Fields fields;
    const auto address = [&](const host::Address& a) {
        fields.emplace_back("HCLOUD_ADDRESS", a.prefix.to_string());
    };
    if (const auto* add = std::get_if<host::AddAddress>(&step.change.change)) address(add->address);
    if (const auto* del = std::get_if<host::DeleteAddress>(&step.change.change)) {
        address(del->address);
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
    return source;
}

}  // namespace

void Engine::log_steps() {
    std::size_t lines = 0;
    for (const auto& step : report_.steps) {
        const bool failed = step.outcome.kind == host::Outcome::Kind::failed;
        changes_ += failed ? 0 : 1;
        repairs_ += step.repair && !failed ? 1 : 0;
        if (++lines > kMostLines) continue;
        if (failed) {
            log_.warning(
                fmt::format("{}: {} ({})", step.text(), step.outcome.message, step.change.reason),
                fields_of(step));
        } else {
            log_.info(fmt::format("{}{} ({})", step.repair ? "repaired: " : "", step.text(),
                                  step.change.reason),
                      fields_of(step));
        }
    }
    if (lines > kMostLines) log_.info(fmt::format("and {} more changes", lines - kMostLines));
}

void Engine::log_contested() {
    for (const auto& item : report_.plan.items) {
        if (!report_.contested.contains(item.key) || logged_contested_.contains(item.key)) continue;
        log_.warning(
            fmt::format("contested: something removes {} from {} again and again; it is put "
                        "back with growing pauses. `ip monitor` shows when: whoever else "
                        "manages this interface has to leave it alone",
                        item.what, item.link));
    }
    logged_contested_ = report_.contested;
}

void Engine::log_problems(const char* source, const std::vector<std::string>& problems,
                          std::vector<std::string>& logged) {
    if (problems == logged) return;
    for (const auto& problem : problems) {
        if (std::find(logged.begin(), logged.end(), problem) == logged.end()) {
            log_.warning(problem);
        }
    }
    if (problems.empty()) log_.info(fmt::format("{} is well again", source));
    logged = problems;
}

void Engine::log_news() {
    const auto& knowledge = sources_.knowledge();
    log_problems("metadata", knowledge.metadata_problems(), logged_metadata_);
    log_problems("the API", knowledge.api_problems(), logged_api_);
    std::vector<std::string> ledger;
    if (!report_.ledger_problem.empty()) ledger.push_back(report_.ledger_problem);
    log_problems("the ledger", ledger, logged_ledger_);
    if (sources_.token_problem() != logged_token_) {
        logged_token_ = sources_.token_problem();
        if (!logged_token_.empty()) log_.warning(logged_token_);
    }
    if (knowledge.identity() == logged_identity_) return;
    logged_identity_ = knowledge.identity();
    // A mismatch is said above, with the ids; right after a reload nothing is known.
    if (logged_identity_ == Identity::mismatch || !knowledge.root()) return;
    const auto& root = *knowledge.root();
    log_.info(fmt::format("this is server {} (id {}), identity {}", root.hostname, root.instance_id,
                          to_string(logged_identity_)),
              {{"HCLOUD_SERVER_ID", std::to_string(root.instance_id)}});
}

Status::Item Engine::status_of(const Item& item) const {
    const bool contested = report_.contested.contains(item.key);
    return {item.what, item.link, contested ? "contested" : to_string(item.state),
            contested && item.note.empty() ? "lost again and again" : item.note};
}

Status Engine::status() const {
    const auto& knowledge = sources_.knowledge();
    Status status;
    status.version = kVersion;
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
    if (!sources_.needs_api()) status.api = {"not asked", {}, {}};
    if (!sources_.token_problem().empty()) status.api.problems = {sources_.token_problem()};
    if (const auto rate = sources_.rate_limit()) {
        status.rate_limit = rate->limit;
        status.rate_remaining = rate->remaining;
    }
    for (const auto& item : report_.plan.items)
        status.items.push_back(status_of(item));
    for (const auto& step : report_.steps) {
        if (step.outcome.kind != host::Outcome::Kind::failed) continue;
        status.problems.push_back(step.text() + ": " + step.outcome.message);
    }
    for (const auto& text : {host_problem_, report_.ledger_problem, report_.plan.frozen}) {
        if (!text.empty()) status.problems.push_back(text);
    }
    status.cycles = cycles_;
    status.changes = changes_;
    status.repairs = repairs_;
    return status;
}

}  // namespace hcloud::agent
