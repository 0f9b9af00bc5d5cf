// Private to this folder: objects of libnftnl that free themselves, and how they are filled, sent
// and read. All of family ip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <libmnl/libmnl.h>

namespace hcloud::host {

struct FreeNftnl {
    void operator()(nftnl_table* table) const { nftnl_table_free(table); }
    void operator()(nftnl_chain* chain) const { nftnl_chain_free(chain); }
    void operator()(nftnl_rule* rule) const { nftnl_rule_free(rule); }
};
using Table = std::unique_ptr<nftnl_table, FreeNftnl>;
using Chain = std::unique_ptr<nftnl_chain, FreeNftnl>;
using Rule = std::unique_ptr<nftnl_rule, FreeNftnl>;

Table make_table(const std::string& name);
/// A base chain of type filter, priority filter, policy accept; `hook` is one of NF_INET_….
Chain make_filter_chain(const std::string& table, const std::string& name, std::uint32_t hook);
Rule make_rule(const std::string& table, const std::string& chain);

/// Expressions at the end of a rule. What is loaded goes into the one register that is compared.
void add_meta(nftnl_rule& rule, std::uint32_t key);
void add_payload(nftnl_rule& rule, std::uint32_t base, std::uint32_t offset, std::uint32_t size);
void add_mask(nftnl_rule& rule, std::uint8_t mask);
void add_compare(nftnl_rule& rule, std::uint32_t comparison, std::span<const std::uint8_t> value);
void add_accept(nftnl_rule& rule);
void add_reject(nftnl_rule& rule, std::uint32_t type, std::uint8_t code);

/// In the machine's byte order.
std::vector<std::uint8_t> bytes_of(std::uint32_t value);

/// Messages that take effect together or not at all. The last one asks for an answer.
class Transaction {
  public:
    Transaction();
    void add(const nftnl_table& table);
    void add(const nftnl_chain& chain);
    void add(nftnl_rule& rule);  // after those that are there
    void remove(const nftnl_table& table);
    std::vector<std::uint8_t> finish() &&;

  private:
    void append(const std::function<nlmsghdr*(char*)>& build);

    std::vector<std::uint8_t> bytes_;
    std::size_t last_ = 0;  // where the latest message begins
};

/// Throw host::Error for a message that cannot be understood.
Table read_table(const nlmsghdr& message);
Chain read_chain(const nlmsghdr& message);
Rule read_rule(const nlmsghdr& message);

std::string text_of(const char* text);  // empty for a null pointer
void for_each_expression(const nftnl_rule& rule,
                         const std::function<void(const nftnl_expr&)>& take);
/// In libnftnl's words: the same for the same expression, in one process.
std::string words_of(const nftnl_expr& expression);
bool reads_meta(const nftnl_expr& expression, std::uint32_t key);
/// What a "cmp eq" of four bytes compares with.
std::optional<std::uint32_t> compared_for_equality(const nftnl_expr& expression);

void for_each_message(std::span<const std::uint8_t> bytes,
                      const std::function<void(const nlmsghdr&)>& take);

}  // namespace hcloud::host
