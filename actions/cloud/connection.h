// One warm connection to the API: requests in, complete answers or one typed failure out. Knows
// HTTP and TLS, not JSON. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/dialer.h"
#include "actions/cloud/endpoint.h"
#include "actions/cloud/failure.h"
#include "actions/cloud/socket.h"

#include <istream>
#include <memory>
#include <optional>
#include <string>

#include <Poco/Net/HTTPResponse.h>

namespace hcloud::cloud {

struct Reply {
    int status = 0;
    std::string reason;
    std::string content_type;
    std::string correlation_id;
    std::string body;  // complete if the status is 2xx, else as much as came
};

class Client::Connection {
  public:
    Connection(ClientOptions options, const Token& token);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Throws Failure. When a kept-alive connection turns out to be closed before a byte of the
    /// answer, the request, a GET, goes out once more on a fresh one.
    Reply get(const std::string& path);
    void cancel() noexcept { interrupt_.trigger(); }

    std::string describe(const std::string& path) const;  // "GET https://…"
    /// The text without the token, should a server echo it.
    std::string without_token(std::string text) const;
    const std::optional<RateLimit>& rate_limit() const { return rate_limit_; }

  private:
    class Session;
    void close() noexcept;
    Reply attempt(const std::string& path);
    Reply exchange(const std::string& path);
    void send(const std::string& path);
    void note_rate_limit(const Poco::Net::HTTPResponse& response);
    std::string read_body(std::istream& stream, const Poco::Net::HTTPResponse& response);
    std::string read_error_body(std::istream& stream);

    ClientOptions options_;
    Token token_;
    Endpoint endpoint_;
    Dialer dialer_;
    std::optional<RateLimit> rate_limit_;
    Interrupt interrupt_;
    Traffic traffic_;  // outlives the session's socket
    std::unique_ptr<Session> session_;
};

}  // namespace hcloud::cloud
