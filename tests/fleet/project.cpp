#include "tests/fleet/project.h"

#include "tests/simulator/state/state_json.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::fleet {

namespace {

using nlohmann::json;

sim::State initial_state(const ProjectSize& size) {
    json state{{"rate_limit", {{"limit", kLimit}}},
               {"action_duration", "0s"},
               {"servers", json::object()},
               {"floating_ips", json::object()}};
    for (std::int64_t id = 1; id <= size.servers; ++id)
        state["servers"][std::to_string(id)] = Project::server(id);
    for (std::int64_t i = 0; i < size.floating_ips; ++i) {
        state["floating_ips"][std::to_string(kFirstFloatingIp + i)] = {
            {"ip", fmt::format("198.18.{}.{}", i / 250, 1 + i % 250)}};
    }
    return sim::parse_state(state);
}

sim::Request request_of(const cloud::Request& request) {
    sim::Request result;
    result.method = request.method;
    const auto question = request.path.find('?');
    if (question != std::string::npos) throw std::logic_error("no fleet asks with a query yet");
    result.path = "/v1" + request.path;
    result.headers = {{"authorization", "Bearer sim-token"}};
    if (request.body) result.body = request.body->dump();
    return result;
}

std::int64_t number_in(const sim::Response& response, const std::string& header) {
    const auto found =
        std::find_if(response.headers.begin(), response.headers.end(),
                     [&](const auto& candidate) { return candidate.first == header; });
    if (found == response.headers.end()) throw std::logic_error("an answer without " + header);
    return std::stoll(found->second);
}

}  // namespace

class Project::Transport : public cloud::Transport {
  public:
    Transport(Project& project, Traffic traffic) : project_(project), traffic_(traffic) {}

    cloud::Reply exchange(const cloud::Request& request, cloud::TimePoint /*deadline*/) override {
        if (project_.down_) {
            throw cloud::Failure{cloud::ErrorKind::unreachable, "connection refused"};
        }
        const auto response = project_.simulation_.answer(request_of(request));
        cloud::Reply reply{response.status};
        reply.content_type = response.content_type;
        reply.rate_limit = {number_in(response, "ratelimit-limit"),
                            number_in(response, "ratelimit-remaining")};
        reply.body = response.body;
        project_.note(traffic_, reply);
        return reply;
    }
    void cancel() noexcept override {}
    std::string url() const override { return "https://api.example.com/v1"; }

  private:
    Project& project_;
    Traffic traffic_;
};

Project::Project(Timeline& timeline, const ProjectSize& size)
    : timeline_(timeline),
      simulation_(initial_state(size), [&timeline] { return timeline.wall(); }) {}

std::unique_ptr<cloud::Client> Project::client(cloud::Clock& clock, Traffic traffic) {
    return std::make_unique<cloud::Client>(std::make_unique<Transport>(*this, traffic), clock, 1,
                                           kReservePercent);
}

void Project::patch(const json& patch) {
    sim::Request request;
    request.method = "PATCH";
    request.path = "/_sim/state";
    request.body = patch.dump();
    const auto response = simulation_.answer(request);
    if (response.status != 200) throw std::runtime_error("PATCH: " + response.body);
}

void Project::note(Traffic traffic, const cloud::Reply& reply) {
    const bool refused = reply.status == 429;
    if (traffic == Traffic::others) return;
    if (traffic == Traffic::essential) {
        ++ledger_.essential;
        ledger_.refused_essential += refused ? 1 : 0;
        return;
    }
    ledger_.polls.push_back(timeline_.now());
    ledger_.refused_polls += refused ? 1 : 0;
    const auto left = reply.rate_limit->remaining;
    ledger_.lowest_after_poll = std::min(ledger_.lowest_after_poll, left);
    ledger_.polls_below_reserve += left < kReserve ? 1 : 0;
}

std::string Project::server_name(std::int64_t id) {
    return "web" + std::to_string(id);
}

json Project::server(std::int64_t id) {
    return {{"name", server_name(id)}, {"location", "fsn1"}};
}

}  // namespace hcloud::fleet
