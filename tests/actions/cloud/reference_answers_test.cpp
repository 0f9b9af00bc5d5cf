// Every typed reader against every sample of the reference, as it stands there and as the API has
// answered since, or may one day.
#include "actions/cloud/fields.h"
#include "tests/actions/cloud/readers.h"
#include "tests/fixtures/reference.h"

#include <algorithm>
#include <functional>
#include <map>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using nlohmann::json;
using reference::Endpoint;

/// Calls `change` for each object in the document, inner ones first.
void each_object(json& value, const std::function<void(json&)>& change) {
    if (!value.is_structured()) return;
    for (json& inner : value)
        each_object(inner, change);
    if (value.is_object()) change(value);
}

bool is_labels(const json& object) {
    return std::all_of(object.begin(), object.end(), [](const json& v) { return v.is_string(); });
}

/// December 2025: "Z"; July 2026: location instead of datacenter.
json of_2026(json answer) {
    static const std::regex kOld(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)");
    each_object(answer, [](json& object) {
        for (json& value : object) {
            if (!value.is_string()) continue;
            const auto text = value.get<std::string>();
            if (std::regex_match(text, kOld)) value = text.substr(0, text.size() - 6) + "Z";
        }
        if (object.contains("datacenter") && object["datacenter"].is_object()) {
            object["location"] = object["datacenter"].at("location");
            object.erase("datacenter");
        }
    });
    return answer;
}

/// Keys that nobody knows yet; no meta.
json with_unknown_keys(json answer) {
    each_object(answer, [](json& object) {
        if (is_labels(object) && !object.empty()) return;
        object["brand_new"] = {{"list", {1, "x", nullptr}}};
    });
    answer.erase("meta");
    return answer;
}

/// Enums have values that nobody knows yet.
json with_unknown_values(json answer) {
    each_object(answer, [](json& object) {
        for (const char* key : {"status", "type", "assignee_type", "protocol", "command"}) {
            if (object.contains(key) && object[key].is_string()) object[key] = "brand_new";
        }
    });
    return answer;
}

/// Without any list but the outermost, and without public addresses.
json sparse(json answer) {
    each_object(answer, [&](json& object) {
        if (&object == &answer) return;
        for (auto item = object.begin(); item != object.end();)
            item = item->is_array() ? object.erase(item) : std::next(item);
        for (const char* key : {"ipv4", "ipv6"}) {
            if (object.contains(key)) object[key] = nullptr;
        }
    });
    return answer;
}

struct Variant {
    const char* name;
    json (*make)(json);
    bool reads_the_same;
};

const std::vector<Variant> kVariants{
    {"as_is", [](json answer) { return answer; }, true},
    {"of_2026", of_2026, true},
    {"with_unknown_keys", with_unknown_keys, true},
    {"with_unknown_values", with_unknown_values, false},
    {"sparse", sparse, false},
};

/// The readers that have something to read in the sample; those in "next_actions" are actions, too.
std::map<const Reader*, json> readable(const json& sample) {
    std::map<const Reader*, json> found;
    for (const Reader& reader : readers()) {
        const auto value = sample.find(reader.key);
        if (value != sample.end() && !value->is_null()) found[&reader] = sample;
        if (reader.key == "actions" && sample.contains("next_actions"))
            found[&reader] = {{"actions", sample["next_actions"]}};
    }
    return found;
}

std::vector<Endpoint> readable_endpoints() {
    std::vector<Endpoint> found;
    for (const Endpoint& endpoint : reference::endpoints()) {
        if (!endpoint.response_samples.empty() && !readable(endpoint.response_samples[0]).empty())
            found.push_back(endpoint);
    }
    return found;
}

class AnswerOfTheReference : public testing::TestWithParam<Endpoint> {};

TEST_P(AnswerOfTheReference, IsRead) {
    for (const auto& [reader, sample] : readable(GetParam().response_samples[0])) {
        for (const Variant& variant : kVariants) {
            SCOPED_TRACE(reader->key + " " + variant.name);
            const json answer = variant.make(sample);
            EXPECT_NO_THROW(reader->read(answer));
            if (variant.reads_the_same) {
                EXPECT_TRUE(reader->same(answer, sample));
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, AnswerOfTheReference, testing::ValuesIn(readable_endpoints()),
                         [](const auto& test) { return reference::test_name(test.param); });

TEST(AnswersOfTheReference, AreThereForEachReader) {
    std::map<std::string, int> count;
    for (const Endpoint& endpoint : readable_endpoints()) {
        for (const auto& [reader, sample] : readable(endpoint.response_samples[0]))
            ++count[reader->key];
    }
    // One for GET, POST and PUT each, and the list; nearly every other POST starts an action.
    const std::map<std::string, int> expected{
        {"action", 80},        {"actions", 24},    {"firewall", 3}, {"firewalls", 1},
        {"floating_ip", 3},    {"network", 3},     {"networks", 1}, {"floating_ips", 1},
        {"load_balancer", 3},  {"server", 3},      {"servers", 1},  {"primary_ip", 3},
        {"load_balancers", 1}, {"primary_ips", 1}, {"volume", 3},   {"volumes", 1}};
    EXPECT_EQ(count, expected);
}

/// "server.private_net[0].ip" of "/server/private_net/0/ip"
std::string dotted(const json::json_pointer& pointer) {
    static const std::regex kIndex(R"(\.(\d+)(?=\.|$))");
    std::string path;
    for (auto at = pointer; !at.empty(); at.pop_back())
        path = "." + at.back() + path;
    return std::regex_replace(path, kIndex, "[$1]").substr(1);
}

/// Every place in the document, the outermost excepted.
std::vector<json::json_pointer> places(const json& document) {
    std::vector<json::json_pointer> found;
    const std::function<void(const json&, const json::json_pointer&)> walk =
        [&](const json& value, const json::json_pointer& at) {
            if (!at.empty()) found.push_back(at);
            if (value.is_object()) {
                for (const auto& [key, inner] : value.items())
                    walk(inner, at / key);
            } else if (value.is_array()) {
                for (std::size_t i = 0; i < value.size(); ++i)
                    walk(value[i], at / i);
            }
        };
    walk(document, json::json_pointer());
    return found;
}

const Reader& reader_of(const std::string& key) {
    return *std::find_if(readers().begin(), readers().end(),
                         [&](const Reader& reader) { return reader.key == key; });
}

class WrongTypes : public testing::TestWithParam<const char*> {};

// One place at a time, with everything that does not belong there: read all the same, since nobody
// needs what stands there, or refused by the name of the place.
TEST_P(WrongTypes, AreNamedByTheirPath) {
    const std::string key = GetParam();
    const json& sample = reference::endpoint("GET", "/" + key + "s/{id}").response_samples[0];
    int refused = 0;
    for (const auto& place : places(sample)) {
        for (const json& wrong :
             {json(1.5), json("x"), json(true), json::array({1}), json::array({json::array()}),
              json::object(), json(nullptr), json(-1)}) {
            json answer = sample;
            answer[place] = wrong;
            try {
                reader_of(key).read(answer);
            } catch (const FieldError& error) {
                ++refused;
                EXPECT_THAT(error.what(), testing::StartsWith(dotted(place))) << wrong;
            }
        }
    }
    EXPECT_GT(refused, 40);
}

INSTANTIATE_TEST_SUITE_P(, WrongTypes,
                         testing::Values("action", "firewall", "floating_ip", "load_balancer",
                                         "network", "primary_ip", "server", "volume"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace hcloud::cloud
