// Prices as the API writes them, net and with 19 % VAT.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// In 1/10,000 euro.
struct Price {
    int hourly = 0;
    int monthly = 0;
};

/// Where something can be bought, and how much traffic there is with it.
struct Offer {
    std::string_view location;
    Price price;
    std::int64_t included_traffic = 0;  // bytes
};

/// {"net": "1.0000", "gross": "1.1900"}
nlohmann::json price_json(int ten_thousandths);
/// What a server type's or load balancer type's "prices" holds.
nlohmann::json offers_json(const std::vector<Offer>& offers);

}  // namespace hcloud::sim
