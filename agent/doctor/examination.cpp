#include "agent/doctor/examination.h"

#include "actions/host/ledger.h"
#include "agent/daemon/control_socket.h"
#include "agent/doctor/conflicts.h"
#include "agent/doctor/metadata.h"
#include "agent/doctor/program.h"
#include "agent/doctor/token_place.h"
#include "agent/planner/planner.h"
#include "agent/planner/routes.h"
#include "agent/version.h"
#include "systemd/notify.h"

#include <algorithm>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace hcloud::agent::doctor {

namespace {

constexpr const char* kSerial = "/sys/class/dmi/id/product_serial";

/// The answers taken together, whoever they are about: identity is judged apart.
Knowledge knowledge_of(const MetadataAnswers& metadata, const FloatingIpsAnswer* floating_ips) {
    Knowledge knowledge(VerifyBy::metadata, std::nullopt);
    knowledge.learn(metadata);
    if (floating_ips != nullptr) knowledge.learn(*floating_ips);
    return knowledge;
}

/// As the words after `ip route add`.
std::string as_ip_route(const host::Snapshot& observed, const host::Route& route) {
    const auto* link = observed.link(route.link);
    return fmt::format("{} via {} dev {} onlink metric {}", route.destination.to_string(),
                       route.gateway->to_string(), link->name, route.metric);
}

/// Rules of others that name the metadata service; none where they are not for us to see. The
/// agent's own table lets root and the agent through.
std::vector<std::string> firewall_rules() {
    std::vector<std::string> rules;
    std::istringstream lines(run_program({"nft", "list", "ruleset"}).text);
    bool ours = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("table ")) ours = line.find(" hcloud_agent ") != std::string::npos;
        if (ours || line.find("169.254.169.254") == std::string::npos) continue;
        rules.push_back(line.substr(line.find_first_not_of(" \t")));
    }
    return rules;
}

}  // namespace

Examination::Examination(const Options& options, host::Network& network)
    : options_(options), network_(network), view_(options.root) {}

void Examination::look(const Config& config) {
    config_ = config;
    metadata_ = ask_metadata(config_);
    look_at_identity();
    look_at_token();
    look_at_api();
    look_at_addresses();
    look_at_metadata_route();
}

void Examination::look_at_identity() {
    identity_.verify = config_.identity.verify;
    identity_.vendor = view_.read_word("/sys/class/dmi/id/sys_vendor");
    if (const auto* root = metadata_->root.value()) identity_.instance_id = root->instance_id;
    if (const auto credential = sd::credential("dmi-serial")) {
        identity_.serial = View("/").read_number(*credential);
    } else {
        identity_.serial = view_.read_number(kSerial);
    }
    identity_.serial_refused = !identity_.serial && view_.refused().contains(kSerial);
}

bool Examination::compares() const {
    return identity_.verify == VerifyBy::dmi && identity_.serial.has_value();
}

bool Examination::is_us() const {
    return !compares() || !identity_.instance_id || *identity_.instance_id == *identity_.serial;
}

void Examination::look_at_token() {
    auto place = find_token_place(config_, view_);
    token_facts_ = std::move(place.facts);
    token_ = place.token;
    const auto* mode = std::get_if<FloatingIpsMode>(&config_.network.floating_ips);
    token_facts_.needed =
        (mode != nullptr && *mode == FloatingIpsMode::assigned) || !config_.registration.empty();
}

void Examination::look_at_api() {
    if (!token_.empty()) {
        api_ = ask_api(config_, token_, compares() ? identity_.serial : identity_.instance_id);
    }
    api_.facts.registers = !config_.registration.empty();
    api_findings_ = judge(api_.facts);
}

void Examination::look_at_addresses() {
    auto& facts = addresses_;
    auto config = config_;
    config.network.pin_metadata_route = true;  // to be told whether it would be needed
    const auto knowledge = knowledge_of(*metadata_, api_.facts.asked ? &api_.assigned : nullptr);
    if (is_us()) facts.desired = knowledge.desired(config);
    facts.desired.guard.reset();  // whom it lets through is the daemon's: look_at_guard()
    facts.observed = network_.observe();
    PlannerInput input{facts.desired, facts.observed, {}, {}, {}};
    try {
        input.ledger = host::FileLedger(options_.runtime_dir / "ledger.json").load();
    } catch (const host::LedgerError& error) {
        view_.refused(error.what());
    }
    for (const auto& network : facts.desired.private_networks.list) {
        input.grace_over.insert(network.mac);
    }
    facts.plan = make_plan(input);
    const auto* link = public_nic(input);
    facts.public_link = link != nullptr ? link->index : 0;
    for (const auto& one : facts.observed.links)
        facts.answering[one.index] = answering(one.name);
}

void Examination::look_at_guard(MetadataFacts& facts) {
    facts.guarded = config_.metadata.guard == MetadataGuard::root_only;
    if (!facts.guarded) return;
    const auto& users = config_.metadata.guard_users;
    const auto listed = [](const User& user) { return user.uid == geteuid(); };
    facts.let_through = geteuid() == 0 || std::any_of(users.begin(), users.end(), listed);
    // Without an agent nobody makes it: that is told already.
    if (!addresses_.agent_runs) return;
    const auto guard = network_.observe_guard();
    if (guard.kind == host::GuardState::Kind::unseen && !guard.problem.empty()) {
        view_.refused(guard.problem);
    }
    facts.guard_stands = guard.kind == host::GuardState::Kind::unseen ||
                         guard.kind == host::GuardState::Kind::intact;
}

void Examination::look_at_metadata_route() {
    MetadataFacts facts;
    facts.endpoint = config_.metadata.endpoint;
    facts.pin_wanted = config_.network.pin_metadata_route;
    if (is_us()) {
        // The latest answers, as one who knows nothing yet sees them.
        const auto problems = knowledge_of(*metadata_, nullptr).metadata_problems();
        const bool answers = metadata_->root.value() != nullptr;
        if (answers) {
            facts.broken = problems;
        } else if (!problems.empty()) {
            facts.error = problems.front();
        }
    }
    for (const auto& planned : addresses_.plan.changes) {
        const auto* pin = std::get_if<host::AddRoute>(&planned.change);
        const auto& metadata = addresses_.desired.pinned_metadata;
        if (pin == nullptr || pin->route.destination != host::Prefix::host(*metadata)) continue;
        const auto* way = way_to(addresses_.observed, *metadata);
        const auto* link = addresses_.observed.link(way->link);
        facts.private_way = link != nullptr ? link->name : "another";
        facts.better_way = as_ip_route(addresses_.observed, pin->route);
    }
    look_at_guard(facts);
    if (!facts.error.empty()) facts.firewall = firewall_rules();
    metadata_findings_ = judge(facts);
}

Answering Examination::answering(const std::string& link) {
    const auto stricter = [&](const char* name) {
        const auto value = [&](const std::string& of) {
            return view_.read_number("/proc/sys/net/ipv4/conf/" + of + "/" + name).value_or(0);
        };
        return static_cast<int>(std::max(value("all"), value(link)));
    };
    return {stricter("arp_ignore"), stricter("arp_filter"), stricter("rp_filter")};
}

Findings Examination::sources() const {
    auto all = metadata_findings_;
    append(all, judge(token_facts_));
    append(all, api_findings_);
    return all;
}

Findings Examination::host() {
    Findings all;
    if (!is_us()) return all;
    append(all, judge_nics(addresses_));
    append(all, judge_addresses(addresses_));
    append(all, judge_answering(addresses_));
    append(all, judge_holders(api_.holders, api_.facts.server));
    if (!addresses_.observed.has_address_protocol) {
        all.push_back({"kernel-no-mark", Severity::note,
                       "the kernel keeps no IFA_PROTO (it is older than 5.18)",
                       "which addresses are the agent's is told by its ledger alone",
                       "keep /run/hcloud-agent; a newer kernel marks them itself"});
    }
    ConflictFacts conflicts;
    std::set<host::IpAddress> wanted;
    for (const auto* item : address_items(addresses_.plan))
        wanted.insert(item->key.prefix.address);
    conflicts.places = find_places(view_, wanted);
    for (const auto& network : addresses_.desired.private_networks.list) {
        conflicts.primary.insert(network.ip);
    }
    conflicts.hc_utils = view_.exists("/usr/sbin/hc-ifscan") || view_.exists("/sbin/hc-ifscan");
    append(all, judge(conflicts));
    return all;
}

}  // namespace hcloud::agent::doctor
