#include "agent/daemon/status.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using nlohmann::json;

json source_json(const Status::Source& source) {
    json result = {{"state", source.state},
                   {"problems", source.problems},
                   {"rounds", source.rounds},
                   {"failed_rounds", source.failed_rounds}};
    result["age_seconds"] = source.age_seconds ? json(*source.age_seconds) : json();
    return result;
}

std::string text_of(const json& value, const char* key) {
    const auto found = value.find(key);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json child(const json& value, const char* key) {
    const auto found = value.find(key);
    return found != value.end() ? *found : json();
}

std::string source_text(const json& status, const char* name) {
    const auto source = child(status, name);
    auto text = fmt::format("{:<10}{}", name, text_of(source, "state"));
    const auto age = child(source, "age_seconds");
    if (age.is_number_integer()) text += fmt::format(", {} s ago", age.get<std::int64_t>());
    const auto interval = child(source, "interval_seconds");
    if (interval.is_number_integer()) text += fmt::format(", every {} s", interval.dump());
    const auto limit = child(source, "rate_limit");
    if (limit.is_object()) {
        text += fmt::format(", {} of {} requests left", child(limit, "remaining").dump(),
                            child(limit, "limit").dump());
    }
    text += '\n';
    for (const auto& problem : child(source, "problems")) {
        if (problem.is_string()) text += "          " + problem.get<std::string>() + '\n';
    }
    return text;
}

std::string registration_text(const json& registration) {
    const auto state = text_of(registration, "state");
    if (state.empty() || state == "off") return {};
    auto text = fmt::format("{:<10}{}\n", "register", state);
    for (const auto& problem : child(registration, "problems")) {
        if (problem.is_string()) text += "          " + problem.get<std::string>() + '\n';
    }
    return text;
}

std::string items_text(const json& items) {
    std::string text;
    for (const auto& item : items) {
        text += fmt::format("  {:<11}{:<46}{:<10}{}", text_of(item, "state"), text_of(item, "what"),
                            text_of(item, "link"), text_of(item, "note"));
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

}  // namespace

json to_json(const Status& status) {
    json result = {{"version", status.version},
                   {"started_at", status.started_at},
                   {"state", status.state},
                   {"identity", status.identity},
                   {"server", {{"id", status.server_id}, {"name", status.server_name}}},
                   {"metadata", source_json(status.metadata)},
                   {"api", source_json(status.api)},
                   {"registration",
                    {{"state", status.registration.state},
                     {"health_known", status.registration.health_known},
                     {"problems", status.registration.problems}}},
                   {"items", json::array()},
                   {"problems", status.problems},
                   {"counters",
                    {{"cycles", status.cycles},
                     {"changes", status.changes},
                     {"repairs", status.repairs},
                     {"failures", status.failures}}}};
    if (status.api_interval_seconds) {
        result["api"]["interval_seconds"] = *status.api_interval_seconds;
    }
    if (status.rate_limit && status.rate_remaining) {
        result["api"]["rate_limit"] = {{"limit", *status.rate_limit},
                                       {"remaining", *status.rate_remaining}};
    }
    for (const auto& item : status.items) {
        result["items"].push_back({{"kind", item.kind},
                                   {"what", item.what},
                                   {"link", item.link},
                                   {"state", item.state},
                                   {"note", item.note}});
    }
    return result;
}

std::string to_text(const json& status) {
    const auto server = child(status, "server");
    auto text = fmt::format("{:<10}{} (id {}), identity {}\n", "server", text_of(server, "name"),
                            child(server, "id").dump(), text_of(status, "identity"));
    text += fmt::format("{:<10}{}\n", "state", text_of(status, "state"));
    text += source_text(status, "metadata");
    text += source_text(status, "api");
    text += registration_text(child(status, "registration"));
    const auto counters = child(status, "counters");
    text += fmt::format("{:<10}{} cycles, {} changes, {} repairs\n", "so far",
                        child(counters, "cycles").dump(), child(counters, "changes").dump(),
                        child(counters, "repairs").dump());
    for (const auto& problem : child(status, "problems")) {
        if (problem.is_string()) text += "problem   " + problem.get<std::string>() + '\n';
    }
    return text + items_text(child(status, "items"));
}

std::string summary(const Status& status) {
    const auto count = [&](const char* state) {
        return std::count_if(status.items.begin(), status.items.end(),
                             [&](const auto& item) { return item.state == state; });
    };
    auto text = fmt::format("{}: {} configured", status.state, count("configured"));
    for (const char* state : {"adopted", "missing", "pending", "contested"}) {
        if (const auto number = count(state)) text += fmt::format(", {} {}", number, state);
    }
    for (const auto* source : {&status.metadata, &status.api}) {
        if (!source->problems.empty()) text += "; " + source->problems.front();
    }
    return text;
}

}  // namespace hcloud::agent
