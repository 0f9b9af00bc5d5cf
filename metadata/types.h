// What the metadata service says about this server, as plain values.
//
// Addresses, prefixes and MAC addresses are text that has been validated and brought to canonical
// form ("10.0.0.2", "10.0.0.0/8", "86:00:00:2a:7d:e0" in lower case), so equal things compare
// equal. Free of Poco and YAML: the planner includes this header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hcloud::metadata {

enum class ErrorKind {
    unreachable,  // no connection: refused, no route, connect time-out
    timeout,      // connected, but no complete answer in time, or cancelled
    broken,       // connection reset, truncated body, not HTTP
    status,       // an HTTP status that says neither "here it is" nor "there is none"
    too_large,    // more than the size limit
    malformed,    // a complete answer that does not parse or has a wrong type
};

struct Error {
    ErrorKind kind;
    std::string request;  // "GET http://169.254.169.254/hetzner/v1/metadata/private-networks"
    std::string detail;   // what came instead, one line, at most a few hundred characters
    bool operator==(const Error&) const = default;
};

/// "GET http://… failed: connection refused": one line for a person.
std::string to_string(const Error& error);

/// The service said that there is none: 404, 204, or an empty 200 where that is legal.
/// Not a licence to delete anything: only a complete, valid value shrinks what is configured.
struct Absent {
    std::string how;  // "404", "204", "empty 200"
    bool operator==(const Absent&) const = default;
};

/// A value, known to be absent, or unknown (the error says why).
template <typename T>
class Answer {
  public:
    Answer(T value) : state_(std::move(value)) {}         // NOLINT: conversions are the point
    Answer(Absent absent) : state_(std::move(absent)) {}  // NOLINT
    Answer(Error error) : state_(std::move(error)) {}     // NOLINT

    const T* value() const { return std::get_if<T>(&state_); }
    const Absent* absent() const { return std::get_if<Absent>(&state_); }
    const Error* error() const { return std::get_if<Error>(&state_); }

    bool operator==(const Answer&) const = default;

  private:
    std::variant<T, Absent, Error> state_;
};

/// One entry of `private-networks`. `network` is the whole network's range, whose first address is
/// the gateway; `subnet` is informative. The order of entries says nothing: match interfaces by
/// MAC.
struct PrivateNetwork {
    std::string ip;
    std::vector<std::string> alias_ips;
    std::string mac_address;
    std::string network;  // CIDR
    std::string subnet;   // CIDR; may be empty
    std::string gateway;
    std::string network_name;
    std::int64_t network_id = 0;
    std::int64_t interface_num = 0;
    bool operator==(const PrivateNetwork&) const = default;
};

/// `broken` holds one text per entry that could not be understood. While there is one, the list is
/// not complete and must not shrink anything.
struct PrivateNetworks {
    std::vector<PrivateNetwork> entries;
    std::vector<std::string> broken;
    bool operator==(const PrivateNetworks&) const = default;
};

/// What `network-config` says about the public interface. Undocumented; everything may be missing.
struct NetworkConfig {
    std::string mac_address;             // of the public NIC; empty without a public network
    std::vector<std::string> addresses;  // static ones, "2001:db8::1/64"
    bool operator==(const NetworkConfig&) const = default;
};

/// The root document.
struct Root {
    std::int64_t instance_id = 0;
    std::string hostname;
    std::optional<std::string> public_ipv4;
    std::string availability_zone;  // "hel1-dc2", or a bare location "hel1"; empty if missing
    std::string region;
    NetworkConfig network_config;
    bool operator==(const Root&) const = default;
};

}  // namespace hcloud::metadata
