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
    explicit Describer(const Snapshot& snapshot) : snapshot_(snapshot) {}

    std::string operator()(const SetLinkUp& change) const {
        return fmt::format("link set {} up", link(change.link));
    }
    std::string operator()(const SetLinkMtu& change) const {
        return fmt::format("link set {} mtu {}", link(change.link), change.mtu);
    }
    std::string operator()(const AddAddress& change) const {
        return "address add " + words(change.address);
    }
    std::string operator()(const DeleteAddress& change) const {
        const auto& address = change.address;
        return fmt::format("address delete {} dev {}", address.prefix.to_string(),
                           link(address.link));
    }
    std::string operator()(const AddRoute& change) const {
        return "route add " + words(change.route);
    }
    std::string operator()(const DeleteRoute& change) const {
        return "route delete " + words(change.route);
    }

  private:
    std::string link(int index) const {
        const Link* link = snapshot_.link(index);
        return link != nullptr ? link->name : fmt::format("link {}", index);
    }

    std::string words(const Address& address) const {
        return fmt::format("{} dev {}{}{}{}{}", address.prefix.to_string(), link(address.link),
                           scope_words(address.scope), address.no_dad ? " nodad" : "",
                           address.no_prefix_route ? " noprefixroute" : "",
                           address.deprecated ? " preferred_lft 0" : "");
    }

    std::string words(const Route& route) const {
        const auto& to = route.destination;
        std::string text = to.length == 0 ? "default" : to.to_string();
        if (route.gateway) text += " via " + route.gateway->to_string();
        if (route.link != 0) text += " dev " + link(route.link);
        text += scope_words(route.scope);
        if (route.source) text += " src " + route.source->to_string();
        if (route.metric != 0) text += fmt::format(" metric {}", route.metric);
        if (route.onlink) text += " onlink";
        return text;
    }

    const Snapshot& snapshot_;
};

}  // namespace

std::string describe(const Change& change, const Snapshot& snapshot) {
    return std::visit(Describer(snapshot), change);
}

}  // namespace hcloud::host
