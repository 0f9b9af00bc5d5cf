#include "actions/host/guard_rules.h"

#include "actions/host/ip.h"
#include "actions/host/nftnl.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <initializer_list>

#include <fmt/format.h>

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

namespace hcloud::host {

namespace {

constexpr std::uint32_t kNobody = 0xFFFFFFFF;     // no user has this uid
constexpr std::uint32_t kDestinationOffset = 16;  // in the IPv4 header
constexpr std::uint32_t kFlagsOffset = 13;        // in the TCP header
constexpr std::uint8_t kSyn = 0x02;

struct Hook {
    std::string chain;
    std::uint32_t number;
};
const std::array<Hook, 2> kHooks{{{"output", NF_INET_LOCAL_OUT}, {"forward", NF_INET_FORWARD}}};

/// A chain's rules, as they are put together.
class Rules {
  public:
    Rules(Transaction& batch, std::string chain) : batch_(batch), chain_(std::move(chain)) {}

    void add(std::initializer_list<std::function<void(nftnl_rule&)>> parts) {
        const auto rule = make_rule(kGuardTable, chain_);
        for (const auto& part : parts)
            part(*rule);
        batch_.add(*rule);
    }

  private:
    Transaction& batch_;
    std::string chain_;
};

auto other_destination() {
    return [](nftnl_rule& rule) {
        const auto address = IpAddress::parse(kGuardedAddress).value();
        add_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, kDestinationOffset, 4);
        add_compare(rule, NFT_CMP_NEQ, address.bytes());
    };
}

auto user(std::uint32_t comparison, std::uint32_t uid) {
    return [=](nftnl_rule& rule) {
        add_meta(rule, NFT_META_SKUID);
        add_compare(rule, comparison, bytes_of(uid));
    };
}

void tcp(nftnl_rule& rule) {
    constexpr std::uint8_t kProtocol = IPPROTO_TCP;
    add_meta(rule, NFT_META_L4PROTO);
    add_compare(rule, NFT_CMP_EQ, {&kProtocol, 1});
}

void not_opening(nftnl_rule& rule) {
    constexpr std::uint8_t kNone = 0;
    add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, kFlagsOffset, 1);
    add_mask(rule, kSyn);
    add_compare(rule, NFT_CMP_EQ, {&kNone, 1});
}

void reset(nftnl_rule& rule) {
    add_reject(rule, NFT_REJECT_TCP_RST, 0);
}

void prohibit(nftnl_rule& rule) {
    add_reject(rule, NFT_REJECT_ICMP_UNREACH, ICMP_PKT_FILTERED);
}

void add_output_rules(Rules rules, const Guard& guard) {
    rules.add({other_destination(), add_accept});
    for (const auto uid : guard.users)
        rules.add({user(NFT_CMP_EQ, uid), add_accept});
    rules.add({tcp, user(NFT_CMP_NEQ, kNobody), reset});
    rules.add({tcp, not_opening, add_accept});
    rules.add({tcp, reset});
    rules.add({prohibit});
}

void add_forward_rules(Rules rules) {
    rules.add({other_destination(), add_accept});
    rules.add({tcp, reset});
    rules.add({prohibit});
}

Message request(std::uint16_t type, std::uint16_t flags) {
    Message message(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type), flags);
    auto& header = message.add_header<nfgenmsg>();
    header.nfgen_family = NFPROTO_IPV4;
    header.version = NFNETLINK_V0;
    return message;
}

void put_text(Message& message, std::uint16_t attribute, const std::string& text) {
    message.put(attribute, {reinterpret_cast<const std::uint8_t*>(text.c_str()), text.size() + 1});
}

Message chain_named(std::uint16_t type, std::uint16_t flags, std::uint16_t table_attribute,
                    std::uint16_t chain_attribute, const std::string& chain) {
    auto message = request(type, flags);
    put_text(message, table_attribute, kGuardTable);
    put_text(message, chain_attribute, chain);
    return message;
}

}  // namespace

std::vector<std::uint8_t> set_guard(const Guard& guard) {
    Transaction batch;
    const auto table = make_table(kGuardTable);
    // One that is not there cannot be deleted: first there is one in any case.
    batch.add(*table);
    batch.remove(*table);
    batch.add(*table);
    for (const auto& hook : kHooks) {
        batch.add(*make_filter_chain(kGuardTable, hook.chain, hook.number));
        Rules rules(batch, hook.chain);
        if (hook.number == NF_INET_LOCAL_OUT) {
            add_output_rules(rules, guard);
        } else {
            add_forward_rules(rules);
        }
    }
    return std::move(batch).finish();
}

std::vector<std::uint8_t> delete_guard() {
    Transaction batch;
    batch.remove(*make_table(kGuardTable));
    return std::move(batch).finish();
}

Message table_request() {
    auto message = request(NFT_MSG_GETTABLE, NLM_F_ACK);
    put_text(message, NFTA_TABLE_NAME, kGuardTable);
    return message;
}

Message chain_request(const std::string& chain) {
    return chain_named(NFT_MSG_GETCHAIN, NLM_F_ACK, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, chain);
}

Message rule_dump(const std::string& chain) {
    return chain_named(NFT_MSG_GETRULE, NLM_F_DUMP, NFTA_RULE_TABLE, NFTA_RULE_CHAIN, chain);
}

const std::vector<std::string>& guard_chains() {
    static const std::vector<std::string> names{kHooks[0].chain, kHooks[1].chain};
    return names;
}

void GuardReading::take(const nlmsghdr& message) {
    if (NFNL_SUBSYS_ID(message.nlmsg_type) != NFNL_SUBSYS_NFTABLES) return;
    switch (NFNL_MSG_TYPE(message.nlmsg_type)) {
        case NFT_MSG_NEWTABLE:
            return take_table(message);
        case NFT_MSG_NEWCHAIN:
            return take_chain(message);
        case NFT_MSG_NEWRULE:
            return take_rule(message);
        default:
            return;
    }
}

void GuardReading::take_table(const nlmsghdr& message) {
    const auto table = read_table(message);
    words_.clear();
    candidate_.users.clear();
    // A dormant table guards nothing.
    words_.push_back(fmt::format("table {} flags {}",
                                 text_of(nftnl_table_get_str(&*table, NFTNL_TABLE_NAME)),
                                 nftnl_table_get_u32(&*table, NFTNL_TABLE_FLAGS)));
}

void GuardReading::take_chain(const nlmsghdr& message) {
    const auto chain = read_chain(message);
    words_.push_back(fmt::format("chain {} type {} hook {} priority {} policy {}",
                                 text_of(nftnl_chain_get_str(&*chain, NFTNL_CHAIN_NAME)),
                                 text_of(nftnl_chain_get_str(&*chain, NFTNL_CHAIN_TYPE)),
                                 nftnl_chain_get_u32(&*chain, NFTNL_CHAIN_HOOKNUM),
                                 nftnl_chain_get_s32(&*chain, NFTNL_CHAIN_PRIO),
                                 nftnl_chain_get_u32(&*chain, NFTNL_CHAIN_POLICY)));
}

void GuardReading::take_rule(const nlmsghdr& message) {
    const auto rule = read_rule(message);
    if (text_of(nftnl_rule_get_str(&*rule, NFTNL_RULE_TABLE)) != kGuardTable) return;
    words_.push_back("rule in " + text_of(nftnl_rule_get_str(&*rule, NFTNL_RULE_CHAIN)));
    bool reads_user = false;
    for_each_expression(*rule, [&](const nftnl_expr& expression) {
        words_.push_back(words_of(expression));
        if (const auto uid = compared_for_equality(expression); reads_user && uid) {
            candidate_.users.push_back(*uid);
        }
        reads_user = reads_meta(expression, NFT_META_SKUID);
    });
}

// Whether they are the rules of a guard shows when those are made anew, and read in the same way.
std::optional<Guard> GuardReading::guard() const {
    const auto bytes = set_guard(candidate_);
    GuardReading expected;
    for_each_message(bytes, [&](const nlmsghdr& message) { expected.take(message); });
    if (words_ != expected.words_) return std::nullopt;
    return candidate_;
}

}  // namespace hcloud::host
