// One HTTP request and its answer, or the fault that takes the answer's place.
#pragma once

#include "tests/simulator/simulation.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

namespace hcloud::sim {

/// Runs on the connection's thread. Throws Poco::Exception when the client is gone.
void exchange(Simulation& simulation, Poco::Net::HTTPServerRequest& request,
              Poco::Net::HTTPServerResponse& response);

}  // namespace hcloud::sim
