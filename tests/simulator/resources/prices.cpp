#include "tests/simulator/resources/prices.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

constexpr int kTrafficPerTerabyte = 10'000;

std::string written(int ten_thousandths) {
    return fmt::format("{}.{:04}", ten_thousandths / 10'000, ten_thousandths % 10'000);
}

}  // namespace

nlohmann::json price_json(int ten_thousandths) {
    return {{"net", written(ten_thousandths)},
            {"gross", written((ten_thousandths * 119 + 50) / 100)}};
}

nlohmann::json offers_json(const std::vector<Offer>& offers) {
    nlohmann::json prices = nlohmann::json::array();
    for (const auto& [location, price, traffic] : offers) {
        prices.push_back({{"location", location},
                          {"price_hourly", price_json(price.hourly)},
                          {"price_monthly", price_json(price.monthly)},
                          {"included_traffic", traffic},
                          {"price_per_tb_traffic", price_json(kTrafficPerTerabyte)}});
    }
    return prices;
}

}  // namespace hcloud::sim
