// What all API endpoints share: authentication, rate limit, errors, input fields, pages.
#pragma once

#include "tests/simulator/http_types.h"
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

/// 201 {"action": …}
Response created(World& world, ActionPlan plan);

/// Reads the fields of a body and reports all bad ones in one invalid_input.
class InputFields {
  public:
    explicit InputFields(const Request& request);

    Id integer(const std::string& name);
    std::optional<std::string> text(const std::string& name);
    /// Absent: empty if `required` is false.
    std::vector<std::string> texts(const std::string& name, bool required);
    void refuse(const std::string& name, const std::string& message);
    /// Throws ApiError 422 invalid_input if there was a bad field.
    void finish() const;

  private:
    const nlohmann::json* find(const std::string& name, bool required);

    nlohmann::json body_;
    std::vector<std::pair<std::string, std::string>> bad_;
};

/// One page of `items` under `key`, filtered by the query's name= and status=, sorted by its sort=
/// (only by `sortable` fields), with meta.pagination and the Link header.
Response list_response(const Request& request, const std::string& key,
                       std::vector<nlohmann::json> items, const std::vector<std::string>& sortable);

}  // namespace hcloud::sim
