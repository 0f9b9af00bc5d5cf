#include "actions/host/nftnl.h"

#include "actions/host/network.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

namespace hcloud::host {

namespace {

// libnftnl does not look at the end of the buffer: the longest rule here takes less than half.
constexpr std::size_t kLongestMessage = 1024;
constexpr std::size_t kLongestWords = 256;

template <typename T>
T* checked(T* object) {
    if (object == nullptr) throw std::bad_alloc();
    return object;
}

nftnl_expr* add_expression(nftnl_rule& rule, const char* name) {
    auto* expression = checked(nftnl_expr_alloc(name));
    nftnl_rule_add_expr(&rule, expression);  // which owns it now
    return expression;
}

template <class Object, class Parse>
Object read(Object object, Parse parse, const nlmsghdr& message) {
    checked(object.get());
    if (parse(&message, object.get()) < 0)
        throw Error("nf_tables: an answer makes no sense", errno);
    return object;
}

struct Header {
    std::uint16_t type;
    std::uint16_t flags;
    nlmsghdr* put(char* buffer) const {
        return nftnl_nlmsg_build_hdr(buffer, type, NFPROTO_IPV4, flags, 0);
    }
};

}  // namespace

Table make_table(const std::string& name) {
    Table table(checked(nftnl_table_alloc()));
    nftnl_table_set_str(table.get(), NFTNL_TABLE_NAME, name.c_str());
    nftnl_table_set_u32(table.get(), NFTNL_TABLE_FLAGS, 0);
    return table;
}

Chain make_filter_chain(const std::string& table, const std::string& name, std::uint32_t hook) {
    Chain chain(checked(nftnl_chain_alloc()));
    nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TABLE, table.c_str());
    nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_NAME, name.c_str());
    nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TYPE, "filter");
    nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_HOOKNUM, hook);
    nftnl_chain_set_s32(chain.get(), NFTNL_CHAIN_PRIO, 0);
    nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_POLICY, NF_ACCEPT);
    return chain;
}

Rule make_rule(const std::string& table, const std::string& chain) {
    Rule rule(checked(nftnl_rule_alloc()));
    nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, table.c_str());
    nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain.c_str());
    return rule;
}

void add_meta(nftnl_rule& rule, std::uint32_t key) {
    auto* expression = add_expression(rule, "meta");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_META_KEY, key);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_META_DREG, NFT_REG_1);
}

void add_payload(nftnl_rule& rule, std::uint32_t base, std::uint32_t offset, std::uint32_t size) {
    auto* expression = add_expression(rule, "payload");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_BASE, base);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_LEN, size);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
}

void add_mask(nftnl_rule& rule, std::uint8_t mask) {
    constexpr std::uint8_t kNone = 0;
    auto* expression = add_expression(rule, "bitwise");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_BITWISE_LEN, 1);
    nftnl_expr_set(expression, NFTNL_EXPR_BITWISE_MASK, &mask, 1);
    nftnl_expr_set(expression, NFTNL_EXPR_BITWISE_XOR, &kNone, 1);
}

void add_compare(nftnl_rule& rule, std::uint32_t comparison, std::span<const std::uint8_t> value) {
    auto* expression = add_expression(rule, "cmp");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_CMP_OP, comparison);
    nftnl_expr_set(expression, NFTNL_EXPR_CMP_DATA, value.data(),
                   static_cast<std::uint32_t>(value.size()));
}

void add_accept(nftnl_rule& rule) {
    auto* expression = add_expression(rule, "immediate");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
    nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_VERDICT, NF_ACCEPT);
}

void add_reject(nftnl_rule& rule, std::uint32_t type, std::uint8_t code) {
    auto* expression = add_expression(rule, "reject");
    nftnl_expr_set_u32(expression, NFTNL_EXPR_REJECT_TYPE, type);
    nftnl_expr_set_u8(expression, NFTNL_EXPR_REJECT_CODE, code);
}

std::vector<std::uint8_t> bytes_of(std::uint32_t value) {
    std::vector<std::uint8_t> bytes(sizeof value);
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

Transaction::Transaction() {
    append([](char* buffer) { return nftnl_batch_begin(buffer, 0); });
}

void Transaction::append(const std::function<nlmsghdr*(char*)>& build) {
    last_ = bytes_.size();
    bytes_.resize(last_ + kLongestMessage);
    const auto* message = build(reinterpret_cast<char*>(bytes_.data() + last_));
    bytes_.resize(last_ + NLMSG_ALIGN(message->nlmsg_len));
}

void Transaction::add(const nftnl_table& table) {
    append([&](char* buffer) {
        auto* message = Header{NFT_MSG_NEWTABLE, NLM_F_CREATE}.put(buffer);
        nftnl_table_nlmsg_build_payload(message, &table);
        return message;
    });
}

void Transaction::remove(const nftnl_table& table) {
    append([&](char* buffer) {
        auto* message = Header{NFT_MSG_DELTABLE, 0}.put(buffer);
        nftnl_table_nlmsg_build_payload(message, &table);
        return message;
    });
}

void Transaction::add(const nftnl_chain& chain) {
    append([&](char* buffer) {
        auto* message = Header{NFT_MSG_NEWCHAIN, NLM_F_CREATE}.put(buffer);
        nftnl_chain_nlmsg_build_payload(message, &chain);
        return message;
    });
}

void Transaction::add(nftnl_rule& rule) {
    append([&](char* buffer) {
        auto* message = Header{NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND}.put(buffer);
        nftnl_rule_nlmsg_build_payload(message, &rule);
        return message;
    });
}

std::vector<std::uint8_t> Transaction::finish() && {
    reinterpret_cast<nlmsghdr*>(bytes_.data() + last_)->nlmsg_flags |= NLM_F_ACK;
    append([](char* buffer) { return nftnl_batch_end(buffer, 0); });
    return std::move(bytes_);
}

Table read_table(const nlmsghdr& message) {
    return read(Table(nftnl_table_alloc()), nftnl_table_nlmsg_parse, message);
}

Chain read_chain(const nlmsghdr& message) {
    return read(Chain(nftnl_chain_alloc()), nftnl_chain_nlmsg_parse, message);
}

Rule read_rule(const nlmsghdr& message) {
    return read(Rule(nftnl_rule_alloc()), nftnl_rule_nlmsg_parse, message);
}

std::string text_of(const char* text) {
    return text != nullptr ? text : "";
}

void for_each_expression(const nftnl_rule& rule,
                         const std::function<void(const nftnl_expr&)>& take) {
    const std::unique_ptr<nftnl_expr_iter, decltype(&nftnl_expr_iter_destroy)> iterator(
        checked(nftnl_expr_iter_create(&rule)), nftnl_expr_iter_destroy);
    while (const auto* expression = nftnl_expr_iter_next(iterator.get()))
        take(*expression);
}

std::string words_of(const nftnl_expr& expression) {
    std::array<char, kLongestWords> words{};
    nftnl_expr_snprintf(words.data(), words.size(), &expression, NFTNL_OUTPUT_DEFAULT, 0);
    return text_of(nftnl_expr_get_str(&expression, NFTNL_EXPR_NAME)) + " " + words.data();
}

bool reads_meta(const nftnl_expr& expression, std::uint32_t key) {
    return text_of(nftnl_expr_get_str(&expression, NFTNL_EXPR_NAME)) == "meta" &&
           nftnl_expr_get_u32(&expression, NFTNL_EXPR_META_KEY) == key;
}

std::optional<std::uint32_t> compared_for_equality(const nftnl_expr& expression) {
    if (text_of(nftnl_expr_get_str(&expression, NFTNL_EXPR_NAME)) != "cmp") return std::nullopt;
    if (nftnl_expr_get_u32(&expression, NFTNL_EXPR_CMP_OP) != NFT_CMP_EQ) return std::nullopt;
    std::uint32_t size = 0;
    std::uint32_t value = 0;
    const void* data = nftnl_expr_get(&expression, NFTNL_EXPR_CMP_DATA, &size);
    if (data == nullptr || size != sizeof value) return std::nullopt;
    std::memcpy(&value, data, sizeof value);
    return value;
}

void for_each_message(std::span<const std::uint8_t> bytes,
                      const std::function<void(const nlmsghdr&)>& take) {
    int left = static_cast<int>(bytes.size());
    const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
        take(*message);
}

}  // namespace hcloud::host
