#include "actions/host/rtnetlink.h"

#include "actions/host/dump.h"
#include "actions/host/guard_table.h"
#include "actions/host/netlink_socket.h"
#include "actions/host/rtnetlink_build.h"
#include "actions/host/rtnetlink_parse.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <tuple>
#include <utility>

#include <sys/socket.h>
#include <sys/utsname.h>

namespace hcloud::host {

class Rtnetlink::Socket : public RequestSocket {};

namespace {

bool kernel_has_address_protocol() {
    utsname kernel{};
    if (uname(&kernel) != 0) throw Error("uname", errno);
    return release_has_address_protocol(kernel.release);
}

auto order_of(const Address& a) {
    return std::tie(a.link, a.prefix, a.scope, a.protocol, a.no_prefix_route, a.no_dad,
                    a.deprecated);
}

auto order_of(const Route& r) {
    return std::tie(r.destination, r.metric, r.link, r.gateway, r.source, r.scope, r.protocol,
                    r.onlink);
}

template <class Value>
void sort(std::vector<Value>& values) {
    std::sort(values.begin(), values.end(),
              [](const Value& a, const Value& b) { return order_of(a) < order_of(b); });
}

std::vector<Link> observe_links(RequestSocket& socket) {
    auto links = dump_whole<Link>(socket, "links", link_dump(), parse_link);
    std::sort(links.begin(), links.end(),
              [](const Link& a, const Link& b) { return a.index < b.index; });
    return links;
}

std::vector<Route> observe_routes(RequestSocket& socket, int family) {
    const auto parse = [family](const nlmsghdr& message) { return parse_route(message, family); };
    try {
        return dump_whole<Route>(socket, "routes", route_dump(family), parse);
    } catch (const Error& error) {
        // A new namespace has no main table before its first route.
        if (error.code() == ENOENT) return {};
        throw;
    }
}

void observe_addresses(RequestSocket& socket, bool with_protocol, Snapshot& snapshot) {
    bool seen = false;
    for (auto& [address, has_protocol] :
         dump_whole<ParsedAddress>(socket, "addresses", address_dump(), parse_address)) {
        seen = seen || has_protocol;
        if (!with_protocol) address.protocol = 0;
        snapshot.addresses.push_back(address);
    }
    sort(snapshot.addresses);
    // Some distributions carry IFA_PROTO in older kernels; there it is known once an address has
    // one.
    snapshot.has_address_protocol = with_protocol && (seen || kernel_has_address_protocol());
}

bool is_delete(const Change& change) {
    return std::holds_alternative<DeleteAddress>(change) ||
           std::holds_alternative<DeleteRoute>(change);
}

bool is_add(const Change& change) {
    return std::holds_alternative<AddAddress>(change) || std::holds_alternative<AddRoute>(change);
}

bool means_gone(int code) {
    return code == ENODEV || code == EADDRNOTAVAIL || code == ESRCH || code == ENOENT;
}

std::string failure_text(const Ack& ack) {
    auto text = std::generic_category().message(ack.code);
    return ack.text.empty() ? text : text + ": " + ack.text;
}

Outcome outcome_of(const Change& change, const Ack& ack) {
    using Kind = Outcome::Kind;
    if (ack.code == 0) return {};
    if (is_add(change) && ack.code == EEXIST) return {Kind::already, 0, {}};
    if (is_delete(change) && means_gone(ack.code)) return {Kind::gone, 0, {}};
    return {Kind::failed, ack.code, failure_text(ack)};
}

bool is_same_route(const Route& wanted, const Route& other) {
    return other.link == wanted.link && other.destination == wanted.destination &&
           other.gateway == wanted.gateway && other.metric == effective_metric(wanted) &&
           other.protocol == wanted.protocol &&
           (other.scope == wanted.scope || !wanted.destination.address.is_v4());
}

/// The route to be deleted if the kernel might take another one of ours for it: to the kernel, no
/// metric and no gateway mean any.
const Route* loosely_matched(const Change& change) {
    const auto* deletion = std::get_if<DeleteRoute>(&change);
    if (deletion == nullptr) return nullptr;
    const auto& route = deletion->route;
    return effective_metric(route) == 0 || !route.gateway ? &route : nullptr;
}

bool exists(RequestSocket& socket, const Route& route) {
    const auto routes = observe_routes(socket, route.destination.address.family());
    return std::any_of(routes.begin(), routes.end(),
                       [&route](const Route& other) { return is_same_route(route, other); });
}

/// Changes on their way to the kernel: many to a system call, since each costs a round trip
/// otherwise.
class Batch {
  public:
    Batch(RequestSocket& socket, std::span<const Change> changes, std::vector<Outcome>& outcomes)
        : socket_(socket), changes_(changes), outcomes_(outcomes) {}

    void add(std::size_t index, const Message& request) {
        indexes_.push_back(index);
        requests_.push_back(request);
        if (requests_.size() == RequestSocket::kMaxBatch) flush();
    }

    void flush() {
        const auto acks = socket_.exchange(requests_);
        for (std::size_t i = 0; i < acks.size(); ++i) {
            outcomes_[indexes_[i]] = outcome_of(changes_[indexes_[i]], acks[i]);
        }
        indexes_.clear();
        requests_.clear();
    }

  private:
    RequestSocket& socket_;
    std::span<const Change> changes_;
    std::vector<Outcome>& outcomes_;
    std::vector<std::size_t> indexes_;
    std::vector<Message> requests_;
};

std::vector<Outcome> apply_all(RequestSocket& socket, GuardTable& guard,
                               std::span<const Change> changes, bool with_protocol) {
    std::vector<Outcome> outcomes(changes.size());
    Batch batch(socket, changes, outcomes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (is_guard(changes[i])) {
            outcomes[i] = guard.apply(changes[i]);
            continue;
        }
        if (auto reason = refusal(changes[i]); !reason.empty()) {
            outcomes[i] = {Outcome::Kind::failed, EINVAL,
                           failure_text({EINVAL, std::move(reason)})};
            continue;
        }
        if (const Route* route = loosely_matched(changes[i])) {
            batch.flush();  // so that what precedes it is visible
            if (!exists(socket, *route)) {
                outcomes[i].kind = Outcome::Kind::gone;
                continue;
            }
        }
        batch.add(i, build(changes[i], with_protocol));
    }
    batch.flush();
    return outcomes;
}

}  // namespace

Rtnetlink::Rtnetlink(RtnetlinkOptions options)
    : options_(options),
      socket_(std::make_unique<Socket>()),
      guard_(std::make_unique<GuardTable>()) {}

Rtnetlink::~Rtnetlink() = default;

Snapshot Rtnetlink::observe() {
    return with(socket_, [this](RequestSocket& socket) {
        Snapshot snapshot;
        snapshot.links = observe_links(socket);
        observe_addresses(socket, options_.use_address_protocol, snapshot);
        snapshot.routes = observe_routes(socket, AF_INET);
        const auto ipv6 = observe_routes(socket, AF_INET6);
        snapshot.routes.insert(snapshot.routes.end(), ipv6.begin(), ipv6.end());
        sort(snapshot.routes);
        return snapshot;
    });
}

std::vector<Outcome> Rtnetlink::apply(std::span<const Change> changes) {
    return with(socket_, [&](RequestSocket& socket) {
        return apply_all(socket, *guard_, changes, options_.use_address_protocol);
    });
}

GuardState Rtnetlink::observe_guard() {
    return guard_->observe();
}

}  // namespace hcloud::host
