#include "tests/fleet/fleet.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace hcloud::fleet {

namespace {

constexpr milliseconds kDown = std::chrono::seconds(30);
constexpr milliseconds kSameSecond{1000};

}  // namespace

Fleet::Fleet(std::int64_t servers)
    : floating_ips_(std::max<std::int64_t>(1, servers / 5)),
      project_(timeline_, {servers, floating_ips_}),
      clock_(timeline_),
      essential_(project_.client(clock_, Traffic::essential)),
      others_(project_.client(clock_, Traffic::others)),
      next_server_(servers + 1) {
    for (std::int64_t id = 1; id <= servers; ++id)
        add(id);
}

void Fleet::add(std::int64_t server) {
    const auto seen = [this](std::int64_t id, const std::set<std::int64_t>& floating_ips) {
        changes_.seen(id, floating_ips, timeline_.now());
    };
    agents_[server] = std::make_unique<Agent>(timeline_, project_, server, seen);
}

std::size_t Fleet::below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

void Fleet::boot_all(milliseconds over) {
    const auto span = static_cast<std::size_t>(std::max(over, kSameSecond).count());
    for (const auto& [id, agent] : agents_) {
        timeline_.in(milliseconds(below(span)), [started = agent.get()] { started->boot(); });
    }
}

void Fleet::move_floating_ips(milliseconds every, milliseconds until) {
    if (timeline_.now() + every > until) return;
    timeline_.in(every, [this, every, until] {
        move_one();
        move_floating_ips(every, until);
    });
}

std::optional<std::int64_t> Fleet::any_server() {
    if (below(5) == 0) return std::nullopt;
    const auto found =
        std::next(agents_.begin(), static_cast<std::ptrdiff_t>(below(agents_.size())));
    // Not one that has yet to boot: nobody is there to notice.
    return found->second->running() ? std::optional(found->first) : std::nullopt;
}

void Fleet::move_one() {
    const auto id = kFirstFloatingIp + static_cast<std::int64_t>(below(floating_ips_));
    const auto from = changes_.holder(id);
    auto to = any_server();
    if (to == from) to = from ? std::nullopt : std::optional(agents_.begin()->first);
    const auto path = fmt::format("/floating_ips/{}/actions/", id);
    if (to) {
        essential_->call({"POST", path + "assign", nlohmann::json{{"server", *to}}});
    } else {
        essential_->call({"POST", path + "unassign", {}});
    }
    changes_.move(id, to, timeline_.now());
}

void Fleet::replace_servers(milliseconds every, milliseconds until) {
    if (agents_.size() < 10 || timeline_.now() + every > until) return;
    timeline_.in(every, [this, every, until] {
        replace(std::max<std::size_t>(1, agents_.size() / 100), every);
        replace_servers(every, until);
    });
}

void Fleet::replace(std::size_t count, milliseconds within) {
    nlohmann::json patch = nlohmann::json::object();
    for (std::size_t i = 0; i < count; ++i) {
        const auto old =
            std::next(agents_.begin(), static_cast<std::ptrdiff_t>(below(agents_.size())));
        remove(old->first, patch);
        const auto fresh = next_server_++;
        patch["servers"][std::to_string(fresh)] = Project::server(fresh);
        add(fresh);
        timeline_.in(within * i / count, [this, fresh] {
            if (const auto found = agents_.find(fresh); found != agents_.end())
                found->second->boot();
        });
    }
    project_.patch(patch);
}

void Fleet::remove(std::int64_t server, nlohmann::json& patch) {
    for (const auto id : changes_.held_by(server)) {
        patch["floating_ips"][std::to_string(id)]["server"] = nullptr;
        changes_.move(id, std::nullopt, timeline_.now());
    }
    patch["servers"][std::to_string(server)] = nullptr;
    changes_.forget(server);
    auto found = agents_.extract(server);
    found.mapped()->stop();
    retired_.push_back(std::move(found.mapped()));
}

void Fleet::reboot_all(milliseconds apart) {
    milliseconds at{0};
    for (const auto& [id, unused] : agents_) {
        timeline_.in(at, [this, server = id] {
            const auto found = agents_.find(server);
            if (found == agents_.end()) return;
            found->second->stop();
            timeline_.in(kDown, [booting = found->second.get(), this, server] {
                if (agents_.contains(server)) booting->boot();
            });
        });
        at += apart;
    }
}

void Fleet::reboot_at_once() {
    for (const auto& [id, agent] : agents_)
        agent->boot();
}

void Fleet::shrink_to(std::size_t size) {
    for (const auto& [id, agent] : agents_) {
        if (size == 0) agent->stop();
        size -= size == 0 ? 0 : 1;
    }
}

void Fleet::burn(milliseconds every, milliseconds until) {
    if (timeline_.now() + every > until) return;
    timeline_.in(every, [this, every, until] {
        try {
            others_->get("/servers/1", {.retry = false});
        } catch (const cloud::Error& error) {
            if (error.kind() != cloud::ErrorKind::rate_limited) throw;
        }
        burn(every, until);
    });
}

double Fleet::longest_interval() const {
    milliseconds longest{0};
    for (const auto& [id, agent] : agents_) {
        if (agent->running()) longest = std::max(longest, agent->interval());
    }
    return std::chrono::duration<double>(longest).count();
}

double Fleet::mean_interval() const {
    double sum = 0;
    double count = 0;
    for (const auto& [id, agent] : agents_) {
        if (!agent->running()) continue;
        sum += std::chrono::duration<double>(agent->interval()).count();
        ++count;
    }
    return sum / count;
}

}  // namespace hcloud::fleet
