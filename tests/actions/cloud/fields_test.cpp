// What the JSON of an answer is taken for, and how a misfit is named.
#include "actions/cloud/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class FieldsTest : public testing::Test {
  protected:
    Fields fields(const std::string& text) {
        document_ = json::parse(text);
        return {document_, "server"};
    }

    template <typename Read>
    std::string refusal(const std::string& text, Read read) {
        const auto object = fields(text);
        try {
            read(object);
        } catch (const FieldError& error) {
            return error.what();
        }
        return "was accepted";
    }

    json document_;
};

TEST_F(FieldsTest, MissingAndNullAreTheSameWhereBothAreAllowed) {
    const auto empty = fields(R"({"n": null})");
    for (const char* key : {"n", "missing"}) {
        EXPECT_EQ(empty.id(key), std::nullopt);
        EXPECT_EQ(empty.text(key), std::nullopt);
        EXPECT_EQ(empty.boolean(key), std::nullopt);
        EXPECT_EQ(empty.number(key), std::nullopt);
        EXPECT_EQ(empty.integer(key), std::nullopt);
        EXPECT_EQ(empty.timestamp(key), std::nullopt);
        EXPECT_EQ(empty.labels(key), std::nullopt);
        EXPECT_EQ(empty.ids(key), std::nullopt);
        EXPECT_EQ(empty.texts(key), std::nullopt);
        EXPECT_FALSE(empty.object(key));
        EXPECT_FALSE(empty.list(key));
    }
}

TEST_F(FieldsTest, IdsHaveAtLeast52Bits) {
    const auto ids = fields(R"({"a": 4503599627370495, "b": 9223372036854775807, "c": 0})");
    EXPECT_EQ(ids.id("a"), 4503599627370495);
    EXPECT_EQ(ids.id("b"), 9223372036854775807);
    EXPECT_EQ(ids.id("c"), 0);
}

TEST_F(FieldsTest, WholeNumbersMayComeWithAPoint) {
    const auto numbers = fields(R"({"a": 42.0, "b": 42, "c": -1, "d": 2.5})");
    EXPECT_EQ(numbers.integer("a"), 42);
    EXPECT_EQ(numbers.integer("b"), 42);
    EXPECT_EQ(numbers.integer("c"), -1);
    EXPECT_EQ(numbers.number("d"), 2.5);
}

TEST_F(FieldsTest, ListsAndLabelsAreRead) {
    const auto lists = fields(R"({"l": [{"a": 1}, {"a": 2}], "t": ["x", ""], "i": [],
                                  "labels": {"example.com/my": "", "env": "prod"}})");
    EXPECT_THAT(*lists.list_of("l", [](const Fields& item) { return item.required_id("a"); }),
                ElementsAre(1, 2));
    EXPECT_THAT(*lists.texts("t"), ElementsAre("x", ""));
    EXPECT_EQ(lists.ids("i"), Ids{});
    EXPECT_EQ(lists.labels("labels"), (Labels{{"example.com/my", ""}, {"env", "prod"}}));
}

TEST_F(FieldsTest, AMisfitIsNamed) {
    EXPECT_EQ(refusal(R"({"a": 1.5})", [](const auto& f) { f.integer("a"); }),
              "server.a: expected a whole number, got 1.5");
    EXPECT_EQ(refusal(R"({"a": 1e300})", [](const auto& f) { f.integer("a"); }),
              "server.a: expected a whole number, got 1e+300");
    EXPECT_EQ(refusal(R"({"a": "1"})", [](const auto& f) { f.number("a"); }),
              "server.a: expected a number, got a string");
    EXPECT_EQ(refusal(R"({"a": 1})", [](const auto& f) { f.boolean("a"); }),
              "server.a: expected a boolean, got a number");
    EXPECT_EQ(refusal(R"({"a": "today"})", [](const auto& f) { f.timestamp("a"); }),
              "server.a: 'today' is no time");
    EXPECT_EQ(refusal(R"({"a": {"env": 1}})", [](const auto& f) { f.labels("a"); }),
              "server.a.env: expected a string, got a number");
    EXPECT_EQ(refusal(R"({"a": [{}, 1]})", [](const auto& f) { f.list("a"); }),
              "server.a[1]: expected an object, got a number");
    EXPECT_EQ(refusal(R"({"a": [{"b": ["x", null]}]})",
                      [](const auto& f) { f.list("a")->at(0).texts("b"); }),
              "server.a[0].b[1]: expected a string, got null");
    EXPECT_EQ(refusal(R"({"a": null})", [](const auto& f) { f.required_list("a"); }),
              "server.a: is null");
    EXPECT_EQ(refusal("{}", [](const auto& f) { f.required_timestamp("a"); }),
              "server.a: is missing");
    EXPECT_EQ(refusal("{}", [](const auto& f) { f.id_or_null("a"); }), "server.a: is missing");
}

TEST_F(FieldsTest, AnAnswerIsAnObject) {
    const json document = json::array();
    EXPECT_THROW(Fields(document, ""), FieldError);
}

}  // namespace
}  // namespace hcloud::cloud
