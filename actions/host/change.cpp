#include "actions/host/change.h"

#include <fmt/format.h>

namespace hcloud::host {

namespace {

std::string scope_words(Scope scope) {
    switch (scope) {
        case Scope::universe:
            return "";  // what ip assumes
        case Scope::site:
            return " scope site";
        case Scope::link:
            return " scope link";
        case Scope::host:
            return " scope host";
        case Scope::nowhere:
            return " scope nowhere";
    }
    return fmt::format(" scope {}", static_cast<int>(scope));  // the kernel takes any number
}

class Describer {
  public:
    explicit Describer(const std::string& link) : link_(link) {}

    std::string operator()(const SetLinkUp& /*change*/) const {
        return fmt::format("link set {} up", link_);
    }
    std::string operator()(const SetLinkMtu& change) const {
        return fmt::format("link set {} mtu {}", link_, change.mtu);
    }
    std::string operator()(const AddAddress& change) const {
        return "address add " + words(change.address);
    }
    std::string operator()(const DeleteAddress& change) const {
        const auto& address = change.address;
        return fmt::format("address delete {} dev {}", address.prefix.to_string(), link_);
    }
    std::string operator()(const AddRoute& change) const {
        return "route add " + words(change.route);
    }
    std::string operator()(const DeleteRoute& change) const {
        return "route delete " + words(change.route);
    }
    std::string operator()(const AddGuard& change) const {
        return "guard add " + describe(change.guard);
    }
    std::string operator()(const ChangeGuard& change) const {
        return "guard change " + describe(change.guard);
    }
    std::string operator()(const DeleteGuard& /*change*/) const {
        return fmt::format("guard delete {}", kGuardedAddress);
    }

  private:
    std::string words(const Address& address) const {
        return fmt::format("{} dev {}{}{}{}{}", address.prefix.to_string(), link_,
                           scope_words(address.scope), address.no_dad ? " nodad" : "",
                           address.no_prefix_route ? " noprefixroute" : "",
                           address.deprecated ? " preferred_lft 0" : "");
    }

    std::string words(const Route& route) const {
        const auto& to = route.destination;
        std::string text = to.length == 0 ? "default" : to.to_string();
        if (route.gateway) text += " via " + route.gateway->to_string();
        if (route.link != 0) text += " dev " + link_;
        text += scope_words(route.scope);
        if (route.source) text += " src " + route.source->to_string();
        if (route.metric != 0) text += fmt::format(" metric {}", route.metric);
        if (route.onlink) text += " onlink";
        return text;
    }

    const std::string& link_;
};

struct LinkOf {
    int operator()(const SetLinkUp& change) const { return change.link; }
    int operator()(const SetLinkMtu& change) const { return change.link; }
    int operator()(const AddAddress& change) const { return change.address.link; }
    int operator()(const DeleteAddress& change) const { return change.address.link; }
    int operator()(const AddRoute& change) const { return change.route.link; }
    int operator()(const DeleteRoute& change) const { return change.route.link; }
    int operator()(const GuardChange auto& /*change*/) const { return 0; }
};

}  // namespace

bool is_guard(const Change& change) {
    return std::visit([]<typename T>(const T&) { return GuardChange<T>; }, change);
}

std::string describe(const Change& change, const std::string& link) {
    return std::visit(Describer(link), change);
}

std::string describe(const Change& change, const Snapshot& snapshot) {
    return describe(change, link_name(change, snapshot));
}

std::string link_name(const Change& change, const Snapshot& snapshot) {
    if (is_guard(change)) return {};
    const int index = std::visit(LinkOf{}, change);
    const Link* link = snapshot.link(index);
    return link != nullptr ? link->name : fmt::format("link {}", index);
}

}  // namespace hcloud::host
