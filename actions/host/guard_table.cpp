#include "actions/host/guard_table.h"

#include "actions/host/dump.h"
#include "actions/host/guard_rules.h"
#include "actions/host/netlink_socket.h"
#include "actions/host/nftnl.h"

#include <cerrno>
#include <system_error>

namespace hcloud::host {

class GuardTable::Socket : public RequestSocket {
  public:
    Socket() : RequestSocket(NETLINK_NETFILTER) {}
};

namespace {

using Kind = GuardState::Kind;

void read_messages(RequestSocket& socket, const Message& request, GuardReading& reading) {
    const auto bytes = until_uninterrupted("rules", [&] { return try_dump(socket, request); });
    for_each_message(bytes, [&](const nlmsghdr& message) { reading.take(message); });
}

/// False if there is no such thing.
bool try_read(RequestSocket& socket, const Message& request, GuardReading& reading) {
    try {
        read_messages(socket, request, reading);
        return true;
    } catch (const Error& error) {
        if (error.code() == ENOENT) return false;
        throw;
    }
}

GuardState read_state(RequestSocket& socket) {
    GuardReading reading;
    if (!try_read(socket, table_request(), reading)) return {Kind::absent, {}, {}};
    for (const auto& chain : guard_chains()) {
        const bool there = try_read(socket, chain_request(chain), reading) &&
                           try_read(socket, rule_dump(chain), reading);
        if (!there) return {Kind::altered, {}, {}};
    }
    const auto guard = reading.guard();
    return guard ? GuardState{Kind::intact, *guard, {}} : GuardState{Kind::altered, {}, {}};
}

/// What an errno means here, where its own text would mislead.
std::string hint(int code) {
    switch (code) {
        case EPERM:
            return " (it takes CAP_NET_ADMIN)";
        case EPROTONOSUPPORT:  // no nfnetlink
        case EINVAL:           // no nf_tables, says a request
        case EOPNOTSUPP:       // no nf_tables, says a transaction
            return " (this kernel has no nf_tables)";
        case ENOENT:
            return " (this kernel lacks a part of nf_tables: meta, payload, bitwise or reject)";
        default:
            return {};
    }
}

Outcome guard_outcome(const Change& change, const Ack& ack) {
    if (ack.code == 0) return {};
    if (ack.code == ENOENT && std::holds_alternative<DeleteGuard>(change)) {
        return {Outcome::Kind::gone, 0, {}};
    }
    const auto text = std::generic_category().message(ack.code) + hint(ack.code);
    return {Outcome::Kind::failed, ack.code, ack.text.empty() ? text : text + ": " + ack.text};
}

std::vector<std::uint8_t> transaction(const Change& change) {
    if (const auto* add = std::get_if<AddGuard>(&change)) return set_guard(add->guard);
    if (const auto* other = std::get_if<ChangeGuard>(&change)) return set_guard(other->guard);
    return delete_guard();
}

}  // namespace

GuardTable::GuardTable() = default;
GuardTable::~GuardTable() = default;

GuardState GuardTable::observe() {
    try {
        return with(socket_, [](RequestSocket& socket) { return read_state(socket); });
    } catch (const Error& error) {
        return {Kind::unseen, {}, std::string(error.what()) + hint(error.code())};
    }
}

Outcome GuardTable::apply(const Change& change) {
    try {
        return with(socket_, [&](RequestSocket& socket) {
            auto messages = transaction(change);
            return guard_outcome(change, socket.transact(messages));
        });
    } catch (const Error& error) {
        return {Outcome::Kind::failed, error.code(), error.what() + hint(error.code())};
    }
}

}  // namespace hcloud::host
