#include "actions/cloud/resolver.h"

#include "actions/cloud/failure.h"
#include "actions/cloud/text.h"

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <Poco/Net/IPAddress.h>

#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

namespace hcloud::cloud {

namespace {

using Addresses = std::vector<Poco::Net::SocketAddress>;

Failure unresolved(const std::string& why, ErrorClass error_class = ErrorClass::retry_now) {
    return {ErrorKind::unreachable, "name resolution: " + why, false, error_class, Stage::name};
}

/// Its thread is nobody's to be interrupted by a signal.
class SignalBlock {
  public:
    SignalBlock() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalBlock(const SignalBlock&) = delete;
    SignalBlock& operator=(const SignalBlock&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

/// Shared by who waits and by the thread, so that either may be the last.
class Resolver::Lookup {
  public:
    Lookup(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

    static void start(const std::shared_ptr<Lookup>& lookup) {
        const SignalBlock guard;
        std::thread([lookup] { lookup->run(); }).detach();
    }

    int fd() const { return done_.fd(); }
    bool done() const { return done_.happened(); }
    /// Asking again may tell more.
    bool stale() const {
        constexpr std::chrono::minutes kGood{1};
        return done() && (result_ != 0 || std::chrono::steady_clock::now() - ended_ >= kGood);
    }

    /// Once it is done: a readable fd() alone does not order the results before this in C++.
    Addresses take() {
        if (!done()) throw std::logic_error("take() before done()");
        // A name that does not exist may exist later, but not by asking again at once.
        if (result_ == EAI_NONAME || result_ == EAI_NODATA) {
            throw unresolved(in_quotes(host_) + ": " + ::gai_strerror(result_),
                             ErrorClass::retry_later);
        }
        if (result_ != 0) {
            throw unresolved(in_quotes(host_) + ": " +
                             (result_ == EAI_SYSTEM ? errno_text(errno_)
                                                    : std::string(::gai_strerror(result_))));
        }
        return std::move(addresses_);
    }

  private:
    void run() noexcept {
        try {
            ask();
        } catch (const std::exception&) {
            result_ = EAI_MEMORY;
        }
        ended_ = std::chrono::steady_clock::now();
        done_.happen();
    }

    void ask() {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_ADDRCONFIG;
        addrinfo* found = nullptr;
        result_ = ::getaddrinfo(host_.c_str(), nullptr, &hints, &found);
        errno_ = errno;
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(
            result_ == 0 ? found : nullptr, &::freeaddrinfo);
        for (const auto* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
            const Poco::Net::SocketAddress address(entry->ai_addr, entry->ai_addrlen);
            addresses_.emplace_back(address.host(), port_);
        }
    }

    const std::string host_;
    const std::uint16_t port_;
    int result_ = 0;
    int errno_ = 0;
    Addresses addresses_;
    std::chrono::steady_clock::time_point ended_;
    Event done_;  // publishes the four above
};

Resolver::Resolver(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

Addresses Resolver::resolve(const Patience& patience) {
    Poco::Net::IPAddress literal;
    if (Poco::Net::IPAddress::tryParse(host_, literal)) return {{literal, port_}};
    // What an earlier call left behind may have its answer by now, or come to it: one that takes
    // longer than any call waits is of use all the same.
    if (!lookup_ || lookup_->stale()) {
        try {
            lookup_ = std::make_shared<Lookup>(host_, port_);
            Lookup::start(lookup_);
        } catch (const std::system_error& error) {
            lookup_.reset();
            throw unresolved(error.what());
        }
    }
    if (patience.wait(lookup_->fd(), POLLIN) != Waited::ready) {
        throw unresolved(in_quotes(host_) + ": no answer in time");
    }
    return std::exchange(lookup_, nullptr)->take();
}

}  // namespace hcloud::cloud
