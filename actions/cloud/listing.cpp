#include "actions/cloud/listing.h"

#include <charconv>

#include <Poco/URI.h>
#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

constexpr int kPerPage = 50;  // the most that the API gives
constexpr std::int64_t kMostPages = 200;

std::string encoded(const std::string& value) {
    std::string result;
    Poco::URI::encode(value, "!\"#$&'()*+,/:;=?@[\\]", result);
    return result;
}

}  // namespace

std::string page_path(const std::string& resource_path, const ListFilter& filter,
                      std::int64_t page) {
    auto path = fmt::format("{}?per_page={}&page={}", resource_path, kPerPage, page);
    if (!filter.name.empty()) path += "&name=" + encoded(filter.name);
    if (!filter.label_selector.empty()) path += "&label_selector=" + encoded(filter.label_selector);
    return path;
}

std::optional<std::int64_t> next_page(const Fields& answer, std::int64_t page) {
    const auto meta = answer.object("meta");
    const auto pagination = meta ? meta->object("pagination") : std::nullopt;
    const auto next = pagination ? pagination->id("next_page") : std::nullopt;
    if (!next) return std::nullopt;
    if (*next <= page) pagination->refuse("next_page", fmt::format("{} after {}", *next, page));
    if (*next > kMostPages) pagination->refuse("next_page", fmt::format("{} pages", *next));
    return next;
}

void each_page(Client& client, const std::string& resource_path, const ListFilter& filter,
               const CallOptions& options, const std::function<void(const Fields&)>& take) {
    const auto until = client.now() + options.deadline;
    std::optional<std::int64_t> page = 1;
    while (page) {
        const Request request{"GET", page_path(resource_path, filter, *page)};
        auto rest = options;
        rest.deadline = std::chrono::duration_cast<std::chrono::milliseconds>(until - client.now());
        const auto answer = client.call(request, rest);
        try {
            const Fields fields(answer, "");
            take(fields);
            page = next_page(fields, *page);
        } catch (const FieldError& error) {
            throw client.malformed(request, error.what());
        }
    }
}

std::optional<std::int64_t> id_from(const std::string& text) {
    std::int64_t id = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, id);
    if (error != std::errc{} || end != last || id < 0) return std::nullopt;
    return id;
}

}  // namespace hcloud::cloud
