// One line of the ledger, as a value.
#pragma once

#include "actions/host/ip.h"

#include <string>

namespace hcloud::host {

struct LedgerEntry {
    int link = 0;  // 0 for what is on no link
    Prefix prefix;
    std::string purpose;  // the planner's word: "private", "alias", "floating", "guard"
    auto operator<=>(const LedgerEntry&) const = default;
};

}  // namespace hcloud::host
