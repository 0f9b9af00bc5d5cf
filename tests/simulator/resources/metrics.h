// GET …/metrics: time series. Nothing happens in the simulator: the values are made up, and the
// same each time they are asked for.
#pragma once

#include "tests/simulator/http_types.h"
#include "tests/simulator/world.h"

#include <map>
#include <string>
#include <vector>

namespace hcloud::sim {

/// By what a request calls a type: the names of its series.
using SeriesOfTypes = std::map<std::string, std::vector<std::string>>;

/// Reads type=, start=, end= and step=. Throws ApiError.
Response metrics_response(const World& world, const Request& request, const SeriesOfTypes& known);

}  // namespace hcloud::sim
