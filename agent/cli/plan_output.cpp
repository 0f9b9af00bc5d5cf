#include "agent/cli/plan_output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

char sign(const host::Change& change) {
    if (std::holds_alternative<host::DeleteAddress>(change)) return '-';
    if (std::holds_alternative<host::DeleteRoute>(change)) return '-';
    const bool link = std::holds_alternative<host::SetLinkUp>(change) ||
                      std::holds_alternative<host::SetLinkMtu>(change);
    return link ? '~' : '+';
}

}  // namespace

std::string plan_text(const Plan& plan, const host::Snapshot& observed) {
    std::string text;
    for (const auto& planned : plan.changes) {
        text += fmt::format("{} {}\n      because: {}\n", sign(planned.change),
                            describe(planned.change, observed), planned.reason);
    }
    for (const auto& item : plan.items) {
        if (item.state == ItemState::configured || item.state == ItemState::missing) continue;
        text += fmt::format("  {}: {}{}{}: {}\n", to_string(item.state), item.what,
                            item.link.empty() ? "" : " on ", item.link, item.note);
    }
    if (!plan.frozen.empty()) return text + "nothing may change: " + plan.frozen + "\n";
    if (plan.changes.empty()) return text + "nothing to do\n";
    const auto count = plan.changes.size();
    return text + fmt::format("{} {}\n", count, count == 1 ? "change" : "changes");
}

nlohmann::json plan_json(const Plan& plan, const host::Snapshot& observed) {
    nlohmann::json result = {{"changes", nlohmann::json::array()},
                             {"items", nlohmann::json::array()},
                             {"frozen", plan.frozen}};
    for (const auto& planned : plan.changes) {
        result["changes"].push_back({{"change", describe(planned.change, observed)},
                                     {"purpose", planned.purpose},
                                     {"reason", planned.reason}});
    }
    for (const auto& item : plan.items) {
        result["items"].push_back({{"what", item.what},
                                   {"link", item.link},
                                   {"state", to_string(item.state)},
                                   {"note", item.note}});
    }
    return result;
}

}  // namespace hcloud::agent
