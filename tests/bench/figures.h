// Samples, their order statistics, and where the figures go.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hcloud::bench {

/// `share` of the samples are at most this: 0.5 for the median.
double quantile(std::vector<double> samples, double share);
inline double median(std::vector<double> samples) {
    return quantile(std::move(samples), 0.5);
}

/// Prints the line. With $HCLOUD_FIGURES, a directory, it is also kept there in a file of that
/// name: tests/run.sh prints them at its end.
void publish(const std::string& name, const std::string& line);

/// For EXPECT_TRUE: whether the ratio is at most `limit`. With $HCLOUD_FIGURES_ONLY set to 1 the
/// ratio is printed and not held, because a busy machine says nothing about it.
testing::AssertionResult held(double ratio, double limit);

}  // namespace hcloud::bench
