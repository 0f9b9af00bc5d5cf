// Any text is a time or none.
#include "actions/cloud/timestamp.h"

#include "tests/fuzz/check.h"

#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto time = hcloud::cloud::parse_timestamp(text);
    if (!time) return 0;
    const auto year =
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*time)).year();
    hcloud::fuzz::check(year >= std::chrono::year(1969) && year <= std::chrono::year(2201),
                        "the year is one of those allowed, give or take the offset");
    hcloud::fuzz::check(text.size() >= 20, "nothing short is a time");
    return 0;
}
