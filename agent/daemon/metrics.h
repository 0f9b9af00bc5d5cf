// The status as numbers for Prometheus. Names are stable: rules and dashboards build on them.
#pragma once

#include "agent/daemon/status.h"

#include <string>

namespace hcloud::agent {

/// See PrometheusText for the format. What is not known has no sample, rather than a wrong one.
std::string to_metrics(const Status& status);

}  // namespace hcloud::agent
