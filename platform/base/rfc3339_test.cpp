// At stake: a time that is read wrongly moves deadlines and reports.
// Tested by a table of texts and their milliseconds, and by round trips.
#include "platform/base/invariant.hpp"
#include "platform/base/rfc3339.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace backline {
namespace {

struct Reading {
    std::string_view text;
    std::int64_t millis;
};

TEST(Rfc3339, reads_zones_and_decimals) {
    for (const Reading& row :
         {Reading{"1970-01-01T00:00:00Z", 0},
          {"1970-01-01T00:00:00.5Z", 500},
          {"1970-01-01T00:00:00.123456789Z", 123},
          {"1970-01-01T01:00:00+01:00", 0},
          {"1969-12-31T18:30:00.001-05:30", 1},
          {"2024-02-29T23:59:59.999Z", 1709251199999},
          {"2026-11-23T09:00:00.000Z", 1795424400000}}) {
        const std::optional<Instant> read = parse_rfc3339(row.text);
        ASSERT_TRUE(read) << row.text;
        EXPECT_EQ(read->time_since_epoch().count(), row.millis) << row.text;
    }
}

TEST(Rfc3339, refuses_what_is_no_time) {
    for (const std::string_view bad :
         {"",
          "2026",
          "2026-11-23",
          "2026-11-23T09:00:00",
          "2026-11-23 09:00:00Z",
          "2026-11-23t09:00:00z",
          "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z",
          "2026-00-10T00:00:00Z",
          "2026-04-31T00:00:00Z",
          "2026-11-23T24:00:00Z",
          "2026-11-23T09:60:00Z",
          "2026-12-31T23:59:60Z",
          "2026-11-23T09:00:00.Z",
          "2026-11-23T09:00:00.0123456789Z",
          "2026-11-23T09:00Z",
          "2026-11-23T09:00:00+1:00",
          "2026-11-23T09:00:00+24:00",
          "2026-11-23T09:00:00+01:60",
          "2026-11-23T09:00:00Zx",
          "+2026-11-23T09:00:00Z",
          "2026-11-23T09:00:00,5Z",
          "2O26-11-23T09:00:00Z",
          "0000-01-01T00:00:00+00:01",
          "9999-12-31T23:59:59-00:01",
          "2026-11-23T09:00:00+0100",
          "-026-11-23T09:00:00Z"}) {
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
    }
}

TEST(Rfc3339, writes_milliseconds_and_z) {
    EXPECT_EQ(to_rfc3339(Instant{Duration{1795424400007}}), "2026-11-23T09:00:00.007Z");
    EXPECT_EQ(to_rfc3339(Instant{Duration{-1}}), "1969-12-31T23:59:59.999Z");
    EXPECT_THROW((void)to_rfc3339(Instant{Duration{std::int64_t{1} << 62}}), InvariantBroken);
}

RC_GTEST_PROP(Rfc3339, reads_what_it_wrote, ()) {
    const auto millis = *rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000);
    const Instant instant{Duration{millis}};
    RC_ASSERT(parse_rfc3339(to_rfc3339(instant)) == instant);
}

} // namespace
} // namespace backline
