// Samples, their order statistics, and where the figures go.
#pragma once

#include <string>
#include <vector>

namespace hcloud::bench {

/// `share` of the samples are at most this: 0.5 for the median.
double quantile(std::vector<double> samples, double share);
inline double median(std::vector<double> samples) {
    return quantile(std::move(samples), 0.5);
}

/// Of ratios measured side by side: what else runs on a machine only adds to them, so this one is
/// held against the limit. What is printed is the median.
inline double best(const std::vector<double>& ratios) {
    return quantile(ratios, 0);
}

/// Prints the line, and keeps it for tests/run.sh to print at its end.
void publish(const std::string& file, const std::string& line);

}  // namespace hcloud::bench
