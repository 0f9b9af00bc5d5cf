// Private to this folder: dump requests and changes as rtnetlink messages.
#pragma once

#include "actions/host/change.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <libmnl/libmnl.h>

namespace hcloud::host {

/// One request in a buffer of its own.
class Message {
  public:
    static constexpr std::size_t kCapacity = 256;

    Message(std::uint16_t type, std::uint16_t flags);

    /// The fixed part after the netlink header, zeroed; once, before any attribute.
    template <class Header>
    Header& add_header() {
        static_assert(sizeof(nlmsghdr) + sizeof(Header) <= kCapacity);
        return *static_cast<Header*>(mnl_nlmsg_put_extra_header(header(), sizeof(Header)));
    }

    void put(std::uint16_t attribute, std::span<const std::uint8_t> value);  // throws host::Error
    void put_u8(std::uint16_t attribute, std::uint8_t value) { put(attribute, {&value, 1}); }
    void put_u32(std::uint16_t attribute, std::uint32_t value);

    void set_sequence(std::uint32_t sequence) { header()->nlmsg_seq = sequence; }
    /// The kernel answers failures only.
    void answer_only_failure() { header()->nlmsg_flags &= static_cast<std::uint16_t>(~NLM_F_ACK); }
    std::span<const std::uint8_t> bytes() const;

  private:
    nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(buffer_.data()); }

    alignas(nlmsghdr) std::array<std::uint8_t, kCapacity> buffer_{};
};

Message link_dump();
Message address_dump();
Message route_dump(int family);  // the main table's unicast routes, where the kernel can filter

/// Why the kernel must not be asked for this change: it would do something else than is meant.
/// Empty if it may be asked.
std::string refusal(const Change& change);

/// An acknowledged request. `with_protocol`: send IFA_PROTO.
Message build(const Change& change, bool with_protocol);

/// The metric under which the kernel keeps a route: IPv6 replaces 0.
std::uint32_t effective_metric(const Route& route);

}  // namespace hcloud::host
