// For scripts and units: until the running agent says that a goal is reached, or time is over.
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/repeated_look.h"
#include "agent/daemon/control_socket.h"

#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using nlohmann::json;
using Lines = std::vector<std::string>;

std::string text_at(const json& status, const char* pointer) {
    const auto& value = status.at(json::json_pointer(pointer));
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_source(Lines& missing, const json& status, const char* name) {
    const auto& source = status.at(name);
    const auto state = source.at("state").get<std::string>();
    if (state == "not asked yet") missing.push_back(fmt::format("{}: {}", name, state));
    for (const auto& problem : source.at("problems")) {
        missing.push_back(fmt::format("{}: {}", name, problem.get<std::string>()));
    }
}

void add_items(Lines& missing, const json& status) {
    for (const auto& item : status.at("items")) {
        if (is_there(item)) continue;
        auto line =
            fmt::format("{}: {}", text_at(item, "/state"), item.at("what").get<std::string>());
        for (const auto* key : {"link", "note"}) {
            const auto text = item.at(key).get<std::string>();
            if (!text.empty()) line += (key == std::string_view("link") ? " on " : ": ") + text;
        }
        missing.push_back(std::move(line));
    }
}

void add_problems(Lines& missing, const json& status) {
    for (const auto& problem : status.at("problems")) {
        missing.push_back("problem: " + problem.get<std::string>());
    }
}

Lines missing_for_configured(const json& status) {
    if (status.at("state") == "converged") return {};
    Lines missing{"the agent is " + text_at(status, "/state")};
    add_source(missing, status, "metadata");
    add_source(missing, status, "api");
    add_problems(missing, status);
    add_items(missing, status);
    return missing;
}

// Whether metadata answers at this moment is the service's affair: the addresses stay.
Lines missing_for_online(const json& status) {
    Lines missing;
    const auto identity = text_at(status, "/identity");
    if (identity != "proven" && identity != "unproven") {
        missing.push_back("identity: " + identity);
    }
    if (status.at("metadata").at("age_seconds").is_null()) {
        missing.emplace_back("metadata has not answered in full yet");
    }
    if (!missing.empty()) add_source(missing, status, "metadata");
    add_problems(missing, status);
    add_items(missing, status);
    return missing;
}

// Host and registration: what the load balancer sends to must be there.
Lines missing_for_registered(const json& status) {
    const auto& registration = status.at("registration");
    const auto state = text_at(registration, "/state");
    auto missing = missing_for_configured(status);
    if (state == "off") {
        missing.emplace_back(
            "nothing is to be registered: the configuration has no register section");
    } else if (state != "registered") {
        missing.push_back("registration: " + state);
        for (const auto& problem : registration.at("problems"))
            missing.push_back("registration: " + problem.get<std::string>());
        if (status.at("state") == "converged") add_items(missing, status);
    } else if (!registration.at("health_known").get<bool>()) {
        missing.emplace_back("a load balancer does not know yet whether this server is healthy");
    }
    return missing;
}

Lines missing_for(WaitGoal goal, const json& status) {
    switch (goal) {
        case WaitGoal::configured:
            return missing_for_configured(status);
        case WaitGoal::online:
            return missing_for_online(status);
        case WaitGoal::registered:
            break;
    }
    return missing_for_registered(status);
}

Lines look(const RepeatedLook& agent, WaitGoal goal) {
    try {
        return missing_for(goal, agent.ask());
    } catch (const std::system_error&) {
        throw;  // not permitted: time mends nothing
    } catch (const json::exception& error) {
        return {fmt::format("an agent of another version answers: {}", error.what())};
    } catch (const std::runtime_error& error) {  // nobody listens yet, or the agent is busy
        return {error.what()};
    }
}

/// What is missing when time is over; nothing if the goal was reached. At least one look.
Lines wait_until_reached(const RepeatedLook& agent, WaitGoal goal) {
    auto missing = look(agent, goal);
    while (!missing.empty() && agent.pause())
        missing = look(agent, goal);
    return missing;
}

const char* name_of(WaitGoal goal) {
    switch (goal) {
        case WaitGoal::configured:
            return "configured";
        case WaitGoal::online:
            return "online";
        case WaitGoal::registered:
            break;
    }
    return "registered";
}

}  // namespace

int command_wait(const Invocation& invocation, WaitGoal goal, std::chrono::milliseconds timeout) {
    const auto* resource = goal == WaitGoal::registered ? "/v1/registration" : "/v1/status";
    const RepeatedLook agent(control_socket_in(invocation.runtime_dir), resource, timeout);
    const auto missing = wait_until_reached(agent, goal);
    if (missing.empty()) return kExitDone;
    fmt::print(stderr, "hcloud-agent: not {} in time:\n", name_of(goal));
    for (const auto& line : missing)
        fmt::print(stderr, "  {}\n", line);
    return kExitTryAgain;
}

}  // namespace hcloud::agent
