#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace hcloud::bench {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

double quantile(std::vector<double> samples, double share) {
    std::sort(samples.begin(), samples.end());
    const auto rank = std::ceil(share * static_cast<double>(samples.size()));
    return samples.at(static_cast<std::size_t>(std::max(rank, 1.0)) - 1);
}

void publish(const std::string& name, const std::string& line) {
    std::cout << line << std::endl;
    const std::filesystem::path directory = environment("HCLOUD_FIGURES");
    if (directory.empty()) return;
    std::filesystem::create_directories(directory);
    std::ofstream file(directory / name);
    file << line << std::endl;
    if (!file) throw std::runtime_error("cannot write " + (directory / name).string());
}

testing::AssertionResult held(double ratio, double limit) {
    // Not "ratio > limit": a ratio that is no number is not held either.
    const bool within = ratio <= limit;
    const bool only_figures = environment("HCLOUD_FIGURES_ONLY") == "1";
    if (!within && only_figures)
        std::cout << "not held: " << ratio << ", limit " << limit << std::endl;
    return (within || only_figures ? testing::AssertionSuccess() : testing::AssertionFailure())
           << "ratio " << ratio << ", limit " << limit;
}

}  // namespace hcloud::bench
