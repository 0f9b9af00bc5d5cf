#include "actions/cloud/action.h"
#include "actions/cloud/actions.h"
#include "actions/cloud/client.h"
#include "actions/cloud/fields.h"
#include "agent/cli/api_body.h"
#include "agent/cli/api_pages.h"
#include "agent/cli/cancel_on_signal.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/config/environment.h"
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
    if (text.substr(0, text.find('?')).find("://") != std::string::npos) {
        throw UsageError(fmt::format(
            "'{}': give the path alone, such as /servers; the rest is api.endpoint", text));
    }
    std::string path = text.rfind('/', 0) == 0 ? text : "/" + text;
    if (path.rfind(kVersion, 0) == 0) path.erase(0, kVersion.size() - 1);
    if (!cloud::is_path(path)) {
        throw UsageError(fmt::format(
            "'{}': blanks and what is not ASCII have to be percent-encoded, a blank as %20", text));
    }
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

    /// Waits for the answer's actions and puts what became of them into it. Throws nothing that
    /// would keep the answer from being printed: a password may be in it that is shown once.
    ExitCode wait(json& answer);

  private:
    using Clock = std::chrono::steady_clock;
    cloud::Client& client_;
    Clock::time_point end_;
};

std::tm whole_seconds(cloud::Timestamp time) {
    return fmt::gmtime(std::chrono::system_clock::to_time_t(time));
}

void update(json& place, const cloud::Action& action) {
    place["status"] = action.status;
    place["progress"] = action.progress;
    if (action.finished) {
        place["finished"] = fmt::format("{:%FT%TZ}", whole_seconds(*action.finished));
    }
    if (action.failed() && action.error) {
        place["error"] = {{"code", action.error->code}, {"message", action.error->message}};
    }
}

ExitCode Caller::wait(json& answer) try {
    const auto places = actions_in(answer);
    std::vector<cloud::Action> started;
    started.reserve(places.size());
    for (const json* place : places)
        started.push_back(cloud::parse_action({{"action", *place}}));
    const auto outcomes = cloud::wait_for_actions(client_, started, {.deadline = left()});
    ExitCode code = kExitDone;
    for (std::size_t i = 0; i < places.size(); ++i) {
        update(*places[i], outcomes[i].action);
        if (outcomes[i].made) continue;
        fmt::print(stderr, "hcloud-agent: {}\n", outcomes[i].problem);
        const bool late = outcomes[i].kind == cloud::Outcome::Kind::not_ended;
        code = late && code != kExitFailed ? kExitTryAgain : kExitFailed;
    }
    return code;
} catch (const cloud::FieldError& error) {
    fmt::print(stderr, "hcloud-agent: the actions of this answer cannot be waited for: {}\n",
               error.what());
    return kExitFailed;
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
    if (error.kind() == cloud::ErrorKind::too_large) {
        fmt::print(stderr, "  ask for less of it: --paginate, or per_page in the query\n");
    }
}

/// A change is not sent twice, so nothing is won by giving up on its answer early.
cloud::ClientOptions options_for(const Config& config, const cloud::Request& request,
                                 const ApiCall& call) {
    auto options = api_options(config);
    if (request.method != "GET") options.io_timeout = call.timeout;
    return options;
}

void warn_of_other_token(const cloud::Token& used) {
    const char* exported = environment("HCLOUD_TOKEN");
    if (exported == nullptr || used.reveal() == exported) return;
    fmt::print(
        stderr,
        "hcloud-agent: $HCLOUD_TOKEN is not used: api.token_file or the service's credential "
        "comes first\n");
}

/// What a person asks for is not held back, but agents of the same project live on what is left.
void warn_of_reserve(const cloud::Client& client) {
    const auto rate = client.rate_limit();
    if (!rate || client.budget().allows(cloud::Priority::background, client.now())) return;
    fmt::print(stderr, "hcloud-agent: {} of the project's {} requests an hour are left\n",
               rate->remaining, rate->limit);
}

int ask_and_print(const Invocation& invocation, const ApiCall& call, int& caught) {
    const auto request = request_of(call);
    const auto config = effective_config(invocation);
    auto source = find_token(config);
    if (source.token.empty()) {
        fmt::print(stderr, "hcloud-agent: {}\n", source.problem);
        return kExitNotPermitted;
    }
    warn_of_other_token(source.token);
    cloud::Client client(options_for(config, request, call), source.token);
    const CancelOnSignal guard(client, caught);
    Caller caller(client, call.timeout);
    json answer = caller.ask(request, call.paginate);
    const auto code = call.wait ? caller.wait(answer) : kExitDone;
    if (!answer.empty()) fmt::print("{}\n", answer.dump(2));
    warn_of_reserve(client);
    return code;
}

}  // namespace

int command_api(const Invocation& invocation, const ApiCall& call) {
    int caught = 0;
    int code = kExitDone;
    try {
        code = ask_and_print(invocation, call, caught);
    } catch (const UsageError& error) {
        fmt::print(stderr, "hcloud-agent: {}\n", error.what());
        code = kExitUsage;
    } catch (const cloud::Error& error) {
        print_error(error);
        code = exit_code_of(error);
    }
    end_by(caught);
    return code;
}

}  // namespace hcloud::agent
