#include "agent/planner/knowledge.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

const auto kMetadataAddress = *host::IpAddress::parse("169.254.169.254");

// Metadata's own validation makes these parse; a value that does not is left out rather than
// guessed.
std::optional<PrivateNetwork> convert(const metadata::PrivateNetwork& wire) {
    const auto ip = host::IpAddress::parse(wire.ip);
    const auto gateway = host::IpAddress::parse(wire.gateway);
    const auto network = host::Prefix::parse(wire.network);
    if (!ip || !gateway || !network) return std::nullopt;
    PrivateNetwork result{wire.network_name, wire.mac_address,  *ip, {},
                          *gateway,          network->network()};
    if (result.name.empty()) result.name = std::to_string(wire.network_id);
    for (const auto& text : wire.alias_ips) {
        const auto alias = host::IpAddress::parse(text);
        if (!alias) return std::nullopt;
        result.alias_ips.push_back(*alias);
    }
    return result;
}

Known<PrivateNetwork> convert(Known<metadata::PrivateNetwork> wire) {
    std::sort(wire.list.begin(), wire.list.end(), [](const auto& a, const auto& b) {
        return std::pair(a.interface_num, a.mac_address) <
               std::pair(b.interface_num, b.mac_address);
    });
    Known<PrivateNetwork> result{wire.certainty, {}};
    for (const auto& entry : wire.list) {
        if (auto network = convert(entry)) {
            result.list.push_back(*network);
        } else {
            result.certainty = std::min(result.certainty, Certainty::partial);
        }
    }
    return result;
}

std::vector<host::IpAddress> public_addresses(const metadata::Root& root) {
    std::vector<host::IpAddress> result;
    if (root.public_ipv4) {
        if (const auto ip = host::IpAddress::parse(*root.public_ipv4)) result.push_back(*ip);
    }
    for (const auto& text : root.network_config.addresses) {
        if (const auto prefix = host::Prefix::parse(text)) result.push_back(prefix->address);
    }
    return result;
}

// What came is added to what was known, and nothing is forgotten: `add` lets an entry with the same
// `key` grow.
template <typename T, typename Key, typename Add>
Known<T> merge(Known<T> known, const std::vector<T>& newer, Key key, Add add) {
    for (const auto& entry : newer) {
        const auto old = std::find_if(known.list.begin(), known.list.end(),
                                      [&](const T& other) { return key(other) == key(entry); });
        if (old == known.list.end()) {
            known.list.push_back(entry);
        } else {
            add(*old, entry);
        }
    }
    known.certainty = Certainty::partial;
    return known;
}

void add_aliases(metadata::PrivateNetwork& known, const metadata::PrivateNetwork& newer) {
    for (const auto& alias : newer.alias_ips) {
        const auto found = std::find(known.alias_ips.begin(), known.alias_ips.end(), alias);
        if (found == known.alias_ips.end()) known.alias_ips.push_back(alias);
    }
}

}  // namespace

const char* to_string(Identity identity) {
    switch (identity) {
        case Identity::unknown:
            return "unknown";
        case Identity::proven:
            return "proven";
        case Identity::unproven:
            return "unproven";
        case Identity::mismatch:
            return "mismatch";
    }
    return "unknown";
}

std::optional<host::Prefix> interface_address(const std::string& ip) {
    const auto parsed = host::Prefix::parse(ip);
    if (!parsed) return std::nullopt;
    if (parsed->address.is_v4()) return host::Prefix::host(parsed->address);
    constexpr std::uint8_t kNetworkLength = 64;
    const auto length = std::min(parsed->length, kNetworkLength);
    if (parsed->address != host::Prefix{parsed->address, length}.network().address) {
        return host::Prefix{parsed->address, length};
    }
    std::array<std::uint8_t, 16> bytes{};
    std::copy(parsed->address.bytes().begin(), parsed->address.bytes().end(), bytes.begin());
    bytes.back() = 1;
    return host::Prefix{*host::IpAddress::from_bytes(bytes), length};
}

Knowledge::Knowledge(VerifyBy verify, std::optional<std::int64_t> serial,
                     std::vector<std::uint32_t> own_uids)
    : verify_(verify), serial_(serial), own_uids_(std::move(own_uids)) {}

bool Knowledge::accept(const metadata::Root& root, const std::string& request) {
    // Without a serial to compare with, a server id that changes under a running machine is as
    // wrong.
    const bool compares = verify_ == VerifyBy::dmi && serial_.has_value();
    const auto expected = compares ? serial_
                          : root_  ? std::optional(root_->instance_id)
                                   : std::nullopt;
    if (expected && *expected != root.instance_id) {
        identity_ = Identity::mismatch;
        mismatch_ = fmt::format(
            "{}: this is server {} ({}), but metadata answers for server {}; everything stays as "
            "it "
            "is. Does the way to metadata lead through a NAT gateway?",
            request, *expected, compares ? "DMI serial" : "by earlier metadata", root.instance_id);
        return false;
    }
    identity_ = compares ? Identity::proven : Identity::unproven;
    mismatch_.clear();
    return true;
}

void Knowledge::learn(const MetadataAnswers& answers) {
    metadata_problems_.clear();
    const auto* root = answers.root.value();
    if (root == nullptr) {
        // What the root does not vouch for may be about another server: see accept().
        const auto* error = answers.root.error();
        metadata_problems_.push_back(error != nullptr ? metadata::to_string(*error)
                                                      : "the metadata root document is missing");
        return;
    }
    if (!accept(*root, answers.request)) {
        metadata_problems_.push_back(mismatch_);
        return;
    }
    root_ = *root;
    networks_settled_ |= !answers.private_networks;
    if (answers.private_networks) learn_networks(*answers.private_networks);
}

void Knowledge::learn_networks(const metadata::Answer<metadata::PrivateNetworks>& answer) {
    if (const auto* error = answer.error()) {
        metadata_problems_.push_back(metadata::to_string(*error));
        return;
    }
    networks_settled_ = true;
    if (const auto* absent = answer.absent()) {
        if (networks_.list.empty()) return;
        metadata_problems_.push_back(fmt::format(
            "private-networks: {} after there were some; what is configured stays", absent->how));
        return;
    }
    const auto& value = *answer.value();
    if (value.broken.empty()) {
        networks_ = {Certainty::complete, value.entries};
        return;
    }
    for (const auto& text : value.broken) {
        metadata_problems_.push_back("private-networks: " + text);
    }
    networks_ = merge(
        std::move(networks_), value.entries,
        [](const auto& network) { return network.mac_address; }, add_aliases);
}

void Knowledge::learn(const FloatingIpsAnswer& answer) {
    api_problems_ = answer.problems;
    if (answer.problems.empty()) {
        floating_ips_ = {Certainty::complete, answer.list};
    } else {
        floating_ips_ = merge(
            std::move(floating_ips_), answer.list,
            [](const auto& floating_ip) { return floating_ip.id; },
            [](const auto&, const auto&) {});
    }
}

Known<host::Prefix> Knowledge::floating_ips(const FloatingIps& wanted) const {
    if (const auto* list = std::get_if<std::vector<host::Prefix>>(&wanted)) {
        return {Certainty::complete, *list};
    }
    if (std::get<FloatingIpsMode>(wanted) == FloatingIpsMode::off) return {};
    Known<host::Prefix> result{floating_ips_.certainty, {}};
    for (const auto& floating_ip : floating_ips_.list) {
        if (const auto address = interface_address(floating_ip.ip)) {
            result.list.push_back(*address);
        } else {
            result.certainty = std::min(result.certainty, Certainty::partial);
        }
    }
    return result;
}

host::Guard Knowledge::guard(const std::vector<User>& users) const {
    std::set<std::uint32_t> uids{0};
    uids.insert(own_uids_.begin(), own_uids_.end());
    for (const auto& user : users)
        uids.insert(user.uid);
    return {{uids.begin(), uids.end()}};
}

bool Knowledge::in_network(std::int64_t network) const {
    return std::any_of(networks_.list.begin(), networks_.list.end(),
                       [&](const auto& known) { return known.network_id == network; });
}

Desired Knowledge::desired(const Config& config) const {
    Desired desired;
    if (identity_ == Identity::mismatch) desired.frozen = mismatch_;
    desired.private_mode = config.network.private_networks;
    desired.private_networks = convert(networks_);
    desired.private_default_route = config.network.default_route == DefaultRoute::private_gateway;
    desired.floating_ips = floating_ips(config.network.floating_ips);
    if (root_) desired.public_addresses = public_addresses(*root_);
    const bool usual = config.metadata.endpoint.starts_with("http://169.254.169.254/");
    if (config.network.pin_metadata_route && usual) desired.pinned_metadata = kMetadataAddress;
    if (config.metadata.guard == MetadataGuard::root_only) {
        desired.guard = guard(config.metadata.guard_users);
    }
    return desired;
}

}  // namespace hcloud::agent
