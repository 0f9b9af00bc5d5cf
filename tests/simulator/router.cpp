#include "tests/simulator/router.h"

#include <sstream>

namespace hcloud::sim {

namespace {

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> segments;
    std::istringstream stream(path);
    for (std::string segment; std::getline(stream, segment, '/');)
        segments.push_back(segment);
    if (!path.empty() && path.back() == '/') segments.emplace_back();
    return segments;
}

bool match(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
           std::map<std::string, std::string>& params) {
    if (pattern.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string& segment = pattern[i];
        const bool variable = !segment.empty() && segment.front() == '{';
        if (variable) {
            params[segment.substr(1, segment.size() - 2)] = path[i];
        } else if (segment != path[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

void Router::add(std::string method, const std::string& pattern, Handler handler) {
    routes_.push_back({std::move(method), split(pattern), std::move(handler)});
}

Response Router::handle(World& world, Request request) const {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    const std::vector<std::string> path = split(request.path);
    bool path_known = false;
    const Route* best = nullptr;
    for (const Route& route : routes_) {
        std::map<std::string, std::string> params;
        if (!match(route.segments, path, params)) continue;
        path_known = true;
        // "/servers/actions" is the list of actions, not a server of that name.
        if (route.method != method || (best != nullptr && params.size() >= request.params.size()))
            continue;
        best = &route;
        request.params = std::move(params);
    }
    if (best != nullptr) return best->handler(world, request);
    if (path_known) throw ApiError(405, "method_not_allowed", "method not allowed");
    throw ApiError(404, "not_found", "not found: " + request.path);
}

}  // namespace hcloud::sim
