#include "tests/simulator/api.h"

#include "tests/simulator/resources.h"

#include <atomic>
#include <cctype>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

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

void require_no_change(const World& world, const Resource& resource, const std::string& what) {
    if (!world.locked(resource)) return;
    throw ApiError(409, "conflict", fmt::format("{} is being changed, try again", what));
}

std::string allot_address(World& world, const std::string& type) {
    auto address = world.new_address(type);
    if (address) return *std::move(address);
    throw ApiError(412, "resource_unavailable", fmt::format("no {} address is left", type));
}

Response created(World& world, ActionPlan plan) {
    const Action& action = world.start(std::move(plan));
    return json_response(201, {{"action", action_json(world, action)}});
}

void require_unprotected(bool is_protected, std::string what) {
    if (!is_protected) return;
    what.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(what.front())));
    throw ApiError(423, "protected", what + " is protected");
}

void require_below_limit(const World& world, const std::string& plural, std::size_t count) {
    const Limits& limits = world.state().limits;
    const auto limit = limits.find(plural);
    if (limit == limits.end() || count < static_cast<std::size_t>(limit->second)) return;
    throw ApiError(403, "resource_limit_exceeded", "project limit exceeded",
                   {{"limits", {{{"name", plural + "_limit"}}}}});
}

ApiError name_taken(const std::string& what) {
    return {409,
            "uniqueness_error",
            what + " with the same name already exists",
            {{"fields", {{{"name", "name"}}}}}};
}

}  // namespace hcloud::sim
