#include "agent/cli/api_pages.h"

#include <stdexcept>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using nlohmann::json;

constexpr std::int64_t kMostPages = 10'000;
constexpr const char* kLargestPage = "per_page=50";  // the API's maximum (reference, Pagination)

/// 0 if there is none, or the answer has no pages at all.
std::int64_t next_page(const json& answer) {
    static const json::json_pointer kNext("/meta/pagination/next_page");
    if (!answer.contains(kNext)) return 0;
    const json& next = answer[kNext];
    return next.is_number_integer() ? next.get<std::int64_t>() : 0;
}

void join(json& all, const json& page) {
    for (const auto& [key, value] : page.items()) {
        if (!value.is_array()) {
            all[key] = value;
            continue;
        }
        json& list = all[key];
        list.insert(list.end(), value.begin(), value.end());
    }
}

bool is_parameter(const std::string& part, const std::string& name) {
    return part.compare(0, name.size() + 1, name + "=") == 0;
}

}  // namespace

std::string page_path(const std::string& path, std::int64_t page) {
    const auto question = path.find('?');
    std::string result = path.substr(0, question);
    char separator = '?';
    bool sized = false;
    const auto add = [&](const std::string& part) {
        result += separator + part;
        separator = '&';
    };
    for (auto at = question; at != std::string::npos;) {
        const auto end = path.find('&', at + 1);
        const auto part = path.substr(at + 1, end == std::string::npos ? end : end - at - 1);
        sized |= is_parameter(part, "per_page");
        if (!part.empty() && !is_parameter(part, "page")) add(part);
        at = end;
    }
    if (!sized) add(kLargestPage);
    add(fmt::format("page={}", page));
    return result;
}

json all_pages(const std::string& path, const std::function<json(const std::string&)>& get) {
    json all = get(page_path(path, 1));
    std::int64_t next = next_page(all);
    for (std::int64_t page = 1; next != 0; ++page) {
        if (next <= page || page >= kMostPages) {
            throw std::runtime_error(
                fmt::format("{}: page {} names {} as the next one", path, page, next));
        }
        const json more = get(page_path(path, next));
        page = next - 1;
        next = next_page(more);
        join(all, more);
    }
    if (all.contains(json::json_pointer("/meta/pagination"))) all.erase("meta");
    return all;
}

}  // namespace hcloud::agent
