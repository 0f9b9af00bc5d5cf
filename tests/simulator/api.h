// What all API endpoints share: authentication, rate limit, errors, input fields, pages.
#pragma once

#include "tests/simulator/http_types.h"
#include "tests/simulator/input_fields.h"
#include "tests/simulator/router.h"
#include "tests/simulator/world.h"

#include <string>
#include <vector>

namespace hcloud::sim {

/// Answers a request below /v1/: rate limit, token, handler, errors, headers.
Response api_call(World& world, const Router& router, const Request& request);

/// The {id} of the path; an id that is none answers 404 like one that does not exist.
Id path_id(const Request& request);

ApiError not_found(const std::string& what, const std::string& id);
/// 423 if an action that concerns the resource is running; `what` is "server" in the message.
void require_unlocked(const World& world, const Resource& resource, const std::string& what);

/// 423 if it is protected; `what` is "server deletion" in the message.
void require_unprotected(bool is_protected, std::string what);
/// 403 if the project has as many of the kind as it may have.
void require_below_limit(const World& world, const std::string& plural, std::size_t count);
/// 409 conflict, for what is not locked but asks to be tried again.
void require_no_change(const World& world, const Resource& resource, const std::string& what);
/// A new public address of type "ipv4" or "ipv6"; 412 if there are no more.
std::string allot_address(World& world, const std::string& type);
ApiError name_taken(const std::string& what);

/// 201 {"action": …}
Response created(World& world, ActionPlan plan);

/// What a kind's list can be asked for.
struct ListRules {
    std::vector<std::string> sortable{"id", "name", "created"};
    std::vector<std::string> filters{"name"};  // query parameters that name a key, by equality
};

/// One page of `items` under `key`, filtered by the query's label_selector= and the filters, sorted
/// by its sort=, with meta.pagination and the Link header.
Response list_response(const Request& request, const std::string& key,
                       std::vector<nlohmann::json> items, const ListRules& rules);

}  // namespace hcloud::sim
