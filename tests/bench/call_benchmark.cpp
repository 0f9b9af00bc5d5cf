// What a call costs: our client against curl, both over TLS on a connection that stays open, in
// turns. curl throws the answer away and we parse it, so a small and a large one are asked for.
#include "actions/cloud/client.h"
#include "tests/bench/cloud_lab.h"
#include "tests/bench/figures.h"

#include <chrono>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hcloud::bench {
namespace {

constexpr int kCalls = 400;  // a series
constexpr std::size_t kSeries = 11;

/// The median time of a call in ms, once the connection stands.
double with_curl(const CloudLab& cloud, const std::string& path) {
    const std::string output = lab::run(fmt::format(
        "curl -sS --noproxy '*' --http1.1 --cacert {} -H 'Authorization: Bearer any' -o "
        "/dev/null -w '%{{time_total}}\\n' '{}/v1{}?n=[0-{}]'",
        cloud.ca_file(), cloud.tls_url(), path, kCalls));
    std::istringstream lines(output);
    std::vector<double> samples;
    for (double seconds = 0; lines >> seconds;)
        samples.push_back(seconds * 1e3);
    EXPECT_EQ(samples.size(), kCalls + 1) << output.substr(0, 500);
    samples.erase(samples.begin());  // has connected
    return median(samples);
}

double with_our_client(const CloudLab& cloud, const std::string& path) {
    cloud::ClientOptions options;
    options.endpoint = cloud.tls_url() + "/v1";
    options.ca_file = cloud.ca_file();
    cloud::Client client(options, cloud::Token("any"));
    std::vector<double> samples;
    for (int i = 0; i <= kCalls; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto answer = client.get(fmt::format("{}?n={}", path, i));
        const auto end = std::chrono::steady_clock::now();
        EXPECT_EQ(answer.size(), 1) << answer.dump();
        samples.push_back(std::chrono::duration<double, std::milli>(end - start).count());
    }
    samples.erase(samples.begin());
    return median(samples);
}

struct Call {
    std::string what;
    std::string path;
    double limit;
};

// What a failover reads, and the largest single resource. The latter takes nlohmann/json about a
// fifth of the time that the whole call takes curl.
const std::vector<Call> kReads = {{"floating IP", "/floating_ips/478", 1.2},
                                  {"server", "/servers/42", 1.5}};

TEST(CallBenchmark, AgainstCurl) {
    const CloudLab cloud;
    for (const auto& [what, path, limit] : kReads) {
        std::vector<double> ratios;
        std::vector<double> ours;
        std::vector<double> curls;
        while (ratios.size() < kSeries) {
            curls.push_back(with_curl(cloud, path));
            ours.push_back(with_our_client(cloud, path));
            ratios.push_back(ours.back() / curls.back());
        }
        publish("call_" + path.substr(1, path.find('/', 1) - 1),
                fmt::format("reading a {} over TLS, warm: {:.2f} times curl's ({:.3f} ms, {:.3f} "
                            "ms)",
                            what, median(ratios), median(ours), median(curls)));
        EXPECT_LE(median(ratios), limit) << what;
    }
}

}  // namespace
}  // namespace hcloud::bench
