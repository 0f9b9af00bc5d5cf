#include "actions/cloud/dns_ptr.h"

#include "actions/cloud/changes.h"

#include <algorithm>

namespace hcloud::cloud {

Action change_dns_ptr(Client& client, const std::string& resource_path, const DnsPtrChange& wanted,
                      const ReadDnsPtrs& read, const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        if (!wanted.name) return false;  // nobody says what the provider's would be
        const auto entries = read(reading);
        return std::find(entries.begin(), entries.end(), DnsPtr{wanted.ip, *wanted.name}) !=
               entries.end();
    };
    nlohmann::json body{{"ip", wanted.ip}, {"dns_ptr", nullptr}};
    if (wanted.name) body["dns_ptr"] = *wanted.name;
    return start(client, {resource_path + "/actions/change_dns_ptr", body, "change_dns_ptr", made},
                 options);
}

}  // namespace hcloud::cloud
