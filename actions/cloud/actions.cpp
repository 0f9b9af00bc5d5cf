#include "actions/cloud/actions.h"

#include "actions/cloud/action.h"
#include "actions/cloud/fields.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using std::chrono::milliseconds;

// A page of a list, so that none needs a second one; and an URL of moderate length.
constexpr std::size_t kIdsARequest = 25;
constexpr int kMostMissing = 2;
constexpr milliseconds kForTheLastLook{100};

struct Waiting {
    Outcome* outcome;
    int missing = 0;  // answers in a row that did not list it
};

class Wait {
  public:
    Wait(Client& client, const WaitOptions& options)
        : client_(client), options_(options), began_(client.now()) {}

    void until_ended(std::vector<Waiting> waiting) {
        while (drop_ended(waiting), !waiting.empty()) {
            due_ = next_due();
            if (due_ >= options_.deadline) due_ = options_.deadline - kForTheLastLook;
            if (due_ <= waited() || !client_.sleep_for(due_ - waited())) return;
            if (!ask(waiting)) return;
        }
    }

  private:
    /// Counts from when the last question was due, so that the time its answer took does not add
    /// up; but a service that answers slowly is left half of the pause.
    milliseconds next_due() const {
        const bool low = !client_.budget().allows(Priority::background, client_.now());
        const auto pause = pause_before_next_poll(due_, low, options_.pace);
        return std::max(due_ + pause, waited() + pause / 2);
    }

    milliseconds waited() const {
        return std::chrono::duration_cast<milliseconds>(client_.now() - began_);
    }

    static void drop_ended(std::vector<Waiting>& waiting) {
        std::erase_if(waiting, [](const Waiting& one) {
            return !one.outcome->action.running() || one.outcome->kind == Outcome::Kind::gone;
        });
    }

    /// False if there is no point in asking again.
    bool ask(std::vector<Waiting>& waiting) {
        for (std::size_t at = 0; at < waiting.size(); at += kIdsARequest) {
            const auto first = waiting.begin() + static_cast<std::ptrdiff_t>(at);
            const auto last =
                first + static_cast<std::ptrdiff_t>(std::min(kIdsARequest, waiting.size() - at));
            if (ask_for(first, last)) continue;
            for (auto& one : waiting) {
                one.outcome->kind = Outcome::Kind::not_followed;
                one.outcome->problem = first->outcome->problem;
            }
            return false;
        }
        return true;
    }

    using Iterator = std::vector<Waiting>::iterator;

    bool ask_for(Iterator first, Iterator last) {
        std::string path = "/actions";
        for (auto one = first; one != last; ++one) {
            path += fmt::format("{}id={}", one == first ? '?' : '&', one->outcome->action.id);
        }
        std::vector<Action> answer;
        try {
            answer = read(path);
        } catch (const Error& error) {
            for (auto one = first; one != last; ++one)
                one->outcome->problem = error.what();
            // 404 stands for "none of them"; what passes may be asked again.
            if (error.kind() != ErrorKind::not_found) return error.retryable();
        }
        for (auto one = first; one != last; ++one)
            note(*one, answer);
        return true;
    }

    std::vector<Action> read(const std::string& path) {
        const Request request{"GET", path};
        const auto left = options_.deadline - waited();
        const auto answer =
            client_.call(request, {.deadline = left, .priority = options_.priority});
        try {
            return parse_actions(answer);
        } catch (const FieldError& error) {
            throw client_.malformed(request, error.what());
        }
    }

    static void note(Waiting& one, const std::vector<Action>& answer) {
        const auto seen = std::find_if(answer.begin(), answer.end(), [&](const Action& action) {
            return action.id == one.outcome->action.id;
        });
        if (seen != answer.end()) {
            one.outcome->action = *seen;
            one.missing = 0;
        } else if (++one.missing >= kMostMissing) {
            one.outcome->kind = Outcome::Kind::gone;
        }
    }

    Client& client_;
    const WaitOptions& options_;
    const TimePoint began_;
    milliseconds due_{0};
};

std::string name_of(const Action& action) {
    return fmt::format("action {} ({})", action.id, action.command);
}

void look_at_resource(Outcome& outcome, const WaitOptions& options) {
    if (!options.made) return;
    try {
        outcome.made = options.made(outcome.action);
    } catch (const Error& error) {
        outcome.problem += fmt::format("; and to look at the resource: {}", error.what());
    }
}

void conclude(Outcome& outcome, const WaitOptions& options) {
    const Action& action = outcome.action;
    if (action.succeeded()) {
        outcome.kind = Outcome::Kind::succeeded;
        outcome.made = true;
        outcome.problem.clear();
        return;
    }
    if (action.failed()) {
        const auto error = action.error.value_or(Action::Error{});
        outcome.kind = Outcome::Kind::failed;
        outcome.problem =
            fmt::format("{} failed: {}: {}", name_of(action), error.code, error.message);
    } else if (outcome.kind == Outcome::Kind::gone) {
        outcome.problem = name_of(action) + " is not known to the API any more";
    } else if (outcome.kind == Outcome::Kind::not_followed) {
        outcome.problem =
            fmt::format("{} cannot be followed: {}", name_of(action), outcome.problem);
    } else {
        const std::string why = outcome.problem.empty() ? "" : ": " + outcome.problem;
        outcome.problem = fmt::format("{} has not ended in time{}", name_of(action), why);
    }
    look_at_resource(outcome, options);
}

}  // namespace

std::vector<Outcome> wait_for_actions(Client& client, const std::vector<Action>& started,
                                      const WaitOptions& options) {
    std::vector<Outcome> outcomes(started.size());
    for (std::size_t i = 0; i < started.size(); ++i)
        outcomes[i].action = started[i];
    std::vector<Waiting> waiting;
    waiting.reserve(outcomes.size());
    for (Outcome& outcome : outcomes)
        waiting.push_back({&outcome});
    Wait(client, options).until_ended(std::move(waiting));
    for (Outcome& outcome : outcomes)
        conclude(outcome, options);
    return outcomes;
}

}  // namespace hcloud::cloud
