// Server types, and where they can be had.
#pragma once

#include "tests/simulator/resources/catalog_kind.h"
#include "tests/simulator/resources/prices.h"

#include <optional>
#include <string>

namespace hcloud::sim {

struct ServerType {
    Id id;
    std::string name;
    int cores;
    double memory;             // GB
    std::int64_t disk;         // GB
    std::string architecture;  // x86 or arm
    std::string cpu_type;      // shared or dedicated
    std::vector<Offer> offers;
    std::optional<Time> unavailable_after;

    /// nullptr where it is not sold.
    const Offer* offer_in(std::string_view location) const;
};

const CatalogKind<ServerType>& server_types();
/// nullptr unless Hetzner has a server type of that name.
const ServerType* find_server_type(const std::string& name);
std::string server_type_names();

/// Sold there, not withdrawn, and not out of stock by the state's options.
bool available(const World& world, const ServerType& type, std::string_view location);

}  // namespace hcloud::sim
