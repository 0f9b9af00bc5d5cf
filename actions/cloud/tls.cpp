#include "actions/cloud/tls.h"

#include <utility>

#include <Poco/Net/InvalidCertificateHandler.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/VerificationErrorArgs.h>

namespace hcloud::cloud {

namespace {

/// OpenSSL's error alone says "certificate verify failed", not why.
class RejectAndRemember : public Poco::Net::InvalidCertificateHandler {
  public:
    explicit RejectAndRemember(std::shared_ptr<std::string> complaint)
        : InvalidCertificateHandler(false), complaint_(std::move(complaint)) {}

    void onInvalidCertificate(const void* /*sender*/,
                              Poco::Net::VerificationErrorArgs& error) override {
        *complaint_ = error.errorMessage();
        error.setIgnoreError(false);
    }

  private:
    std::shared_ptr<std::string> complaint_;
};

/// The hand-shake is lazy because Poco's eager one, when it times out on the socket, goes on
/// without having looked at the host name (SecureSocketImpl::connectSSL in 1.11 ignores what
/// SSL_connect wanted).
class TlsSocket : public Poco::Net::SecureStreamSocketImpl {
  public:
    TlsSocket(Poco::AutoPtr<TcpSocket> tcp, Poco::Net::Context::Ptr context,
              const std::string& host)
        : SecureStreamSocketImpl(tcp.get(), std::move(context)), tcp_(std::move(tcp)) {
        setPeerHostName(host);
        setLazyHandshake(true);
        connectSSL();
    }

    void shake_hands() {
        if (completeHandshake() != 1 || !havePeerCertificate()) {
            throw Poco::Net::SSLConnectionUnexpectedlyClosedException();
        }
        verifyPeerCertificate();
    }

    int receiveBytes(void* buffer, int length, int flags) override {
        tcp_->check();
        return tcp_->traffic().note(buffer,
                                    SecureStreamSocketImpl::receiveBytes(buffer, length, flags));
    }

    ~TlsSocket() override = default;

  private:
    Poco::AutoPtr<TcpSocket> tcp_;
};

Poco::Net::Context::Params parameters(const std::string& ca_file) {
    Poco::Net::Context::Params params;
    params.caLocation = ca_file;
    params.loadDefaultCAs = true;
    // Not VERIFY_RELAXED: Poco would then take any host name for granted on loopback.
    params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
    params.cipherList = "HIGH:!aNULL:!MD5:!SHA1:!PSK:!SRP";
    return params;
}

}  // namespace

Tls::Tls(const std::string& ca_file)
    : complaint_(std::make_shared<std::string>()),
      context_(new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, parameters(ca_file))) {
    context_->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    context_->enableExtendedCertificateVerification(true);  // the host name
    context_->setInvalidCertificateHandler(new RejectAndRemember(complaint_));
}

Poco::AutoPtr<Poco::Net::SecureStreamSocketImpl> Tls::connect(Poco::AutoPtr<TcpSocket> tcp,
                                                              const std::string& host) {
    complaint_->clear();
    Poco::AutoPtr<TlsSocket> socket(new TlsSocket(std::move(tcp), context_, host));
    socket->shake_hands();
    return socket;
}

}  // namespace hcloud::cloud
