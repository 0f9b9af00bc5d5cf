#include "tests/simulator/resources/dns_ptr.h"

#include "tests/simulator/values.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::sim {

std::string standard_dns_ptr(const std::string& ipv4) {
    const std::uint32_t address = parse_ipv4(ipv4).value_or(0);
    return fmt::format("static.{}.{}.{}.{}.clients.your-server.de", address & 0xffU,
                       address >> 8 & 0xffU, address >> 16 & 0xffU, address >> 24);
}

nlohmann::json dns_ptr_json(const std::string& ip, const std::map<std::string, std::string>& set) {
    auto entries = nlohmann::json::array();
    for (const auto& [address, name] : set)
        entries.push_back({{"ip", address}, {"dns_ptr", name}});
    if (entries.empty() && parse_ipv4(ip)) {
        entries.push_back({{"ip", ip}, {"dns_ptr", standard_dns_ptr(ip)}});
    }
    return entries;
}

}  // namespace hcloud::sim
