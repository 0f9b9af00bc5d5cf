// What the names in the configuration stand for in the project, remembered.
#pragma once

#include "actions/cloud/client.h"
#include "agent/config/config.h"
#include "agent/planner/damping.h"
#include "agent/planner/registration.h"

#include <chrono>
#include <map>
#include <string>

namespace hcloud::agent {

class ProjectLookups {
  public:
    /// Whether everything that is wanted has been looked up, recently enough to believe it beside
    /// this server's own view.
    bool fresh(const Config::Register& wanted, const cloud::Server& server,
               Clock::time_point now) const;
    /// Looks up what is not. Errors become problems of the lookup; none is thrown.
    void refresh(cloud::Client& client, const Config::Register& wanted,
                 const cloud::Server& server);

    /// What was looked up before `time` is to be looked up again.
    void expire(Clock::time_point time);
    /// The health of targets is to be looked at again, if it is unknown.
    void expire_unknown_health(const cloud::Server& server, Clock::time_point now);
    /// After a change of its targets.
    void expire_load_balancer(std::int64_t id);
    void expire_floating_ip(std::int64_t id) { floating_ips_.erase(id); }

    ProjectView view(const Config::Register& wanted, const cloud::Server& server) const;
    bool health_known(const Config::Register& wanted, std::int64_t server) const;

  private:
    template <typename T>
    struct Entry {
        Lookup<T> lookup;
        Clock::time_point at{};
    };
    template <typename T>
    using Entries = std::map<std::string, Entry<T>>;

    template <typename T, typename Find>
    static void look_up(Entries<T>& entries, const std::string& name, const char* kind, Find find,
                        cloud::Client& client);
    template <typename T>
    static bool is_fresh(const Entries<T>& entries, const std::string& name, Clock::time_point now);
    bool is_fresh_balancer(const std::string& name, const cloud::Server& server,
                           Clock::time_point now) const;

    Entries<cloud::Firewall> firewalls_;
    Entries<cloud::Network> networks_;
    Entries<cloud::LoadBalancer> load_balancers_;
    std::map<std::int64_t, Entry<cloud::FloatingIp>> floating_ips_;
    // Of load balancers that this server's own list leaves out although they have it as a target.
    std::set<std::int64_t> unlisted_;
};

}  // namespace hcloud::agent
