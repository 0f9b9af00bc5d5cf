// The names of parameterised cases.
#pragma once

namespace hcloud::agent {

inline constexpr auto kName = [](const auto& info) { return info.param.name; };

}  // namespace hcloud::agent
