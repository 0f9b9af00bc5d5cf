#include "tests/simulator/api.h"

#include "tests/simulator/resources.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

ApiError invalid_input(const std::vector<std::pair<std::string, std::string>>& bad) {
    std::vector<std::string> names;
    json fields = json::array();
    for (const auto& [name, message] : bad) {
        names.push_back("'" + name + "'");
        fields.push_back({{"name", name}, {"messages", {message}}});
    }
    const std::string message = fmt::format("invalid input in field{} {}",
                                            bad.size() == 1 ? "" : "s", fmt::join(names, ", "));
    return {422, "invalid_input", message, {{"fields", fields}}};
}

ApiError unauthorized() {
    return {401, "unauthorized", "unable to authenticate"};
}

void authenticate(const State& state, const Request& request) {
    static const std::string kScheme = "Bearer ";
    const std::string header = request.header("authorization");
    const std::string token =
        header.compare(0, kScheme.size(), kScheme) == 0 ? header.substr(kScheme.size()) : "";
    if (token.empty()) throw unauthorized();
    if (!state.tokens) return;
    const auto known = state.tokens->find(token);
    if (known == state.tokens->end()) throw unauthorized();
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (known->second == Access::read_only && !reads) {
        throw ApiError(401, "token_readonly", "the token is only allowed to perform GET requests");
    }
}

std::string correlation_id() {
    // Different for each request and start, and easy to recognise; nothing secret about it.
    static std::atomic<std::uint64_t> counter{
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count())};
    return fmt::format("{:016x}", counter.fetch_add(1));
}

void add_headers(World& world, Response& response) {
    const RateLimit level = world.rate().level(world.now());
    const auto reset = std::chrono::ceil<std::chrono::seconds>(world.rate().full_at(world.now()));
    response.headers.emplace_back("ratelimit-limit", std::to_string(level.limit));
    response.headers.emplace_back("ratelimit-remaining", std::to_string(level.remaining));
    response.headers.emplace_back("ratelimit-reset",
                                  std::to_string(std::chrono::system_clock::to_time_t(reset)));
    response.headers.emplace_back("x-correlation-id", correlation_id());
}

Response answer(World& world, const Router& router, const Request& request) {
    if (!world.rate().take(world.now())) {
        throw ApiError(
            429, "rate_limit_exceeded",
            fmt::format("limit of {} requests per hour reached", world.state().rate_limit.limit));
    }
    authenticate(world.state(), request);
    return router.handle(world, request);
}

}  // namespace

Response api_call(World& world, const Router& router, const Request& request) {
    Response response;
    try {
        response = answer(world, router, request);
    } catch (const ApiError& error) {
        response = error.response();
    }
    add_headers(world, response);
    return response;
}

Id path_id(const Request& request) {
    const std::string& text = request.params.at("id");
    const auto id = parse_id(text);
    if (!id) throw not_found("resource", text);
    return *id;
}

ApiError not_found(const std::string& what, const std::string& id) {
    return {404, "not_found", fmt::format("{} with ID '{}' not found", what, id)};
}

void require_unlocked(const World& world, const Resource& resource, const std::string& what) {
    if (!world.locked(resource)) return;
    throw ApiError(423, "locked",
                   fmt::format("cannot perform operation because {} is locked", what));
}

Response created(World& world, ActionPlan plan) {
    const Action& action = world.start(std::move(plan));
    return json_response(201, {{"action", action_json(world, action)}});
}

InputFields::InputFields(const Request& request) : body_(json_body(request)) {}

const json* InputFields::find(const std::string& name, bool required) {
    const auto found = body_.find(name);
    if (found != body_.end() && !found->is_null()) return &*found;
    if (required) refuse(name, "Missing data for required field.");
    return nullptr;
}

Id InputFields::integer(const std::string& name) {
    const json* const value = find(name, true);
    if (value == nullptr) return 0;
    if (value->is_number_integer()) return value->get<Id>();
    refuse(name, "Not a valid integer.");
    return 0;
}

std::optional<std::string> InputFields::text(const std::string& name) {
    const json* const value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    refuse(name, "Not a valid string.");
    return std::nullopt;
}

std::vector<std::string> InputFields::texts(const std::string& name, bool required) {
    const json* const value = find(name, required);
    if (value == nullptr) return {};
    const bool good =
        value->is_array() && std::all_of(value->begin(), value->end(),
                                         [](const json& item) { return item.is_string(); });
    if (good) return value->get<std::vector<std::string>>();
    refuse(name, "Not a valid list of strings.");
    return {};
}

void InputFields::refuse(const std::string& name, const std::string& message) {
    bad_.emplace_back(name, message);
}

void InputFields::finish() const {
    if (!bad_.empty()) throw invalid_input(bad_);
}

}  // namespace hcloud::sim
