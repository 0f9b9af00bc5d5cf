// What lists can be asked for: each value that the reference allows, and no other sort field.
#include "tests/fixtures/reference.h"
#include "tests/lab/places.h"
#include "tests/simulator/state/state_file.h"
#include "tests/simulator/test_project.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using reference::Endpoint;
using reference::Field;

const std::vector<std::string> kSortFields{"command", "created", "finished", "id",
                                           "name",    "started", "status",   "type"};

bool is_list(const Endpoint& endpoint) {
    const auto& query = endpoint.query;
    return endpoint.method == "GET" && endpoint.path.find('{') == std::string::npos &&
           std::any_of(query.begin(), query.end(),
                       [](const Field& field) { return field.name == "page"; });
}

std::vector<Endpoint> lists() {
    std::vector<Endpoint> found;
    for (const Endpoint& endpoint : reference::endpoints()) {
        if (is_list(endpoint)) found.push_back(endpoint);
    }
    return found;
}

class ListOfTheReference : public testing::TestWithParam<Endpoint> {
  protected:
    int ask(const std::string& name, const std::string& value) {
        return project_.get(GetParam().path + "?" + name + "=" + value).status;
    }

    static State world() {
        State state = load_state_file(lab::in_source("tests/simulator/reference/world.yaml"));
        state.profile = Profile::of_2025_06;  // that of the reference
        return state;
    }

    test::Project project_{world()};
};

TEST_P(ListOfTheReference, TakesTheQueriesOfTheReference) {
    EXPECT_EQ(project_.get(GetParam().path).status, 200);
    std::set<std::string> sortable;
    for (const Field& field : GetParam().query) {
        for (const json& value : field.allowed) {
            EXPECT_EQ(ask(field.name, value), 200) << field.name << "=" << value;
            if (field.name == "sort") sortable.insert(value);
        }
    }
    if (sortable.empty()) return;  // the reference does not say that it can be sorted
    for (const std::string& field : kSortFields)
        EXPECT_EQ(ask("sort", field), sortable.count(field) != 0 ? 200 : 422) << field;
}

INSTANTIATE_TEST_SUITE_P(, ListOfTheReference, testing::ValuesIn(lists()),
                         [](const auto& test) { return reference::test_name(test.param); });

}  // namespace
}  // namespace hcloud::sim
