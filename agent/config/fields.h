// Places in Config, as functions to put into the table of keys.
#pragma once

#include "agent/config/keys.h"

namespace hcloud::agent::config {

template <auto section, auto member>
auto& in(Config& config) {
    return (config.*section).*member;
}

/// Of the last record of a list.
template <auto section, auto list, auto member>
auto& in_last(Config& config) {
    return ((config.*section).*list).back().*member;
}

template <auto section, auto list>
RecordList::Access records_in() {
    return {[](Config& config) { ((config.*section).*list).emplace_back(); },
            [](Config& config) { ((config.*section).*list).pop_back(); },
            [](const Config& config) { return ((config.*section).*list).size(); }};
}

}  // namespace hcloud::agent::config
