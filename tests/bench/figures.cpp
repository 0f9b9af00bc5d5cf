#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace hcloud::bench {

double quantile(std::vector<double> samples, double share) {
    std::sort(samples.begin(), samples.end());
    const auto rank = std::ceil(share * static_cast<double>(samples.size()));
    return samples.at(static_cast<std::size_t>(std::max(rank, 1.0)) - 1);
}

void publish(const std::string& file, const std::string& line) {
    std::cout << line << std::endl;
    std::ofstream(std::filesystem::path(HCLOUD_FIGURES) / file) << line << "\n";
}

}  // namespace hcloud::bench
