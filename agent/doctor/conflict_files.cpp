// Where the managers keep their files, and which of their lines configure addresses. YAML is read
// by yaml-cpp; of the other formats, lines that say so are searched for addresses, and no more is
// understood than that.
#include "agent/doctor/conflicts.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include <yaml-cpp/yaml.h>

namespace hcloud::agent::doctor {

namespace {

namespace fs = std::filesystem;
using Wanted = std::set<host::IpAddress>;

class Search {
  public:
    Search(View& view, const Wanted& wanted) : view_(view), wanted_(wanted) {}

    void yaml(Manager manager, const fs::path& file);
    /// Lines for which `configures(line)`; it is called for each line in order.
    void lines(Manager manager, const fs::path& file,
               const std::function<bool(std::string_view)>& configures);
    std::vector<Place> take() && { return std::move(places_); }

  private:
    void walk(Manager manager, const fs::path& file, const YAML::Node& node, bool addresses);
    void note(Manager manager, const fs::path& file, int line, std::string_view text);

    View& view_;
    const Wanted& wanted_;
    std::vector<Place> places_;
};

// What cloud-init has rendered names it in the file's name (50-cloud-init.yaml,
// 10-cloud-init-eth0.network, cloud-init-eth0.nmconnection).
Manager writer_of(Manager manager, const fs::path& file) {
    const bool rendered = file.filename().string().find("cloud-init") != std::string::npos;
    return rendered ? Manager::cloud_init : manager;
}

void Search::note(Manager manager, const fs::path& file, int line, std::string_view text) {
    const auto prefix = host::Prefix::parse(text);
    if (!prefix || !wanted_.contains(prefix->address)) return;
    Place place{writer_of(manager, file), file.string(), line, prefix->address};
    if (places_.empty() || places_.back() != place) places_.push_back(std::move(place));
}

void Search::walk(Manager manager, const fs::path& file, const YAML::Node& node, bool addresses) {
    if (node.IsScalar() && addresses) note(manager, file, node.Mark().line + 1, node.Scalar());
    if (node.IsSequence()) {
        for (const auto& child : node)
            walk(manager, file, child, addresses);
    }
    if (!node.IsMap()) return;
    for (const auto& child : node) {
        const auto key = child.first.IsScalar() ? child.first.Scalar() : std::string();
        if (key == "nameservers") continue;  // has a list "addresses", too
        // netplan gives an address options as {"10.0.0.3/32": {label: …}}.
        if (addresses) note(manager, file, child.first.Mark().line + 1, key);
        walk(manager, file, child.second, key == "addresses" || key == "address");
    }
}

void Search::yaml(Manager manager, const fs::path& file) {
    const auto text = view_.read(file);
    if (!text) return;
    try {
        for (const auto& document : YAML::LoadAll(*text))
            walk(manager, file, document, false);
    } catch (const YAML::Exception&) {
        return;  // what its own manager cannot read configures nothing
    }
}

void Search::lines(Manager manager, const fs::path& file,
                   const std::function<bool(std::string_view)>& configures) {
    const auto text = view_.read(file);
    if (!text) return;
    constexpr std::string_view kOfAddresses = "0123456789abcdefABCDEF.:/";
    int number = 0;
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\n', at), text->size());
        std::string_view line(text->data() + at, end - at);
        at = end + 1;
        ++number;
        line = line.substr(0, line.find_first_of("#!"));
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos || line[first] == ';') continue;
        line.remove_prefix(first);
        if (!configures(line)) continue;
        for (std::size_t from = 0; from < line.size();) {
            const auto start = line.find_first_of(kOfAddresses, from);
            if (start == std::string_view::npos) break;
            from = std::min(line.find_first_not_of(kOfAddresses, start), line.size());
            note(manager, file, number, line.substr(start, from - start));
        }
    }
}

bool starts_with_any(std::string_view line, std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view start) { return line.starts_with(start); });
}

bool configures_networkd(std::string_view line) {
    return line.starts_with("Address");
}

// "address1=10.0.0.3/32,10.0.0.1" in a keyfile, IPADDR0="10.0.0.3" in an ifcfg one.
bool configures_network_manager(std::string_view line) {
    return starts_with_any(line, {"address", "IPADDR", "IPV6ADDR"});
}

bool configures_ifupdown(std::string_view line) {
    const bool command = starts_with_any(line, {"up ", "pre-up ", "post-up "});
    return line.starts_with("address") || (command && line.find(" add") != std::string_view::npos &&
                                           line.find(" route ") == std::string_view::npos);
}

/// Within virtual_ipaddress { … } alone: peers and virtual servers are other things.
class InVirtualAddresses {
  public:
    bool operator()(std::string_view line) {
        if (line.starts_with("virtual_ipaddress")) inside_ = true;  // also …_excluded
        const bool here = inside_;
        if (line.find('}') != std::string_view::npos) inside_ = false;
        return here;
    }

  private:
    bool inside_ = false;
};

void search_networkd(Search& search, View& view) {
    for (const char* place : {"/etc", "/run", "/usr/local/lib", "/usr/lib"}) {
        const auto directory = fs::path(place) / "systemd/network";
        for (const auto& file : view.files(directory, ".network")) {
            search.lines(Manager::networkd, file, configures_networkd);
        }
        for (const auto& file : view.files(directory, ".conf", true)) {
            search.lines(Manager::networkd, file, configures_networkd);
        }
    }
}

void search_netplan(Search& search, View& view) {
    for (const char* place : {"/etc/netplan", "/run/netplan", "/usr/lib/netplan"}) {
        for (const auto& file : view.files(place, ".yaml"))
            search.yaml(Manager::netplan, file);
    }
}

void search_network_manager(Search& search, View& view) {
    for (const char* place :
         {"/etc/NetworkManager", "/run/NetworkManager", "/usr/lib/NetworkManager"}) {
        for (const auto& file : view.files(fs::path(place) / "system-connections", "")) {
            search.lines(Manager::network_manager, file, configures_network_manager);
        }
    }
    for (const auto& file : view.files("/etc/sysconfig/network-scripts", "")) {
        search.lines(Manager::network_manager, file, configures_network_manager);
    }
}

void search_ifupdown(Search& search, View& view) {
    search.lines(Manager::ifupdown, "/etc/network/interfaces", configures_ifupdown);
    for (const auto& file : view.files("/etc/network/interfaces.d", "")) {
        search.lines(Manager::ifupdown, file, configures_ifupdown);
    }
}

bool disables_network(const std::string& text) {
    try {
        const auto network = YAML::Load(text)["network"];
        return network.IsMap() && network["config"].IsScalar() &&
               network["config"].Scalar() == "disabled";
    } catch (const YAML::Exception&) {
        return false;
    }
}

/// What it has rendered earlier stays, and is found among the files of whom it was rendered for.
void search_cloud_init(Search& search, View& view) {
    auto files = view.files("/etc/cloud/cloud.cfg.d", ".cfg");
    files.insert(files.begin(), "/etc/cloud/cloud.cfg");
    const bool disabled = std::any_of(files.begin(), files.end(), [&](const fs::path& file) {
        return disables_network(view.read(file).value_or(""));
    });
    if (disabled) return;
    for (const auto& file : files)
        search.yaml(Manager::cloud_init, file);
}

}  // namespace

std::vector<Place> find_places(View& view, const Wanted& wanted) {
    Search search(view, wanted);
    search_netplan(search, view);
    search_networkd(search, view);
    search_network_manager(search, view);
    search_ifupdown(search, view);
    search_cloud_init(search, view);
    for (const auto& file : view.files("/etc/keepalived", ".conf", true)) {
        search.lines(Manager::keepalived, file, InVirtualAddresses());
    }
    return std::move(search).take();
}

}  // namespace hcloud::agent::doctor
