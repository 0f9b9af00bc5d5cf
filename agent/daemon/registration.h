// Keeps this server registered: after each look at it, whatever is to be done for that, on a worker
// of its own, so that floating IPs and the host do not wait for it.
//
// Lives on the loop's thread.
#pragma once

#include "agent/config/config.h"
#include "agent/daemon/worker.h"
#include "agent/planner/knowledge.h"
#include "agent/registration/registrar.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace hcloud::agent {

/// Why nothing may be registered, or looked at; `why` is empty if it may.
struct Hindrance {
    std::string why;
    bool said = false;  // by the sources, each for itself: once is enough

    bool operator==(const Hindrance&) const = default;
};

Hindrance registration_hindrance(const Config& config, const Knowledge& knowledge,
                                 const std::string& token_problem);

class Registration {
  public:
    using NewClient = std::function<std::shared_ptr<cloud::Client>()>;

    /// `news` is called whenever latest() has changed. The store outlives the object.
    Registration(sd::Event& event, RegistrationStore& store, NewClient new_client,
                 std::function<void()> news);

    /// What was made stays known, and what is no longer named is removed.
    void configure(const Config::Register& wanted);
    /// See is_concerned().
    bool concerned() const { return concerned_; }

    /// This server as it was just read.
    void look(const cloud::Server& server);
    void hinder(const Hindrance& hindrance);
    const Hindrance& hindrance() const { return hindrance_; }
    /// Somebody waits until all is as it should be, load balancers are left that were drained, and
    /// it is known whether the others find this server healthy.
    void attend();

    /// Everything that is wanted has been tried, in vain or not.
    bool settled() const;
    /// "off", "waiting", "registering", "registered", "drained" (that, but for load balancers left
    /// on purpose), "failing"
    const char* state() const;
    const RegistrationReport& latest() const { return report_; }
    std::vector<std::string> problems() const;

    /// See Worker::stop().
    bool stop(std::chrono::milliseconds limit) { return worker_.stop(limit); }

  private:
    bool done() const;
    bool drained_anew();
    void work();
    void conclude(RegistrationReport report);

    RegistrationStore& store_;
    NewClient new_client_;
    std::function<void()> news_;
    Config::Register wanted_;
    bool concerned_ = false;
    Hindrance hindrance_;
    std::shared_ptr<Registrar> registrar_;  // the job's while it runs
    std::optional<cloud::Server> server_;   // as last read
    bool again_ = false;                    // read anew while a job ran
    bool tried_ = false;
    std::set<std::string> drained_;  // as last attended to
    RegistrationReport report_;
    Clock::time_point health_wanted_until_{};
    Worker worker_;
    sd::Source health_timer_;
};

}  // namespace hcloud::agent
