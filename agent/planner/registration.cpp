#include "agent/planner/registration.h"

#include "agent/planner/registration_draft.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

void RegistrationDraft::there(const Key& key, std::string what, std::string note) {
    wanted_.insert(key);
    const auto ours = input_.record.find(key);
    if (ours != input_.record.end()) plan_.record.insert(*ours);
    const auto state = ours != input_.record.end() ? ItemState::configured : ItemState::adopted;
    if (state == ItemState::adopted && note.empty()) note = "by somebody else";
    plan_.items.push_back({key, std::move(what), {}, state, std::move(note)});
}

void RegistrationDraft::theirs(const Key& key, std::string what, std::string note) {
    wanted_.insert(key);
    plan_.items.push_back({key, std::move(what), {}, ItemState::adopted, std::move(note)});
}

bool RegistrationDraft::missing(const Key& key, std::string what, const std::string& value) {
    wanted_.insert(key);
    const auto refused = input_.refused.find(key);
    const auto note = refused != input_.refused.end() ? refused->second : std::string();
    if (input_.held.contains(key)) {
        if (is_ours(key)) plan_.record.insert(*input_.record.find(key));
        plan_.items.push_back({key,
                               std::move(what),
                               {},
                               ItemState::held,
                               note.empty() ? "undone again and again" : note});
        return false;
    }
    plan_.record[key] = value;
    plan_.items.push_back({key, std::move(what), {}, ItemState::missing, note});
    return true;
}

void RegistrationDraft::waits(const Key& key, std::string what, std::string note) {
    wanted_.insert(key);
    if (is_ours(key)) plan_.record.insert(*input_.record.find(key));
    plan_.items.push_back({key, std::move(what), {}, ItemState::pending, std::move(note)});
}

void RegistrationDraft::problem(const Key& key, std::string what, const std::string& where,
                                std::string text) {
    plan_.problems.push_back(where + ": " + text);
    waits(key, std::move(what), std::move(text));
}

void RegistrationDraft::drained(const Key& key, std::string what, std::string note) {
    wanted_.insert(key);
    if (is_ours(key)) plan_.record.insert(*input_.record.find(key));
    plan_.items.push_back({key, std::move(what), {}, ItemState::drained, std::move(note)});
}

std::vector<Key> RegistrationDraft::no_longer_wanted(Key::Kind kind, Key::Kind named,
                                                     const IsThere& is_there) {
    std::vector<Key> result;
    const bool unsure = unresolved_.contains(named);
    for (const auto& [key, value] : input_.record) {
        if (key.kind != kind || wanted_.contains(key)) continue;
        const auto there = is_there(key, value);
        if (there == false) continue;  // gone, or somebody else's by now
        plan_.record[key] = value;     // until it is seen to be gone
        if (there == true && !unsure && !input_.held.contains(key)) result.push_back(key);
    }
    return result;
}

RegistrationPlan plan_registration(const RegistrationInput& input) {
    RegistrationDraft draft(input);
    draft_labels(draft);
    draft_firewalls(draft);
    draft_networks(draft);
    draft_load_balancers(draft);
    draft_reverse_dns(draft);
    return std::move(draft).finish();
}

const cloud::Server::PrivateNet* place_in(const cloud::Server& server, std::int64_t network) {
    if (!server.private_net) return nullptr;
    const auto found = std::find_if(server.private_net->begin(), server.private_net->end(),
                                    [&](const auto& net) { return net.network == network; });
    return found != server.private_net->end() ? &*found : nullptr;
}

std::string through(const std::optional<std::string>& label_selector) {
    return fmt::format("through the label selector {}", label_selector.value_or("?"));
}

TargetOf target_of(const cloud::LoadBalancer& load_balancer, std::int64_t server) {
    TargetOf result;
    if (!load_balancer.targets) return result;
    for (const auto& target : *load_balancer.targets) {
        if (target.type == "server" && target.server == server) result.direct = &target;
        for (const auto& member : target.members) {
            if (member.server != server) continue;
            result.through = &target;
            result.member = &member;
        }
    }
    return result;
}

AppliedTo applied_to(const cloud::Firewall& firewall, std::int64_t server) {
    AppliedTo result;
    if (!firewall.applied_to) return result;
    for (const auto& target : *firewall.applied_to) {
        if (target.type == "server" && target.server == server) result.direct = true;
        const auto& members = target.members;
        if (std::find(members.begin(), members.end(), server) != members.end()) {
            result.through = &target;
        }
    }
    return result;
}

}  // namespace hcloud::agent
