// A request and its answer, free of any HTTP library.
#pragma once

#include "tests/simulator/state/entity.h"

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

struct Request {
    std::string scheme = "http";  // or https
    std::string method;
    std::string path;  // decoded, without the query
    std::vector<std::pair<std::string, std::string>> query;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    std::string source;                         // the client's address
    std::map<std::string, std::string> params;  // what matched {name} in the route

    std::string header(const std::string& name) const;
    std::optional<std::string> query_value(const std::string& name) const;
    std::vector<std::string> query_values(const std::string& name) const;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string content_type;
    std::string body;
};

Response json_response(int status, const nlohmann::json& body);
Response text_response(int status, std::string body);

/// An answer in the API's error shape, thrown by handlers.
class ApiError : public std::runtime_error {
  public:
    ApiError(int status, std::string code, const std::string& message,
             nlohmann::json details = nullptr)
        : std::runtime_error(message),
          status_(status),
          code_(std::move(code)),
          details_(std::move(details)) {}

    int status() const { return status_; }
    const std::string& code() const { return code_; }
    Response response() const;

  private:
    int status_;
    std::string code_;
    nlohmann::json details_;
};

/// Discarded if it is no JSON, or so deep that walking through it would need too much stack.
nlohmann::json parse_json(const std::string& text);

/// The body as JSON object, {} if there is none; throws ApiError 400 json_error.
nlohmann::json json_body(const Request& request);

}  // namespace hcloud::sim
