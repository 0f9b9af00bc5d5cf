// GET /servers/{id}/metrics
#include "tests/simulator/resources/metrics.h"
#include "tests/simulator/resources/server_actions.h"

namespace hcloud::sim {

void add_server_metrics(Router& router) {
    static const SeriesOfTypes kTypes{
        {"cpu", {"cpu"}},
        {"disk",
         {"disk.0.iops.read", "disk.0.iops.write", "disk.0.bandwidth.read",
          "disk.0.bandwidth.write"}},
        {"network",
         {"network.0.pps.in", "network.0.pps.out", "network.0.bandwidth.in",
          "network.0.bandwidth.out"}},
    };
    router.add("GET", "/v1/servers/{id}/metrics", [](World& world, const Request& request) {
        require(world, servers(), path_id(request));
        return metrics_response(world, request, kTypes);
    });
}

}  // namespace hcloud::sim
