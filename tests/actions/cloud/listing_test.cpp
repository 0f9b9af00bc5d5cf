// Lists over pages, and finding one by name or id.
#include "actions/cloud/networks.h"
#include "tests/actions/cloud/virtual.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

json network(std::int64_t id, const std::string& name) {
    return {{"id", id}, {"name", name}, {"ip_range", "10.0.0.0/16"}};
}

json page(const json& networks, const json& next_page) {
    return {{"networks", networks}, {"meta", {{"pagination", {{"next_page", next_page}}}}}};
}

class Listing : public testing::Test {
  protected:
    Listing() {
        answers_ = {page(json::array({network(1, "a")}), 2),
                    page(json::array({network(2, "b"), network(3, "c")}), 3),
                    page(json::array(), nullptr)};
    }

    Reply answer(const Request& request, TimePoint deadline) {
        seen_.push_back(request.path);
        deadlines_.push_back(deadline - start_);
        clock_.advance(1s);
        if (answers_.empty()) return {.status = 404, .reason = "Not Found"};
        const auto text = answers_.front().dump();
        answers_.pop_front();
        return {.status = 200, .reason = "OK", .body = text};
    }

    /// The message of the error that a listing ends with.
    std::string failure() {
        try {
            list_networks(client_);
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::malformed);
            return error.details().message;
        }
        return "was accepted";
    }

    VirtualClock clock_;
    const TimePoint start_ = clock_.now();
    std::deque<json> answers_;
    std::vector<std::string> seen_;
    std::vector<TimePoint::duration> deadlines_;
    Client client_{
        std::make_unique<FunctionTransport>([this](const Request& request, TimePoint deadline) {
            return answer(request, deadline);
        }),
        clock_};
};

TEST_F(Listing, GoesThroughAllPages) {
    std::vector<std::int64_t> ids;
    for (const auto& found : list_networks(client_))
        ids.push_back(found.id);
    EXPECT_THAT(ids, ElementsAre(1, 2, 3));
    EXPECT_THAT(seen_, ElementsAre("/networks?per_page=50&page=1", "/networks?per_page=50&page=2",
                                   "/networks?per_page=50&page=3"));
}

TEST_F(Listing, HasOneDeadlineForAllPages) {
    CallOptions options;
    options.deadline = 20s;
    list_networks(client_, {}, options);
    EXPECT_THAT(deadlines_, ElementsAre(20s, 20s, 20s));
}

TEST_F(Listing, EndsWithoutMeta) {
    answers_ = {{{"networks", json::array()}}};
    EXPECT_TRUE(list_networks(client_).empty());
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Listing, FiltersAndEncodes) {
    answers_ = {page(json::array(), nullptr)};
    list_networks(client_, {"a b&c/d", "env in (x,y),!z"});
    EXPECT_THAT(seen_, ElementsAre("/networks?per_page=50&page=1&name=a%20b%26c%2Fd"
                                   "&label_selector=env%20in%20%28x%2Cy%29%2C%21z"));
}

TEST_F(Listing, DoesNotRunInCircles) {
    answers_ = {page(json::array(), 2), page(json::array(), 2)};
    EXPECT_EQ(failure(), "meta.pagination.next_page: 2 after 2");
    answers_ = {page(json::array(), 1)};
    EXPECT_EQ(failure(), "meta.pagination.next_page: 1 after 1");
}

TEST_F(Listing, IsBounded) {
    answers_.clear();
    for (int next = 2; next < 300; ++next)
        answers_.push_back(page(json::array(), next));
    EXPECT_EQ(failure(), "meta.pagination.next_page: 201 pages");
    EXPECT_EQ(seen_.size(), 200U);
}

TEST_F(Listing, NamesWhatDoesNotFit) {
    answers_ = {page(json::array({network(1, "a"), {{"id", 2}, {"name", 3}}}), nullptr)};
    EXPECT_EQ(failure(), "networks[1].name: expected a string, got a number");
    answers_ = {json::object()};
    EXPECT_EQ(failure(), "networks: is missing");
    answers_ = {page(json::array(), "2")};
    EXPECT_EQ(failure(), "meta.pagination.next_page: expected an id, got a string");
}

TEST_F(Listing, FindsByName) {
    answers_ = {page(json::array({network(1, "a"), network(7, "web")}), nullptr)};
    EXPECT_EQ(find_network(client_, "web")->id, 7);
    EXPECT_THAT(seen_, ElementsAre("/networks?per_page=50&page=1&name=web"));
}

TEST_F(Listing, FindsNothing) {
    answers_ = {page(json::array({network(1, "website")}), nullptr)};
    EXPECT_EQ(find_network(client_, "web"), std::nullopt);
    EXPECT_EQ(find_network(client_, ""), std::nullopt);
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Listing, FindsById) {
    answers_ = {{{"network", network(4503599627370495, "web")}}};
    EXPECT_EQ(find_network(client_, "4503599627370495")->name, "web");
    EXPECT_THAT(seen_, ElementsAre("/networks/4503599627370495"));
}

TEST(FindByNameOrId, ANameMayLookLikeAnId) {
    VirtualClock clock;
    std::vector<std::string> seen;
    const auto answer = [&](const Request& request, TimePoint) -> Reply {
        seen.push_back(request.path);
        if (seen.size() == 1) return {.status = 404, .reason = "Not Found"};
        return {.status = 200,
                .reason = "OK",
                .body = page(json::array({network(7, "42")}), nullptr).dump()};
    };
    Client client(std::make_unique<FunctionTransport>(answer), clock);
    EXPECT_EQ(find_network(client, "42")->id, 7);
    EXPECT_THAT(seen, ElementsAre("/networks/42", HasSubstr("name=42")));
}

TEST(FindByNameOrId, AnErrorIsNotNothing) {
    VirtualClock clock;
    const auto answer = [](const Request&, TimePoint) -> Reply {
        return {.status = 403, .reason = "Forbidden"};
    };
    Client client(std::make_unique<FunctionTransport>(answer), clock);
    EXPECT_THROW(find_network(client, "42"), Error);
    EXPECT_THROW(find_network(client, "web"), Error);
}

}  // namespace
}  // namespace hcloud::cloud
