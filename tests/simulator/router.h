// (method, path pattern) -> handler.
#pragma once

#include "tests/simulator/http_types.h"
#include "tests/simulator/world.h"

#include <functional>
#include <string>
#include <vector>

namespace hcloud::sim {

using Handler = std::function<Response(World&, const Request&)>;

class Router {
  public:
    /// A segment of the pattern in braces, "/v1/servers/{id}", matches any one segment.
    void add(std::string method, const std::string& pattern, Handler handler);

    /// Calls the handler with `request.params` filled in; a HEAD goes where GET goes.
    /// Throws ApiError 404 not_found, or 405 method_not_allowed if the path is known.
    Response handle(World& world, Request request) const;

  private:
    struct Route {
        std::string method;
        std::vector<std::string> segments;
        Handler handler;
    };

    std::vector<Route> routes_;
};

}  // namespace hcloud::sim
