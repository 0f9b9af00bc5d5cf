// Where tests find the checkout and the programs of their build. No path is compiled in: ccache
// would miss in every other checkout.
#pragma once

#include <string>

namespace hcloud::lab {

/// A file or folder of the checkout by its path in there. The checkout is $HCLOUD_SOURCE_DIR, or
/// what the build folder with the running program was made from.
std::string in_source(const std::string& path);

/// A program of this build, beside the running one. $HCLOUD_SIMULATOR names another
/// hcloud-simulator, so that an instrumented build can use a faster one.
std::string program(const std::string& name);

}  // namespace hcloud::lab
