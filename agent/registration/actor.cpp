#include "agent/registration/actor.h"

#include "actions/cloud/actions.h"
#include "actions/cloud/firewalls.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/load_balancers.h"
#include "actions/cloud/networks.h"
#include "actions/cloud/retry.h"
#include "actions/cloud/servers.h"

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using std::chrono::milliseconds;

// For one change with all its retries; and for what it starts.
constexpr std::chrono::seconds kLongestCall{60};
// Behind an attachment that has just ended (FACTS §5).
constexpr milliseconds kSettlePause{1000};
constexpr int kSettleTries = 30;

class ActionFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

bool not_yet_in_network(const cloud::Error& error) {
    const auto& code = error.details().code;
    return code == "server_not_attached_to_network" ||
           code == "resolve_cloud_private_targets_error";
}

cloud::Labels merged(cloud::Labels labels, const MergeLabels& change) {
    for (const auto& [name, value] : change.set)
        labels[name] = value;
    for (const auto& [name, value] : change.remove) {
        const auto found = labels.find(name);
        if (found != labels.end() && found->second == value) labels.erase(found);
    }
    return labels;
}

std::vector<std::string> merged(std::vector<std::string> list, const MergeAliasIps& change) {
    const std::set<std::string> gone(change.remove.begin(), change.remove.end());
    std::erase_if(list, [&](const auto& ip) { return gone.contains(ip); });
    for (const auto& ip : change.add) {
        if (std::find(list.begin(), list.end(), ip) == list.end()) list.push_back(ip);
    }
    return list;
}

std::runtime_error unsaid(const char* what) {
    return std::runtime_error(fmt::format("the API does not say which {} there are", what));
}

}  // namespace

milliseconds CloudActor::left() const {
    const auto time = std::chrono::duration_cast<milliseconds>(end_ - client_.now());
    return std::clamp<milliseconds>(time, milliseconds(1), kLongestCall);
}

cloud::CallOptions CloudActor::options() const {
    return {.deadline = left()};
}

CloudStep CloudActor::make(const PlannedCloudChange& planned) {
    CloudStep step{planned, {}, {}, false};
    try {
        std::visit([this](const auto& change) { perform(change); }, planned.change);
    } catch (const cloud::Error& error) {
        // Whether it is as wanted, the next look says.
        if (error.error_class() == cloud::ErrorClass::already_so) return step;
        step.problem = error.what();
        step.code = error.details().code;
    } catch (const std::runtime_error& error) {
        step.problem = error.what();
    }
    return step;
}

void CloudActor::wait_for(const std::vector<cloud::Action>& actions) {
    const auto outcomes = cloud::wait_for_actions(
        client_, actions, {.deadline = left(), .pace = cloud::Pace::sparing});
    for (const auto& outcome : outcomes) {
        if (!outcome.made) throw ActionFailed(outcome.problem);
    }
}

/// `write` reads, merges and writes, and is called again for whatever passes: what it wrote may
/// have been merged with something that is no longer there.
template <typename Write>
void CloudActor::read_and_write(Write write) {
    cloud::Retries retries(std::random_device{}());
    while (true) {
        try {
            return write();
        } catch (const cloud::Error& error) {
            const auto pause = retries.next(cloud::again_after(error));
            if (!pause || client_.now() + *pause >= end_ || !client_.sleep_for(*pause)) throw;
        }
    }
}

void CloudActor::perform(const MergeLabels& change) {
    read_and_write([&] {
        const auto labels = cloud::get_server(client_, server_, options()).labels;
        if (!labels) throw unsaid("labels");
        const auto wanted = merged(*labels, change);
        if (wanted == *labels) return;
        auto once = options();
        once.retry = false;
        cloud::set_server_labels(client_, server_, wanted, once);
    });
}

void CloudActor::perform(const MergeAliasIps& change) {
    read_and_write([&] {
        const auto server = cloud::get_server(client_, server_, options());
        const auto* place = place_in(server, change.network);
        if (place == nullptr) {
            throw std::runtime_error(
                fmt::format("this server is no longer in network {}", change.name));
        }
        if (!place->alias_ips) throw unsaid("alias IPs");
        const auto wanted = merged(*place->alias_ips, change);
        if (wanted == *place->alias_ips) return;
        auto once = options();
        once.retry = false;
        wait_for({cloud::change_alias_ips(client_, server_, change.network, wanted, once)});
    });
}

void CloudActor::perform(const ApplyFirewall& change) {
    wait_for(cloud::apply_firewall(client_, change.firewall, server_, options()));
}

void CloudActor::perform(const RemoveFirewall& change) {
    wait_for(cloud::remove_firewall(client_, change.firewall, server_, options()));
}

void CloudActor::perform(const AttachToNetwork& change) {
    const cloud::NetworkAttachment wanted{change.network, change.ip, change.alias_ips};
    wait_for({cloud::attach_to_network(client_, server_, wanted, options())});
}

void CloudActor::perform(const AddTarget& change) {
    const cloud::ServerTarget target{server_, change.use_private_ip};
    for (int tries = 1;; ++tries) {
        try {
            return wait_for({cloud::add_target(client_, change.load_balancer, target, options())});
        } catch (const cloud::Error& error) {
            // Only a balancer in one of this server's networks is asked at all: it settles.
            if (!change.use_private_ip || !not_yet_in_network(error) || tries == kSettleTries ||
                client_.now() + kSettlePause >= end_ || !client_.sleep_for(kSettlePause)) {
                throw;
            }
        }
    }
}

void CloudActor::perform(const RemoveTarget& change) {
    wait_for({cloud::remove_target(client_, change.load_balancer, server_, options())});
}

void CloudActor::perform(const ChangeDnsPtr& change) {
    wait_for(
        {change.floating_ip == 0
             ? cloud::change_server_dns_ptr(client_, server_, change.ip, change.name, options())
             : cloud::change_floating_ip_dns_ptr(client_, change.floating_ip, change.ip,
                                                 change.name, options())});
}

}  // namespace hcloud::agent
