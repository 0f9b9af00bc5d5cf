// GET /servers/{id}/metrics
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class ServerMetrics : public testing::Test {
  protected:
    Outcome ask(const std::string& query) { return project_.get("/servers/42/metrics?" + query); }
    json metrics(const std::string& query) { return ask(query).body.at("metrics"); }

    Project project_{"servers: {42: {}}"};
};

constexpr const char* kHour = "&start=2026-11-23T11:00:00Z&end=2026-11-23T12:00:00Z";

std::vector<std::string> names(const json& metrics) {
    std::vector<std::string> keys;
    for (const auto& item : metrics.at("time_series").items())
        keys.push_back(item.key());
    return keys;
}

TEST_F(ServerMetrics, HaveASeriesForEachTypeAskedFor) {
    EXPECT_THAT(names(metrics(std::string("type=cpu") + kHour)), ElementsAre("cpu"));
    const auto both = ElementsAre("cpu", "network.0.bandwidth.in", "network.0.bandwidth.out",
                                  "network.0.pps.in", "network.0.pps.out");
    EXPECT_THAT(names(metrics(std::string("type=cpu,network") + kHour)), both);
    EXPECT_THAT(names(metrics(std::string("type=cpu&type=network") + kHour)), both);
    EXPECT_THAT(names(metrics(std::string("type=disk") + kHour)), testing::SizeIs(4));
}

TEST_F(ServerMetrics, AreTimesInSecondsAndValuesAsText) {
    const json answer = metrics(std::string("type=cpu&step=60") + kHour);
    EXPECT_EQ(answer["start"], "2026-11-23T11:00:00Z");
    EXPECT_EQ(answer["end"], "2026-11-23T12:00:00Z");
    EXPECT_EQ(answer["step"], 60);
    const json values = answer["time_series"]["cpu"]["values"];
    ASSERT_EQ(values.size(), 60U);
    EXPECT_EQ(values[1][0], 1795431660.0);
    EXPECT_TRUE(values[0][1].is_string());
    EXPECT_NE(values[0][1], values[1][1]) << "not flat";
    EXPECT_EQ(metrics(std::string("type=cpu&step=60") + kHour), answer) << "the same again";
}

TEST_F(ServerMetrics, HaveAtMost200SamplesOr500IfAStepIsGiven) {
    const std::string month = "&start=2026-10-23T12:00:00Z&end=2026-11-22T12:00:00Z";
    EXPECT_EQ(metrics("type=cpu" + month)["time_series"]["cpu"]["values"].size(), 200U);
    const json fine = metrics("type=cpu&step=1" + month);
    EXPECT_EQ(fine["time_series"]["cpu"]["values"].size(), 500U);
    EXPECT_GT(fine["step"], 1);
}

TEST_F(ServerMetrics, TakeTimesWithAnOffset) {
    const json answer = metrics(
        "type=cpu&start=2026-11-23T12:00:00.5+01:00&end=2026-11-23T11:00:00-01:00&step=600");
    EXPECT_EQ(answer["start"], "2026-11-23T11:00:00Z");
    EXPECT_EQ(answer["end"], "2026-11-23T12:00:00Z");
}

TEST_F(ServerMetrics, TakeALongTimeButNoEndlessOne) {
    EXPECT_LE(
        metrics("type=cpu&start=1970-01-01T00:00:00Z&end=2255-01-01T00:00:00Z")["time_series"]
                                                                               ["cpu"]["values"]
                                                                                   .size(),
        500U);
    EXPECT_EQ(ask("type=cpu&start=1970-01-01T00:00:00Z&end=2262-04-11T23:47:16Z").fields().at(0),
              "end");
}

TEST_F(ServerMetrics, RefuseABadQuery) {
    const auto field = [&](const std::string& query) {
        const Outcome outcome = ask(query);
        EXPECT_EQ(outcome.status, 422) << query;
        return outcome.fields().at(0);
    };
    EXPECT_EQ(field(std::string("type=memory") + kHour), "type");
    EXPECT_EQ(field(kHour), "type");
    EXPECT_EQ(field("type=cpu&end=2026-11-23T12:00:00Z"), "start");
    EXPECT_EQ(field("type=cpu&start=yesterday&end=2026-11-23T12:00:00Z"), "start");
    EXPECT_EQ(field("type=cpu&start=2026-11-23T12:00:00Z&end=2026-11-23T11:00:00Z"), "end");
    EXPECT_EQ(field(std::string("type=cpu&step=0") + kHour), "step");
    EXPECT_EQ(project_.get(std::string("/servers/9/metrics?type=cpu") + kHour).status, 404);
}

}  // namespace
}  // namespace hcloud::sim
