// One warm connection to the API: requests in, complete answers or one typed failure out. Knows
// HTTP and TLS. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/dialer.h"
#include "actions/cloud/endpoint.h"
#include "actions/cloud/failure.h"
#include "actions/cloud/patience.h"
#include "actions/cloud/proxy.h"
#include "actions/cloud/session.h"
#include "actions/cloud/socket.h"
#include "actions/cloud/transport.h"

#include <memory>
#include <optional>
#include <string>

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>

namespace hcloud::cloud {

class Connection : public Transport {
  public:
    Connection(ClientOptions options, const Token& token);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// A kept connection that was closed meanwhile, or is idle for long, is replaced. Should it be
    /// closed at the very moment, before a byte of the answer, a GET goes out once more.
    Reply exchange(const Request& request, TimePoint deadline) override;
    void cancel() noexcept override { cancelled_.happen(); }
    std::string url() const override { return endpoint_.url; }
    std::string without_secrets(std::string text) const override;

  private:
    Reply attempt(const Request& request, const std::string& body);
    Reply send_and_receive(const Request& request, const std::string& body);
    void connect();
    void send(const Request& request, const std::string& body);
    Failure failure_of(const Poco::Exception& error) const;
    void close() noexcept;

    ClientOptions options_;
    Token token_;
    Endpoint endpoint_;
    std::optional<Proxy> proxy_;
    Dialer dialer_;
    Event cancelled_;
    Patience patience_{cancelled_};
    // The socket's, so they outlive it.
    Traffic traffic_;
    Poco::AutoPtr<TcpSocket> tcp_;
    std::unique_ptr<Session> session_;
    TimePoint used_{};  // when the latest exchange ended
    // Of the latest attempt.
    bool sent_ = false;        // at least in part
    bool unanswered_ = false;  // broken before a byte of the answer
};

}  // namespace hcloud::cloud
