// POST …/actions/change_dns_ptr
#pragma once

#include "tests/simulator/resources/kind.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct DnsPtrChange {
    std::string ip;                   // IPv6 in its shortest form
    std::optional<std::string> name;  // none: back to what it was at first
};

/// Reads the body. `owned`: addresses and IPv6 /64 networks, of which `ip` must be one or be in
/// one. Throws ApiError.
DnsPtrChange read_dns_ptr_change(const Request& request, const std::vector<std::string>& owned);

/// Throws ApiError if that many names are no longer allowed.
void require_room(const std::map<std::string, std::string>& names, const DnsPtrChange& change);

void apply(std::map<std::string, std::string>& names, const DnsPtrChange& change);

/// For kinds with `ip` and `dns_ptr`.
template <typename T>
void add_reverse_dns(Router& router, const Kind<T>& kind) {
    router.add("POST", "/v1/" + kind.plural + "/{id}/actions/change_dns_ptr",
               [&kind](World& world, const Request& request) {
                   const Id id = path_id(request);
                   const T& entry = require(world, kind, id);
                   const DnsPtrChange change = read_dns_ptr_change(request, {entry.ip});
                   require_idle(world, kind, id);
                   require_room(entry.dns_ptr, change);
                   return created(world, {.command = "change_dns_ptr",
                                          .resources = {{id, kind.singular}},
                                          .effect = on<T>(kind, id, [=](T& changed) {
                                              apply(changed.dns_ptr, change);
                                          })});
               });
}

}  // namespace hcloud::sim
