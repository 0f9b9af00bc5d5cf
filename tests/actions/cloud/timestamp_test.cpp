// Timestamps as the API writes them now, as it wrote them, and as it does not.
#include "actions/cloud/timestamp.h"

#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using namespace std::chrono;

TEST(Timestamp, IsReadOldAndNew) {
    const auto expected = sys_days(2016y / January / 30) + 23h + 55min + 7s;
    for (const char* text : {"2016-01-30T23:55:07Z", "2016-01-30T23:55:07+00:00",
                             "2016-01-30T23:55:07.5Z", "2016-01-30T23:55:07.123456789+00:00",
                             "2016-01-31T01:25:07+01:30", "2016-01-30T18:55:07-05:00"}) {
        EXPECT_EQ(parse_timestamp(text), expected) << text;
    }
}

TEST(Timestamp, KnowsTheCalendar) {
    EXPECT_EQ(parse_timestamp("2024-02-29T00:00:00Z"), sys_days(2024y / February / 29));
    EXPECT_EQ(parse_timestamp("2023-02-29T00:00:00Z"), std::nullopt);
    EXPECT_EQ(parse_timestamp("2016-12-31T23:59:60Z"), sys_days(2017y / January / 1));
}

TEST(Timestamp, IsNothingElse) {
    for (const char* text : {"",
                             "Z",
                             "2016-01-30",
                             "2016-01-30T23:55:07",
                             "2016-01-30T23:55:07z",
                             "2016-01-30 23:55:07Z",
                             "2016-01-30T23:55Z",
                             "2016-13-30T23:55:07Z",
                             "2016-00-30T23:55:07Z",
                             "2016-01-32T23:55:07Z",
                             "2016-01-30T24:55:07Z",
                             "2016-01-30T23:60:07Z",
                             "2016-01-30T23:55:61Z",
                             "2016-01-30T23:55:07.Z",
                             "2016-01-30T23:55:07.5",
                             "2016-01-30T23:55:07+0000",
                             "2016-01-30T23:55:07+24:00",
                             "2016-01-30T23:55:07ZZ",
                             "2016-1-30T23:55:07Z",
                             "2016-01-30T-3:55:07Z",
                             "1969-12-31T23:59:59Z",
                             "9999-01-01T00:00:00Z",
                             " 2016-01-30T23:55:07Z",
                             "2016-01-30T23:55:+7Z"}) {
        EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace hcloud::cloud
