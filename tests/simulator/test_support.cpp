#include "tests/simulator/test_support.h"

#include "tests/lab/command.h"
#include "tests/simulator/state/state_file.h"

#include <array>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>

namespace hcloud::sim::test {

namespace net = Poco::Net;

World::Clock HandClock::clock() const {
    static constexpr std::int64_t kNoon = 1'795'435'200;  // 2026-11-23T12:00:00Z
    return [elapsed = elapsed_] {
        return Time(std::chrono::seconds(kNoon)) + std::chrono::milliseconds(elapsed->load());
    };
}

State two_servers() {
    return parse_state_text(R"(
tokens: {writer: read-write, reader: read-only}
action_duration: 500ms
networks:
  4711: {name: backend, ip_range: 10.0.0.0/16, subnets: [10.0.0.0/29]}
  4712: {name: other, ip_range: 10.1.0.0/16}
servers:
  42:
    name: web1
    location: fsn1
    public_ipv4: 203.0.113.10
    public_ipv6: "2001:db8:42::/64"
    labels: {role: web}
    private_net: [{network: 4711, ip: 10.0.0.2, alias_ips: [10.0.0.3], mac_address: "86:00:00:2a:7d:e0"}]
  43: {name: web2, location: hel1, private_net: [{network: 4711, ip: 10.0.0.4}]}
floating_ips:
  478: {name: vip, ip: 203.0.113.77, server: 42, labels: {role: vip}}
  479: {name: vip6, ip: "2001:db8:77::/64"}
metadata: {default_server: 42}
)",
                            "two servers");
}

std::string Reply::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "(none)" : found->second;
}

Client::Client(const std::string& host, std::uint16_t port)
    : session_(std::make_unique<net::HTTPClientSession>(host, port)) {
    session_->setKeepAlive(true);
}

Client::~Client() = default;

Reply Client::call(const std::string& method, const std::string& path, const std::string& body,
                   const std::string& token) {
    net::HTTPRequest request(method, path, net::HTTPMessage::HTTP_1_1);
    if (!token.empty()) request.set("Authorization", "Bearer " + token);
    if (!body.empty()) request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session_->sendRequest(request) << body;
    net::HTTPResponse response;
    std::istream& stream = session_->receiveResponse(response);
    Reply reply;
    reply.status = response.getStatus();
    for (const auto& [name, value] : response)
        reply.headers[name] = value;
    Poco::StreamCopier::copyToString(stream, reply.body);
    return reply;
}

RawClient::RawClient(std::uint16_t port)
    : socket_(std::make_unique<net::StreamSocket>(net::SocketAddress("127.0.0.1", port))) {
    socket_->setReceiveTimeout(Poco::Timespan(std::chrono::seconds(lab::kPatience).count(), 0));
}

RawClient::RawClient(std::uint16_t port, const std::string& path) : RawClient(port) {
    send("GET " + path + " HTTP/1.1\r\nHost: sim\r\n\r\n");
}

RawClient RawClient::sending(std::uint16_t port, const std::string& bytes) {
    RawClient client(port);
    client.send(bytes);
    client.socket_->shutdownSend();
    return client;
}

RawClient::RawClient(RawClient&&) noexcept = default;
RawClient::~RawClient() = default;

void RawClient::send(const std::string& bytes) {
    socket_->sendBytes(bytes.data(), static_cast<int>(bytes.size()));
}

std::string RawClient::read() {
    std::array<char, 4096> bytes{};
    try {
        const int count = socket_->receiveBytes(bytes.data(), static_cast<int>(bytes.size()));
        return {bytes.data(), static_cast<std::size_t>(count)};
    } catch (const net::ConnectionResetException&) {
        throw ConnectionReset("connection reset");
    }
}

std::string RawClient::read_all() {
    std::string all;
    for (std::string some = read(); !some.empty(); some = read())
        all += some;
    return all;
}

bool RawClient::quiet() const {
    return !socket_->poll(Poco::Timespan(0, 0), net::Socket::SELECT_READ);
}

Cloud::Cloud(State state)
    : simulation_(std::move(state), clock_.clock()), server_(simulation_), port_(0) {
    const std::string url = server_.listen({"127.0.0.1", 0});
    port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

Reply Cloud::call(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& token) {
    return Client("127.0.0.1", port_).call(method, path, body, token);
}

std::int64_t Cloud::fault(const nlohmann::json& order) {
    const Reply reply = call("PUT", "/_sim/faults", order.dump());
    if (reply.status != 201) throw std::runtime_error("no fault: " + reply.body);
    return reply.json()["id"];
}

}  // namespace hcloud::sim::test
