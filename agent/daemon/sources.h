// Asks the metadata service and the API, again and again, and keeps what is known.
//
// All on the loop's thread but the requests themselves. One request round a source at a time, so
// that a service that hangs piles nothing up.
#pragma once

#include "actions/cloud/types.h"
#include "agent/config/config.h"
#include "agent/daemon/api_round.h"
#include "agent/daemon/worker.h"
#include "agent/planner/damping.h"
#include "agent/planner/knowledge.h"
#include "agent/planner/pacing.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace hcloud::agent {

/// Something that is asked in intervals: a worker, its timer, and when it last did well.
class Poll {
  public:
    Poll(sd::Event& event, std::function<void()> ask);

    Worker& worker() { return worker_; }
    /// After `delay`, or as soon as the round that may be under way is over.
    void soon(std::chrono::milliseconds delay = {});
    /// So that `limit` after the latest round there is another; a round under way counts as that.
    void within(std::chrono::milliseconds limit);
    /// The round is over, or there was nobody to ask.
    void finished(bool well, std::chrono::milliseconds next);
    /// A round that asked is over.
    void answered(bool well, std::chrono::milliseconds next);

    bool tried() const { return tried_; }
    std::optional<Clock::time_point> last_success() const { return last_success_; }
    /// Since the start.
    std::int64_t rounds() const { return rounds_; }
    std::int64_t failed_rounds() const { return failed_rounds_; }

  private:
    Worker worker_;
    sd::Source timer_;
    bool asked_again_ = false;
    bool tried_ = false;
    Clock::time_point finished_{};
    std::optional<Clock::time_point> last_success_;
    std::int64_t rounds_ = 0;
    std::int64_t failed_rounds_ = 0;
};

enum class Start {
    at_once,  // somebody waits for this one agent
    spread,   // others may start at the same moment
};

class Sources {
  public:
    /// `news` is called after each round of either source.
    Sources(sd::Event& event, Config config, std::function<void()> news);

    void start(Start how);
    void configure(const Config& config);  // asks again at once
    /// Whether this server is asked for even if its floating IPs are not wanted.
    void set_registers(bool registers) { registers_ = registers; }
    /// A NIC has appeared, or will: metadata is asked every second for a minute.
    void expect_nic();

    const Knowledge& knowledge() const { return knowledge_; }
    /// Whether each source that can be asked has been, well or not.
    bool settled() const;
    /// Whether the API is to be asked at all; if not, token_problem() may say why.
    bool needs_api() const;
    /// This server, as the API had it in its latest round; nothing if that failed.
    const std::optional<cloud::Server>& server() const { return server_; }
    /// One more, for somebody else's thread. Only while there is a server().
    std::shared_ptr<cloud::Client> new_client() const;
    const std::string& token_problem() const { return token_problem_; }
    const Poll& metadata() const { return metadata_; }
    const Poll& api() const { return api_; }
    /// How often the API is asked now: the wanted interval, or longer when the rate limit runs low.
    std::chrono::milliseconds api_interval() const { return pacing_.interval(); }
    std::optional<cloud::RateLimit> rate_limit() const { return rate_limit_; }
    /// The latest round was refused for the project's rate limit.
    bool rate_limited() const { return rate_limited_; }

    /// See Worker::stop().
    bool stop(std::chrono::milliseconds limit);

  private:
    bool wants_floating_ips() const;
    std::string without_token() const;
    void ask_metadata();
    void ask_api();
    void on_metadata(const MetadataAnswers& answers);
    void on_api(const ApiRound& round);
    std::shared_ptr<cloud::Client> client_for(const cloud::Token& token);
    std::chrono::milliseconds jittered(std::chrono::milliseconds interval);

    Config config_;
    std::function<void()> news_;
    Knowledge knowledge_;
    std::string token_problem_;
    std::optional<cloud::RateLimit> rate_limit_;
    bool rate_limited_ = false;
    std::optional<cloud::Server> server_;
    bool registers_ = false;
    // Kept while rounds go well: so is its connection.
    std::shared_ptr<cloud::Client> client_;
    cloud::Token token_;
    std::map<std::int64_t, cloud::FloatingIp> floating_ip_cache_;
    Clock::time_point fast_until_{};
    std::minstd_rand random_;
    Pacing pacing_;
    Start start_ = Start::spread;
    Poll metadata_;
    Poll api_;
};

}  // namespace hcloud::agent
