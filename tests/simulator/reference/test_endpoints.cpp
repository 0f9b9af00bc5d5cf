// Every endpoint of the reference, called in a world with one of everything (world.yaml): its
// status, and the keys and JSON types of its answer. Where these differ on purpose, deviations.json
// says why; a deviation that no longer occurs fails too.
#include "tests/actions/cloud/readers.h"
#include "tests/fixtures/shapes.h"
#include "tests/lab/places.h"
#include "tests/simulator/reference/scenarios.h"
#include "tests/simulator/state/state_file.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using reference::Endpoint;
using shapes::Difference;
using testing::IsEmpty;

const std::vector<std::string> kProfiles{"2025-06", "2026-11"};

std::string here(const std::string& name) {
    return lab::in_source("tests/simulator/reference/" + name);
}

State world(const std::string& profile) {
    State state = load_state_file(here("world.yaml"));
    state.profile = *parse_profile(profile);
    return state;
}

const test::Scenarios& scenarios() {
    static const test::Scenarios all(here("scenarios.json"));
    return all;
}

const std::vector<shapes::Deviation>& deviations() {
    static const auto all = shapes::load_deviations(here("deviations.json"));
    return all;
}

/// The status, or if that is right the shape.
std::set<Difference> differences(const Endpoint& endpoint, const test::Answer& answer) {
    if (answer.status != endpoint.status) return {{"status", std::to_string(answer.status)}};
    if (endpoint.response_samples.empty()) return {};
    return shapes::compare(endpoint.response_samples.front(), json::parse(answer.text));
}

std::vector<Difference> unexplained(const Endpoint& endpoint, const std::string& profile,
                                    const test::Answer& answer) {
    std::vector<Difference> result;
    for (const Difference& difference : differences(endpoint, answer)) {
        const bool explained =
            std::any_of(deviations().begin(), deviations().end(), [&](const auto& deviation) {
                return deviation.covers(endpoint.name(), profile, difference);
            });
        if (!explained) result.push_back(difference);
    }
    return result;
}

class EndpointOfTheReference : public testing::TestWithParam<std::tuple<std::string, Endpoint>> {};

TEST_P(EndpointOfTheReference, AnswersInItsShape) {
    const auto& [profile, endpoint] = GetParam();
    const auto answer = scenarios().run(endpoint, world(profile));
    EXPECT_THAT(unexplained(endpoint, profile, answer), IsEmpty()) << answer.text;
    if (endpoint.response_samples.empty()) {
        EXPECT_EQ(answer.text, "");
    } else {
        EXPECT_EQ(answer.content_type, "application/json");
    }
}

INSTANTIATE_TEST_SUITE_P(, EndpointOfTheReference,
                         testing::Combine(testing::ValuesIn(kProfiles),
                                          testing::ValuesIn(reference::endpoints())),
                         [](const auto& test) {
                             std::string profile = std::get<0>(test.param);
                             std::replace(profile.begin(), profile.end(), '-', '_');
                             return profile + "_" + reference::test_name(std::get<1>(test.param));
                         });

TEST(EndpointsOfTheReference, NeedEveryDeviation) {
    auto unused = deviations();
    for (const std::string& profile : kProfiles) {
        for (const Endpoint& endpoint : reference::endpoints()) {
            const auto answer = scenarios().run(endpoint, world(profile));
            for (const Difference& difference : differences(endpoint, answer)) {
                unused.erase(std::remove_if(unused.begin(), unused.end(),
                                            [&](const auto& deviation) {
                                                return deviation.covers(endpoint.name(), profile,
                                                                        difference);
                                            }),
                             unused.end());
            }
        }
    }
    EXPECT_THAT(unused, IsEmpty());
}

// The agent's own readers get along with what the simulator answers, old and new.
TEST(EndpointsOfTheReference, AreReadByTheAgent) {
    for (const std::string& profile : kProfiles) {
        for (const Endpoint& endpoint : reference::endpoints()) {
            const auto answer = scenarios().run(endpoint, world(profile));
            if (answer.status != endpoint.status || answer.text.empty()) continue;
            const json body = json::parse(answer.text);
            for (const auto& reader : cloud::readers()) {
                if (!body.contains(reader.key) || body[reader.key].is_null()) continue;
                EXPECT_NO_THROW(reader.read(body)) << endpoint.name() << " " << answer.text;
            }
        }
    }
}

TEST(EndpointsOfTheReference, AreTheOnlyOnesNamedHere) {
    std::vector<std::string> known;
    for (const Endpoint& endpoint : reference::endpoints())
        known.push_back(endpoint.name());
    EXPECT_THAT(scenarios().endpoint_names(), testing::Each(testing::AnyOfArray(known)));
}

}  // namespace
}  // namespace hcloud::sim
