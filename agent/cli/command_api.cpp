#include "actions/cloud/action.h"
#include "actions/cloud/actions.h"
#include "actions/cloud/client.h"
#include "agent/cli/api_body.h"
#include "agent/cli/api_pages.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/daemon/api_round.h"
#include "agent/daemon/host_files.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using nlohmann::json;

/// What was asked for is no request.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

std::string method_of(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const char* known : {"GET", "POST", "PUT", "DELETE"}) {
        if (text == known) return text;
    }
    throw UsageError(fmt::format("'{}' is no method of the API: GET, POST, PUT, DELETE", text));
}

/// "servers", "/servers" and, as the reference's examples have it, "/v1/servers".
std::string path_of(const std::string& text) {
    static const std::string kVersion = "/v1/";
    if (text.find("://") != std::string::npos) {
        throw UsageError(fmt::format(
            "'{}': give the path alone, such as /servers; the rest is api.endpoint", text));
    }
    std::string path = text.rfind('/', 0) == 0 ? text : "/" + text;
    if (path.rfind(kVersion, 0) == 0) path.erase(0, kVersion.size() - 1);
    return path;
}

cloud::Request request_of(const ApiCall& call) {
    cloud::Request request{method_of(call.method), path_of(call.path)};
    if (call.paginate && request.method != "GET") throw UsageError("only a GET has pages");
    if (!call.data) return request;
    if (request.method == "GET") throw UsageError("a GET has no body: leave out -d");
    try {
        request.body = read_body(*call.data);
    } catch (const std::runtime_error& error) {
        throw UsageError(error.what());
    }
    return request;
}

/// The places in an answer where the actions stand that it has started.
std::vector<json*> actions_in(json& answer) {
    std::vector<json*> places;
    if (answer.contains("action") && answer["action"].is_object()) {
        places.push_back(&answer["action"]);
    }
    for (const char* key : {"actions", "next_actions"}) {
        if (!answer.contains(key) || !answer[key].is_array()) continue;
        for (json& action : answer[key])
            places.push_back(&action);
    }
    return places;
}

/// The call and the time that is left for it.
class Caller {
  public:
    Caller(cloud::Client& client, std::chrono::milliseconds timeout)
        : client_(client), end_(Clock::now() + timeout) {}

    std::chrono::milliseconds left() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
        return std::max(left, std::chrono::milliseconds(1));
    }
    json call(const cloud::Request& request) { return client_.call(request, {.deadline = left()}); }
    json ask(const cloud::Request& request, bool paginate) {
        if (!paginate) return call(request);
        return all_pages(request.path, [&](const std::string& path) {
            return call({"GET", path});
        });
    }

    /// Waits for the answer's actions and puts what became of them into it. False if one failed or
    /// did not end.
    bool wait(json& answer);

  private:
    using Clock = std::chrono::steady_clock;
    cloud::Client& client_;
    Clock::time_point end_;
};

std::tm whole_seconds(cloud::Timestamp time) {
    return fmt::gmtime(std::chrono::system_clock::to_time_t(time));
}

bool Caller::wait(json& answer) {
    const auto places = actions_in(answer);
    std::vector<cloud::Action> started;
    started.reserve(places.size());
    for (const json* place : places)
        started.push_back(cloud::parse_action({{"action", *place}}));
    const auto outcomes = cloud::wait_for_actions(client_, started, {.deadline = left()});
    bool good = true;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& [kind, action, made, problem] = outcomes[i];
        (*places[i])["status"] = action.status;
        (*places[i])["progress"] = action.progress;
        if (action.finished)
            (*places[i])["finished"] = fmt::format("{:%FT%TZ}", whole_seconds(*action.finished));
        if (action.failed() && action.error) {
            (*places[i])["error"] = {{"code", action.error->code},
                                     {"message", action.error->message}};
        }
        if (!made) fmt::print(stderr, "hcloud-agent: {}\n", problem);
        good &= made;
    }
    return good;
}

void print_error(const cloud::Error& error) {
    fmt::print(stderr, "hcloud-agent: {}\n", error.what());
    if (!error.details().details.empty()) {
        fmt::print(stderr, "  details: {}\n", error.details().details);
    }
    if (error.outcome_unknown()) {
        fmt::print(
            stderr,
            "  whether it was done is not known: look at the resource before you try again\n");
    }
}

int ask_and_print(const Invocation& invocation, const ApiCall& call) {
    const auto request = request_of(call);
    const auto config = effective_config(invocation);
    auto source = find_token(config);
    if (source.token.empty()) {
        fmt::print(stderr, "hcloud-agent: {}\n", source.problem);
        return kExitNotPermitted;
    }
    cloud::Client client(api_options(config), source.token);
    Caller caller(client, call.timeout);
    json answer = caller.ask(request, call.paginate);
    const bool good = !call.wait || caller.wait(answer);
    if (!answer.empty()) fmt::print("{}\n", answer.dump(2));
    return good ? kExitDone : kExitFailed;
}

}  // namespace

int command_api(const Invocation& invocation, const ApiCall& call) {
    try {
        return ask_and_print(invocation, call);
    } catch (const UsageError& error) {
        fmt::print(stderr, "hcloud-agent: {}\n", error.what());
        return kExitUsage;
    } catch (const cloud::Error& error) {
        print_error(error);
        return exit_code_of(error);
    }
}

}  // namespace hcloud::agent
