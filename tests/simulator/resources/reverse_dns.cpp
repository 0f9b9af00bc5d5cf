#include "tests/simulator/resources/reverse_dns.h"

#include "tests/simulator/host_name.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

constexpr std::size_t kMaxNames = 100;

bool owns(const std::string& owned, const std::string& ip) {
    return shortest(owned) == ip || ipv6_network_contains(owned, ip);
}

}  // namespace

DnsPtrChange read_dns_ptr_change(const Request& request, const std::vector<std::string>& owned) {
    InputFields fields(request);
    DnsPtrChange change;
    change.ip = shortest(fields.required_text("ip"));
    if (!fields.is_null("dns_ptr")) change.name = fields.required_text("dns_ptr");
    if (change.name && !change.name->empty() && !is_host_name(*change.name)) {
        fields.refuse("dns_ptr", "Not a valid domain name.");
    }
    const bool known = std::any_of(owned.begin(), owned.end(),
                                   [&](const auto& mine) { return owns(mine, change.ip); });
    if (!change.ip.empty() && !known) fields.refuse("ip", "Not an address of this resource.");
    fields.finish();
    return change;
}

void require_room(const std::map<std::string, std::string>& names, const DnsPtrChange& change) {
    if (!change.name || names.size() < kMaxNames || names.count(change.ip) != 0) return;
    throw ApiError(403, "resource_limit_exceeded", "reverse DNS limit exceeded",
                   {{"limits", {{{"name", "dns_ptr_limit"}}}}});
}

void apply(std::map<std::string, std::string>& names, const DnsPtrChange& change) {
    if (change.name) {
        names[change.ip] = *change.name;
    } else {
        names.erase(change.ip);
    }
}

}  // namespace hcloud::sim
