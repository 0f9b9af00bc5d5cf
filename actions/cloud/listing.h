// Pages of a list. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/fields.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

/// What a list is narrowed to; empty: not.
struct ListFilter {
    std::string name;
    std::string label_selector;  // "env=prod,!type"
};

/// "/servers?per_page=50&page=1&name=web1"
std::string page_path(const std::string& resource_path, const ListFilter& filter,
                      std::int64_t page);

/// The page after `page`, by meta.pagination.next_page; std::nullopt if it is null or missing.
/// Throws FieldError if it does not lead on.
std::optional<std::int64_t> next_page(const Fields& answer, std::int64_t page);

/// Calls `take` with the answer of each page. Throws cloud::Error, also if there are more pages
/// than any project has resources. What is deleted while the pages are read can hide another entry
/// at the page's border: only a list of one page is a list of one moment.
void each_page(Client& client, const std::string& resource_path, const ListFilter& filter,
               const CallOptions& options, const std::function<void(const Fields&)>& take);

/// The id, if the text is one.
std::optional<std::int64_t> id_from(const std::string& text);

}  // namespace hcloud::cloud
