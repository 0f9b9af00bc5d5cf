#include "tests/lab/scripted_server.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hcloud::lab {

namespace {

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int listen_on_loopback(int backlog) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const auto address = loopback(0);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("bind");
    if (::listen(fd, backlog) != 0) fail("listen");
    return fd;
}

std::uint16_t port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
    return ntohs(address.sin_port);
}

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;  // the client is gone, which may be what the test is about
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::size_t body_size(const std::string& header) {
    const std::string key = "\r\ncontent-length: ";
    const auto same = [](char a, char b) { return std::tolower(a) == b; };
    const auto at = std::search(header.begin(), header.end(), key.begin(), key.end(), same);
    if (at == header.end()) return 0;
    return std::strtoul(&*at + key.size(), nullptr, 10);
}

int connect_to_loopback(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const auto address = loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        fail("connect");
    }
    return fd;
}

/// Whatever either has to say to the other; false once one of them is gone.
bool pass_on(int one, int other) {
    std::array<pollfd, 2> entries{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
    if (::poll(entries.data(), entries.size(), -1) < 0) return errno == EINTR;
    std::array<char, 16384> buffer{};
    for (const auto& entry : entries) {
        if (entry.revents == 0) continue;
        const auto count = ::recv(entry.fd, buffer.data(), buffer.size(), 0);
        if (count <= 0) return false;
        const int target = entry.fd == one ? other : one;
        if (!send_all(target, {buffer.data(), static_cast<std::size_t>(count)})) return false;
    }
    return true;
}

/// Waits for the client to go, whatever it says; true if it went.
bool client_gone(int fd, std::chrono::milliseconds wait) {
    pollfd entry{fd, POLLRDHUP, 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) <= 0) return false;
    return (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

bool ScriptedServer::Peer::read_request() {
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n")) {
        if (::recv(fd_, &byte, 1, 0) != 1) return false;
        request += byte;
    }
    const auto header = request.size();
    request.resize(header + body_size(request));
    if (request.size() > header) {
        const auto size = static_cast<ssize_t>(request.size() - header);
        if (::recv(fd_, request.data() + header, request.size() - header, MSG_WAITALL) != size) {
            return false;
        }
    }
    request_ = request;
    server_.record(std::move(request));
    return true;
}

bool ScriptedServer::Peer::send(std::string_view bytes) const {
    return send_all(fd_, bytes);
}

void ScriptedServer::Peer::trickle(std::string_view bytes, std::chrono::milliseconds pause) const {
    for (const char& byte : bytes) {
        if (!send_all(fd_, {&byte, 1}) || client_gone(fd_, pause)) return;
    }
}

void ScriptedServer::Peer::reset() {
    const linger now{1, 0};
    if (::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) != 0) fail("SO_LINGER");
}

void ScriptedServer::Peer::hang() const {
    while (!client_gone(fd_, std::chrono::hours(1))) {
    }
}

void ScriptedServer::Peer::relay(std::uint16_t port) const {
    const int other = connect_to_loopback(port);
    while (pass_on(fd_, other)) {
    }
    ::close(other);
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts)
    : scripts_(std::move(scripts)), listener_(listen_on_loopback(16)), port_(port_of(listener_)) {
    if (scripts_.empty()) throw std::invalid_argument("a scripted server needs a script");
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes accept(2)
    acceptor_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int fd : open_)
            ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& worker : workers_)
        worker.join();
    ::close(listener_);
}

std::string ScriptedServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::size_t ScriptedServer::open() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
}

void ScriptedServer::record(std::string request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
}

void ScriptedServer::accept_all() {
    for (std::size_t number = 0;; ++number) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        ++connections_;
        {
            const std::lock_guard lock(mutex_);
            open_.push_back(fd);
        }
        workers_.emplace_back([this, fd, number] { serve(fd, number); });
    }
}

void ScriptedServer::serve(int fd, std::size_t number) {
    Peer peer(*this, fd);
    scripts_[std::min(number, scripts_.size() - 1)](peer);
    const std::lock_guard lock(mutex_);
    open_.remove(fd);
    ::close(fd);
}

ScriptedServer::Script answer(std::string bytes) {
    return [bytes = std::move(bytes)](ScriptedServer::Peer& peer) {
        if (peer.read_request()) peer.send(bytes);
    };
}

ScriptedServer::Script answer_all(std::string bytes) {
    return [bytes = std::move(bytes)](ScriptedServer::Peer& peer) {
        while (peer.read_request())
            peer.send(bytes);
    };
}

std::string http(std::string_view body, std::string_view status, std::string_view headers) {
    std::ostringstream text;
    text << "HTTP/1.1 " << status << "\r\n"
         << headers << "Content-Length: " << body.size() << "\r\n\r\n"
         << body;
    return text.str();
}

std::string http_chunked(std::string_view body, std::size_t size) {
    std::ostringstream text;
    text << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" << std::hex;
    for (std::size_t at = 0; at < body.size(); at += size) {
        const auto chunk = body.substr(at, size);
        text << chunk.size() << "\r\n" << chunk << "\r\n";
    }
    text << "0\r\n\r\n";
    return text.str();
}

DeafListener::DeafListener() : listener_(listen_on_loopback(0)), port_(port_of(listener_)) {
    // With a backlog of 0 Linux queues one connection; from then on it drops every SYN.
    filler_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port_);
    if (::connect(filler_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        fail("connect");
    }
}

DeafListener::~DeafListener() {
    ::close(filler_);
    ::close(listener_);
}

bool DeafListener::being_called() const {
    std::ostringstream pattern;  // remote address, then state 02: SYN_SENT
    pattern << std::uppercase << std::hex << " 0100007F:";
    pattern.width(4);
    pattern.fill('0');
    pattern << port_ << " 02 ";
    std::ifstream table("/proc/self/net/tcp");
    for (std::string line; std::getline(table, line);) {
        if (line.find(pattern.str()) != std::string::npos) return true;
    }
    return false;
}

std::uint16_t unused_port() {
    const int fd = listen_on_loopback(1);
    const auto port = port_of(fd);
    ::close(fd);
    return port;
}

}  // namespace hcloud::lab
