// One kept-alive HTTP connection to the metadata service: requests in, complete answers or one
// typed failure out. Internal to this folder.
#pragma once

#include "metadata/client.h"
#include "metadata/socket.h"

#include <cstdint>
#include <istream>
#include <memory>
#include <string>

#include <Poco/Net/HTTPResponse.h>

namespace hcloud::metadata {

inline constexpr int kOk = 200;
inline constexpr int kNoContent = 204;

/// Why there is no complete answer. `detail` is printable.
struct Failure {
    ErrorKind kind = ErrorKind::broken;
    std::string detail;
    bool unanswered = false;  // broken before a byte of the answer
};

struct Reply {
    int status = 0;
    std::string reason;
    std::string body;  // of a 200 only
};

class Client::Connection {
  public:
    explicit Connection(ClientOptions options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// `path` is what follows the endpoint. Throws Failure. When a kept-alive connection turns out
    /// to be closed before a byte of the answer, the request goes out once more on a fresh one.
    Reply get(const std::string& path);
    std::string describe(const std::string& path) const;  // "GET http://…"
    void cancel() noexcept { interrupt_.trigger(); }

  private:
    class Session;
    void open();
    void close() noexcept;
    Reply attempt(const std::string& path);
    Reply exchange(const std::string& path);
    std::string read_body(std::istream& stream, const Poco::Net::HTTPResponse& response);

    ClientOptions options_;
    std::string host_;
    std::uint16_t port_ = 0;
    std::string base_path_;
    Interrupt interrupt_;
    std::unique_ptr<Session> session_;
};

}  // namespace hcloud::metadata
