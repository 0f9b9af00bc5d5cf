// `api --paginate` and `api -d`, without a network.
#include "agent/cli/api_pages.h"

#include "agent/cli/api_body.h"
#include "tests/lab/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PagePath, AddsPageAndSize) {
    EXPECT_EQ(page_path("/servers", 1), "/servers?per_page=50&page=1");
    EXPECT_EQ(page_path("/servers?name=a&sort=id", 2),
              "/servers?name=a&sort=id&per_page=50&page=2");
}

TEST(PagePath, KeepsTheSizeAndReplacesThePage) {
    EXPECT_EQ(page_path("/servers?per_page=3&page=9", 2), "/servers?per_page=3&page=2");
    EXPECT_EQ(page_path("/servers?page=9&page_of=x", 2), "/servers?page_of=x&per_page=50&page=2");
    EXPECT_EQ(page_path("/servers?", 2), "/servers?per_page=50&page=2");
}

json page(std::vector<int> ids, json next) {
    return {{"servers", ids}, {"meta", {{"pagination", {{"next_page", std::move(next)}}}}}};
}

TEST(AllPages, JoinsTheLists) {
    std::vector<std::string> asked;
    const json all = all_pages("/servers", [&](const std::string& path) {
        asked.push_back(path);
        return asked.size() == 1 ? page({1, 2}, 2) : page({3}, nullptr);
    });
    EXPECT_EQ(all, (json{{"servers", {1, 2, 3}}}));
    EXPECT_THAT(asked, ElementsAre("/servers?per_page=50&page=1", "/servers?per_page=50&page=2"));
}

TEST(AllPages, LeavesAnAnswerWithoutPagesAsItIs) {
    const json answer{{"pricing", {{"currency", "EUR"}}}};
    EXPECT_EQ(all_pages("/pricing", [&](const std::string&) { return answer; }), answer);
}

TEST(AllPages, EndsWhenThePagesDoNotGoOn) {
    EXPECT_THROW(all_pages("/servers", [&](const std::string&) { return page({1}, 1); }),
                 std::runtime_error);
}

TEST(Body, IsTheArgumentOrAFile) {
    EXPECT_EQ(read_body(R"({"server": 42})")["server"], 42);
    const lab::TempDir dir;
    EXPECT_EQ(read_body("@" + dir.write("body.json", "[1]")), json::array({1}));
}

std::string complaint_about(const std::string& data) {
    try {
        read_body(data);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "none";
}

TEST(Body, SaysWhereItIsWrong) {
    EXPECT_THAT(complaint_about("{server: 42}"),
                HasSubstr("-d is not JSON: parse error at line 1"));
    EXPECT_EQ(complaint_about("@/nonexistent/body"),
              "/nonexistent/body: No such file or directory");
    const lab::TempDir dir;
    const auto empty = dir.write("empty", "");
    EXPECT_THAT(complaint_about("@" + empty), HasSubstr(empty + " is not JSON: "));
}

}  // namespace
}  // namespace hcloud::agent
