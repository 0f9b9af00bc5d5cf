// A small HTTPS server, on Poco's, for tests of the client's TLS.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace Poco::Net {
class StreamSocket;
}

namespace hcloud::cloud {

class TlsServer {
  public:
    struct Options {
        std::string certificate_file;
        std::string key_file;
        std::string answer;            // bytes, for each request
        int answers_a_connection = 1;  // then it is closed
        bool without_end = false;      // the first request is answered again and again
        bool only_tls_1_1 = false;
    };

    explicit TlsServer(Options options);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::uint16_t port() const;
    int connections() const { return connections_; }
    /// Requests that were read: each one's sender had trusted the certificate.
    int requests() const { return requests_; }

  private:
    class Listener;
    void run();
    void serve(Poco::Net::StreamSocket& client);

    Options options_;
    std::unique_ptr<Listener> listener_;
    std::atomic<bool> ending_ = false;
    std::atomic<int> connections_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

}  // namespace hcloud::cloud
