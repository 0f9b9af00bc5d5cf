// The guard of the metadata service: nf_tables lets only some users through to it.
//
// Decided from the configuration and the host alone: it has to be there before any metadata.
#include "agent/planner/draft.h"

#include <algorithm>

namespace hcloud::agent {

namespace {

const auto kGuarded = host::Prefix::host(*host::IpAddress::parse(host::kGuardedAddress));
constexpr const char* kWanted = "metadata.guard is root-only";

using State = host::GuardState::Kind;

/// What makes `guard` of what is there; nothing if it is there.
std::optional<host::Change> change_to(const host::Guard& guard, const host::GuardState& seen) {
    if (seen.kind != State::intact) return host::AddGuard{guard};
    if (seen.guard != guard) return host::ChangeGuard{guard};
    return std::nullopt;
}

std::string reason_of(const host::GuardState& seen) {
    if (seen.kind == State::altered) return std::string(kWanted) + ", and its rules were altered";
    if (seen.kind == State::intact) return std::string(kWanted) + ", for other users than before";
    return kWanted;
}

void draft_wanted(Draft& draft, const host::Guard& guard) {
    const auto& seen = draft.observed().guard;
    draft.keep_ledger_line({0, kGuarded, purpose::kGuard});
    Item item{guard_key(), "guard " + describe(guard), {}, ItemState::configured, {}};
    if (seen.kind == State::unseen) {
        item.state = ItemState::pending;
        item.note = seen.problem;
        return draft.list(std::move(item));
    }
    draft.want(std::move(item), change_to(guard, seen), reason_of(seen));
}

bool lists_guard(const std::vector<host::LedgerEntry>& ledger) {
    return std::any_of(ledger.begin(), ledger.end(), [](const host::LedgerEntry& entry) {
        return entry.purpose == purpose::kGuard;
    });
}

}  // namespace

Key guard_key() {
    return {Key::Kind::guard, 0, kGuarded};
}

bool concerns_guard(const Desired& desired, const std::vector<host::LedgerEntry>& ledger) {
    return desired.guard.has_value() || lists_guard(ledger);
}

void draft_guard(Draft& draft) {
    if (draft.desired().guard) return draft_wanted(draft, *draft.desired().guard);
    // A table that only has our name is somebody else's.
    if (!lists_guard(draft.input().ledger)) return;
    const auto& seen = draft.observed().guard;
    if (seen.kind == State::absent) return;
    draft.keep_ledger_line({0, kGuarded, purpose::kGuard});
    if (seen.kind != State::unseen) draft.remove(host::DeleteGuard{}, "metadata.guard is off");
}

}  // namespace hcloud::agent
