// Poco's HTTP on a socket of ours. Internal to this folder.
#pragma once

#include "actions/cloud/failure.h"
#include "actions/cloud/socket.h"

#include <cstddef>
#include <istream>
#include <optional>
#include <string>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>

namespace hcloud::cloud {

struct Body {
    std::string text;
    std::optional<Failure> problem;  // why it is not the whole body, or may not be
};

/// What went wrong on a connection that stood, other than a time-out.
std::string text_of(const Poco::Exception& error);

/// It never connects by itself, never asks a proxy.
class Session : public Poco::Net::HTTPClientSession {
  public:
    /// `traffic` is the socket's and outlives the session.
    Session(const Poco::Net::StreamSocket& connected, Traffic& traffic);

    /// The header of the answer; Failure or Poco::Exception without a sound one.
    std::istream& receive_header(Poco::Net::HTTPResponse& response);
    /// Never more than `limit` bytes. Throws what reading throws.
    Body receive_body(std::istream& stream, const Poco::Net::HTTPResponse& response,
                      std::size_t limit);

    using HTTPSession::buffered;
    using HTTPSession::detachSocket;

  protected:
    bool mustReconnect() const override { return false; }
    void connect(const Poco::Net::SocketAddress& address) override;

  private:
    Traffic& traffic_;
};

}  // namespace hcloud::cloud
