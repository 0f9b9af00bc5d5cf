// Private to this folder: numbers of the kernel's interface that older kernel headers lack.
#pragma once

#include <cstdint>

namespace hcloud::host {

inline constexpr std::uint16_t kIfaProto = 11;          // IFA_PROTO, linux/if_addr.h of 5.18
inline constexpr std::uint32_t kInfinity = 0xFFFFFFFF;  // INFINITY_LIFE_TIME of net/addrconf.h

}  // namespace hcloud::host
