// What a call costs: our client against curl, both over TLS on a connection that stays open, in
// turns. curl throws the answer away and we parse it. Of a small answer that is part of our cost; what
// nlohmann/json takes for a large one is added to curl's time, so that what is left is ours.
#include "actions/cloud/client.h"
#include "tests/bench/cloud_lab.h"
#include "tests/bench/figures.h"

#include <chrono>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hcloud::bench {
namespace {

constexpr int kCallsPerSeries = 400;
constexpr int kCallSeries = 11;
constexpr double kCallLimit = 1.2;  // times theirs

struct Read {
    std::string what;
    std::string path;
    bool large;
};
// What a failover reads, and the largest single resource.
const std::vector<Read> kReads = {{"floating IP", "/floating_ips/478", false},
                                  {"server", "/servers/42", true}};

/// The median time of a call in ms, once the connection stands.
double with_curl(const CloudLab& cloud, const std::string& path) {
    const std::string output = lab::run(fmt::format(
        "curl -sS --noproxy '*' --http1.1 --cacert {} -H 'Authorization: Bearer any' -o "
        "/dev/null -w '%{{time_total}}\\n' '{}/v1{}?n=[0-{}]'",
        cloud.ca_file(), cloud.tls_url(), path, kCallsPerSeries));
    std::istringstream lines(output);
    std::vector<double> samples;
    for (double seconds = 0; lines >> seconds;)
        samples.push_back(seconds * 1e3);
    EXPECT_EQ(samples.size(), kCallsPerSeries + 1) << output.substr(0, 500);
    samples.erase(samples.begin());  // has connected
    return median(samples);
}

double with_our_client(const CloudLab& cloud, const std::string& path) {
    cloud::ClientOptions options;
    options.endpoint = cloud.tls_url() + "/v1";
    options.ca_file = cloud.ca_file();
    cloud::Client client(options, cloud::Token("any"));
    std::vector<double> samples;
    for (int i = 0; i <= kCallsPerSeries; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto answer = client.get(fmt::format("{}?n={}", path, i));
        const auto end = std::chrono::steady_clock::now();
        EXPECT_EQ(answer.size(), 1) << answer.dump();
        samples.push_back(std::chrono::duration<double, std::milli>(end - start).count());
    }
    samples.erase(samples.begin());
    return median(samples);
}

/// What it takes to make a value of the answer, which curl throws away.
double with_json_library(const CloudLab& cloud, const std::string& path) {
    const std::string body =
        lab::run(fmt::format("curl -sS --fail --noproxy '*' -H 'Authorization: Bearer any' {}/v1{}",
                             cloud.plain_url(), path));
    std::vector<double> samples;
    for (int i = 0; i < kCallsPerSeries; ++i) {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_EQ(nlohmann::json::parse(body).size(), 1);
        const auto end = std::chrono::steady_clock::now();
        samples.push_back(std::chrono::duration<double, std::milli>(end - start).count());
    }
    return median(samples);
}

TEST(CallBenchmark, AgainstCurl) {
    const CloudLab cloud;
    for (const auto& [what, path, large] : kReads) {
        std::vector<double> ratios;
        std::vector<double> ours;
        std::vector<double> curls;
        std::vector<double> parsing;
        for (int series = 0; series < kCallSeries; ++series) {
            curls.push_back(with_curl(cloud, path));
            parsing.push_back(with_json_library(cloud, path));
            ours.push_back(with_our_client(cloud, path));
            ratios.push_back(ours.back() / (curls.back() + (large ? parsing.back() : 0)));
        }
        publish("call_" + path.substr(1, path.find('/', 1) - 1),
                fmt::format("reading a {} over TLS, warm: {:.2f} times what curl {} ({:.3f} ms, "
                            "{:.3f} ms; parsing the answer {:.3f} ms)",
                            what, median(ratios), large ? "and parsing take" : "takes",
                            median(ours), median(curls), median(parsing)));
        EXPECT_TRUE(held(median(ratios), kCallLimit)) << what;
    }
}

}  // namespace
}  // namespace hcloud::bench
