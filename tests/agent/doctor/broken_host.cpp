#include "tests/agent/doctor/broken.h"

#include <atomic>
#include <thread>

#include <signal.h>

namespace hcloud::agent::doctor {

namespace {

using nlohmann::json;

auto commands(const char* text) {
    return [text](Patient&) {
        lab::run(text);
        return std::shared_ptr<void>();
    };
}

class Remover {
  public:
    Remover()
        : thread_([this] {
              while (!stop_)
                  lab::try_run("ip addr del 203.0.113.77/32 dev eth0");
          }) {}
    ~Remover() {
        stop_ = true;
        thread_.join();
    }
    Remover(const Remover&) = delete;
    Remover& operator=(const Remover&) = delete;

  private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

std::shared_ptr<void> contested(Patient& patient) {
    auto remover = std::make_shared<Remover>();
    if (!lab::wait_until([&] {
            return patient.server().status().dump().find("contested") != std::string::npos;
        })) {
        throw std::runtime_error("the agent does not notice: " + patient.server().log());
    }
    return remover;
}

std::shared_ptr<void> wrong_nic(Patient& patient) {
    patient.server().stop_agent(SIGTERM);
    lab::run("ip addr del 10.0.0.3/32 dev eth1; ip addr add 10.0.0.3/32 dev eth2");
    patient.server().start_agent();
    return nullptr;
}

std::shared_ptr<void> list_of_another(Patient& patient, const json& server) {
    patient.server().change_cloud({{"servers", {{"43", {{"name", "web2"}, {"location", "fsn1"}}}}},
                                   {"floating_ips", {{"478", {{"server", server}}}}}});
    patient.reconfigure({{"network", {{"floating_ips", {"203.0.113.77"}}}}});
    return nullptr;
}

}  // namespace

std::vector<Broken> broken_host() {
    return {
        {"NicIsMissing", "nic-missing", Severity::error, "86:00:00:2a:7d:e1",
         commands("ip link del eth2")},
        {"NicIsDown", "nic-down", Severity::error, "eth1", commands("ip link set eth1 down")},
        {"NicIsTooWide", "nic-mtu", Severity::warning, "MTU 1500",
         commands("ip link set eth1 mtu 1500")},
        {"ArpIsIgnored", "arp-silent", Severity::error, "arp_ignore=3",
         commands("echo 3 > /proc/sys/net/ipv4/conf/eth1/arp_ignore")},
        {"StrictRpFilter", "rp-filter", Severity::error, "203.0.113.77",
         commands("ip route del default; ip route add default via 10.0.0.1 dev eth1; "
                  "echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter")},
        {"ConfiguredTwice", "address-twice", Severity::warning, "10.0.0.3/32",
         commands("ip addr add 10.0.0.3/32 dev eth2")},
        {"OnTheWrongNic", "address-wrong-nic", Severity::error, "eth2, but belongs on eth1",
         wrong_nic},
        {"TakenAwayAgainAndAgain", "address-contested", Severity::error, "203.0.113.77", contested},
        {"Ipv6Disabled", "ipv6-disabled", Severity::warning, "2001:db8:77::1",
         commands("echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6")},
        {"FloatingIpOfAnotherServer", "floating-ip-elsewhere", Severity::warning,
         "assigned to server 43", [](Patient& s) { return list_of_another(s, 43); }},
        {"FloatingIpOfNoServer", "floating-ip-elsewhere", Severity::warning,
         "assigned to no server", [](Patient& s) { return list_of_another(s, nullptr); }},
    };
}

}  // namespace hcloud::agent::doctor
