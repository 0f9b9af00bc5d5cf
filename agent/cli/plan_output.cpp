#include "agent/cli/plan_output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

char sign_of(const host::Change& change) {
    if (std::holds_alternative<host::DeleteAddress>(change)) return '-';
    if (std::holds_alternative<host::DeleteRoute>(change)) return '-';
    if (std::holds_alternative<host::DeleteGuard>(change)) return '-';
    const bool changes = std::holds_alternative<host::ChangeGuard>(change) ||
                         std::holds_alternative<host::SetLinkUp>(change) ||
                         std::holds_alternative<host::SetLinkMtu>(change);
    return changes ? '~' : '+';
}

std::string change_text(char sign, const std::string& what, const std::string& reason) {
    return fmt::format("{} {}\n      because: {}\n", sign, what, reason);
}

std::string items_text(const std::vector<Item>& items) {
    std::string text;
    for (const auto& item : items) {
        if (item.state == ItemState::configured || item.state == ItemState::missing) continue;
        text += fmt::format("  {}: {}{}{}: {}\n", to_string(item.state), item.what,
                            item.link.empty() ? "" : " on ", item.link, item.note);
    }
    return text;
}

nlohmann::json items_json(const std::vector<Item>& items) {
    auto result = nlohmann::json::array();
    for (const auto& item : items) {
        result.push_back({{"what", item.what},
                          {"link", item.link},
                          {"state", to_string(item.state)},
                          {"note", item.note}});
    }
    return result;
}

}  // namespace

std::string plan_text(const Plan& plan, const host::Snapshot& observed,
                      const RegistrationPlan& registration) {
    std::string text;
    for (const auto& planned : plan.changes) {
        text += change_text(sign_of(planned.change), describe(planned.change, observed),
                            planned.reason);
    }
    for (const auto& planned : registration.changes)
        text += change_text(sign(planned.change), describe(planned.change), planned.reason);
    text += items_text(plan.items) + items_text(registration.items);
    if (!plan.frozen.empty()) return text + "nothing may change: " + plan.frozen + "\n";
    const auto count = plan.changes.size() + registration.changes.size();
    if (count == 0) return text + "nothing to do\n";
    return text + fmt::format("{} {}\n", count, count == 1 ? "change" : "changes");
}

nlohmann::json plan_json(const Plan& plan, const host::Snapshot& observed,
                         const RegistrationPlan& registration) {
    nlohmann::json result = {{"changes", nlohmann::json::array()},
                             {"items", items_json(plan.items)},
                             {"frozen", plan.frozen}};
    for (const auto& planned : plan.changes) {
        result["changes"].push_back({{"change", describe(planned.change, observed)},
                                     {"purpose", planned.purpose},
                                     {"reason", planned.reason}});
    }
    for (const auto& planned : registration.changes) {
        result["changes"].push_back({{"change", describe(planned.change)},
                                     {"purpose", "registration"},
                                     {"reason", planned.reason}});
    }
    for (auto& item : items_json(registration.items))
        result["items"].push_back(std::move(item));
    return result;
}

}  // namespace hcloud::agent
