// A registration plan in the making. Private to the planner.
#pragma once

#include "agent/planner/registration.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace hcloud::agent {

class RegistrationDraft {
  public:
    explicit RegistrationDraft(const RegistrationInput& input) : input_(input) {}

    const RegistrationInput& input() const { return input_; }
    const cloud::Server& server() const { return input_.project.server; }
    bool is_ours(const Key& key) const { return input_.record.contains(key); }

    /// Wanted, and there.
    void there(const Key& key, std::string what, std::string note = {});
    /// The same, and surely by somebody else.
    void theirs(const Key& key, std::string what, std::string note);
    /// Wanted, and not there: true if it is to be made now; false while it has to wait.
    bool missing(const Key& key, std::string what, const std::string& value = {});
    /// Wanted, and something outside is in the way.
    void waits(const Key& key, std::string what, std::string note);
    /// The same, and only a person can mend it.
    void problem(const Key& key, std::string what, const std::string& where, std::string text);
    void drained(const Key& key, std::string what, std::string note);

    void change(CloudChange change, std::string reason) {
        plan_.changes.push_back({std::move(change), std::move(reason)});
    }

    /// A name of that kind stands for nothing now: what it stood for may be in the record.
    void unresolved(Key::Kind kind) { unresolved_.insert(kind); }

    /// Everything of that kind in the record that was not wanted above and is to be removed now;
    /// nothing while a name of the kind `named` is unresolved. `is_there` says whether the project
    /// still has it as it was made; where it cannot say, the record keeps it.
    using IsThere = std::function<std::optional<bool>(const Key&, const std::string& value)>;
    std::vector<Key> no_longer_wanted(Key::Kind kind, Key::Kind named, const IsThere& is_there);

    RegistrationPlan finish() && { return std::move(plan_); }

  private:
    const RegistrationInput& input_;
    std::set<Key> wanted_;
    std::set<Key::Kind> unresolved_;
    RegistrationPlan plan_;
};

// What each kind of thing adds to a draft.
void draft_labels(RegistrationDraft& draft);
void draft_firewalls(RegistrationDraft& draft);
void draft_networks(RegistrationDraft& draft);
void draft_load_balancers(RegistrationDraft& draft);
void draft_reverse_dns(RegistrationDraft& draft);

/// The lookup, if there is exactly one such resource; if not, the draft has said why.
template <typename T>
const T* resolve(RegistrationDraft& draft, const Lookups<T>& lookups, Key::Kind kind,
                 const std::string& name, const std::string& what, const std::string& where) {
    const auto found = lookups.find(name);
    if (found != lookups.end() && found->second.resource) return &*found->second.resource;
    draft.unresolved(kind);
    if (found == lookups.end()) {
        draft.waits(unresolved_key(kind, name), what, "not looked up yet");
    } else {
        draft.problem(unresolved_key(kind, name), what, where, found->second.problem);
    }
    return nullptr;
}

}  // namespace hcloud::agent
