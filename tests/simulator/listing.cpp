// Lists: filter, sort, cut into pages.
#include "tests/simulator/api.h"
#include "tests/simulator/label_selector.h"

#include <algorithm>

#include <Poco/URI.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Items = std::vector<json>;

constexpr std::int64_t kDefaultPerPage = 25;
constexpr std::int64_t kMaxPerPage = 50;

struct SortKey {
    std::string field;
    bool descending = false;
};

[[noreturn]] void refuse_query(const std::string& name, const std::string& message) {
    throw ApiError(422, "invalid_input", fmt::format("invalid input in field '{}'", name),
                   {{"fields", {{{"name", name}, {"messages", {message}}}}}});
}

std::int64_t positive(const Request& request, const std::string& name, std::int64_t otherwise) {
    const auto text = request.query_value(name);
    if (!text) return otherwise;
    const auto number = parse_id(*text);
    if (!number) refuse_query(name, "Must be greater than or equal to 1.");
    return *number;
}

/// As a query has it.
std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void filter(const Request& request, Items& items, const std::string& field) {
    const std::vector<std::string> wanted = request.query_values(field);
    if (wanted.empty()) return;
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&](const json& item) {
                                   if (!item.contains(field)) return false;
                                   return std::find(wanted.begin(), wanted.end(),
                                                    text_of(item[field])) == wanted.end();
                               }),
                items.end());
}

void select(const Request& request, Items& items) {
    const auto text = request.query_value("label_selector");
    if (!text) return;
    const auto selector = LabelSelector::parse(*text);
    if (!selector) refuse_query("label_selector", "Not a valid label selector.");
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&](const json& item) {
                                   return !selector->matches(item.value("labels", Labels{}));
                               }),
                items.end());
}

std::vector<SortKey> read_orders(const Request& request, const std::vector<std::string>& sortable) {
    std::vector<SortKey> orders;
    for (const std::string& text : request.query_values("sort")) {
        const std::size_t colon = text.find(':');
        const std::string field = text.substr(0, colon);
        const std::string direction = colon == std::string::npos ? "asc" : text.substr(colon + 1);
        const bool known = std::find(sortable.begin(), sortable.end(), field) != sortable.end();
        if (!known || (direction != "asc" && direction != "desc")) {
            refuse_query("sort", fmt::format("Must be one of {}, with :asc or :desc.",
                                             fmt::join(sortable, ", ")));
        }
        orders.push_back({field, direction == "desc"});
    }
    return orders;
}

void sort(Items& items, const std::vector<SortKey>& orders) {
    std::stable_sort(items.begin(), items.end(), [&](const json& left, const json& right) {
        for (const SortKey& order : orders) {
            const json& a = order.descending ? right[order.field] : left[order.field];
            const json& b = order.descending ? left[order.field] : right[order.field];
            if (a != b) return a < b;
        }
        return false;
    });
}

struct Pages {
    std::int64_t page;
    std::int64_t per_page;
    std::int64_t last;
    std::int64_t total;

    json previous() const { return page > 1 ? json(page - 1) : json(nullptr); }
    json next() const { return page < last ? json(page + 1) : json(nullptr); }
};

std::string link(const Request& request, const Pages& pages) {
    auto entry = [&](std::int64_t page, const char* relation) {
        Poco::URI uri;
        uri.setPath(request.path);
        for (const auto& [key, value] : request.query) {
            if (key != "page" && key != "per_page") uri.addQueryParameter(key, value);
        }
        uri.addQueryParameter("page", std::to_string(page));
        uri.addQueryParameter("per_page", std::to_string(pages.per_page));
        return fmt::format("<{}://{}{}>; rel=\"{}\"", request.scheme, request.header("host"),
                           uri.toString(), relation);
    };
    std::vector<std::string> entries;
    if (!pages.previous().is_null()) entries.push_back(entry(pages.page - 1, "prev"));
    if (!pages.next().is_null()) entries.push_back(entry(pages.page + 1, "next"));
    entries.push_back(entry(pages.last, "last"));
    return fmt::format("{}", fmt::join(entries, ", "));
}

}  // namespace

Response list_response(const Request& request, const std::string& key, Items items,
                       const ListRules& rules) {
    select(request, items);
    for (const std::string& field : rules.filters)
        filter(request, items, field);
    sort(items, read_orders(request, rules.sortable));

    Pages pages{};
    pages.total = static_cast<std::int64_t>(items.size());
    pages.page = positive(request, "page", 1);
    pages.per_page = std::min(positive(request, "per_page", kDefaultPerPage), kMaxPerPage);
    pages.last = std::max<std::int64_t>(1, (pages.total + pages.per_page - 1) / pages.per_page);
    json page = json::array();
    if (pages.page <= pages.last) {
        const std::int64_t first = (pages.page - 1) * pages.per_page;
        const std::int64_t end = std::min(pages.total, first + pages.per_page);
        for (std::int64_t i = first; i < end; ++i)
            page.push_back(items[static_cast<std::size_t>(i)]);
    }
    Response response = json_response(200, {{key, page},
                                            {"meta",
                                             {{"pagination",
                                               {{"page", pages.page},
                                                {"per_page", pages.per_page},
                                                {"previous_page", pages.previous()},
                                                {"next_page", pages.next()},
                                                {"last_page", pages.last},
                                                {"total_entries", pages.total}}}}}});
    response.headers.emplace_back("Link", link(request, pages));
    return response;
}

}  // namespace hcloud::sim
