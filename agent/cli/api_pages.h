// `api --paginate`: all pages of a list as one document.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

/// "/servers?sort=id" -> "/servers?sort=id&per_page=50&page=2"; a per_page that is there stays, a
/// page is replaced.
std::string page_path(const std::string& path, std::int64_t page);

/// GETs page after page until the answer names no next one. The lists of the pages are joined, each
/// under its key; "meta" goes, since it describes a page. An answer without pages is returned as it
/// is. Throws std::runtime_error if the pages do not end or do not go on.
nlohmann::json all_pages(const std::string& path,
                         const std::function<nlohmann::json(const std::string&)>& get);

}  // namespace hcloud::agent
