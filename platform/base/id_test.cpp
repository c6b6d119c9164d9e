// At stake: ids are the keys of every document, and lists are sorted by them.
// Tested against the layout of RFC 9562, by round trips over random bytes, and with texts that are nearly ids.
#include "platform/base/id.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace backline {
namespace {

struct OrderTag {
    static constexpr std::string_view prefix = "ord";
};

using OrderId = Id<OrderTag>;

constexpr std::string_view good = "ord_01jd8xw9b2f0aqv1e4m7k3t5nz";

Instant at(std::int64_t millis) {
    return Instant{Duration{millis}};
}

TEST(Id, is_a_uuid_of_version_7) {
    const IdBytes bytes = OrderId::from_parts(at(0x0123'4567'89AB), ~0ULL, ~0ULL).bytes();
    const IdBytes expected{
        0x01,
        0x23,
        0x45,
        0x67,
        0x89,
        0xAB,
        0x7F,
        0xFF,
        0xBF,
        0xFF,
        0xFF,
        0xFF,
        0xFF,
        0xFF,
        0xFF,
        0xFF
    };
    EXPECT_EQ(bytes, expected);
}

TEST(Id, has_a_text_that_is_known) {
    EXPECT_EQ(OrderId{}.text(), "ord_00000000000000000000000000");
    IdBytes ones;
    ones.fill(0xFF);
    EXPECT_EQ(OrderId::from_bytes(ones).text(), "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    EXPECT_EQ(OrderId::of(good).text(), good);
}

RC_GTEST_PROP(Id, comes_back_from_its_text, (const std::array<std::uint8_t, 16>& bytes)) {
    const OrderId id = OrderId::from_bytes(bytes);
    RC_ASSERT(OrderId::parse(id.text()) == id);
}

RC_GTEST_PROP(
    Id, sorts_by_text_as_by_time, (std::uint32_t early, std::uint16_t later, std::uint64_t random)
) {
    const OrderId first = OrderId::from_parts(at(early), ~0ULL, random);
    const OrderId second = OrderId::from_parts(at(std::int64_t{early} + later + 1), 0, ~random);
    RC_ASSERT(first < second);
    RC_ASSERT(first.text() < second.text());
}

TEST(Id, refuses_what_is_nearly_one) {
    for (const std::string_view bad :
         {"",
          "ord_",
          "01jd8xw9b2f0aqv1e4m7k3t5nz",
          "ORD_01jd8xw9b2f0aqv1e4m7k3t5nz",
          "ord_01JD8XW9B2F0AQV1E4M7K3T5NZ",
          "ord-01jd8xw9b2f0aqv1e4m7k3t5nz",
          "usr_01jd8xw9b2f0aqv1e4m7k3t5nz",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5n",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5nzz",
          "ord_81jd8xw9b2f0aqv1e4m7k3t5nz",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5ni",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5nl",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5no",
          "ord_01jd8xw9b2f0aqv1e4m7k3t5nu",
          "ord_z1jd8xw9b2f0aqv1e4m7k3t5nz",
          " rd_01jd8xw9b2f0aqv1e4m7k3t5nz"}) {
        EXPECT_FALSE(OrderId::parse(bad)) << bad;
    }
}

TEST(Id, documents_itself) {
    EXPECT_EQ(OrderId::rules.pattern, "^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$");
    EXPECT_TRUE(OrderId::parse(OrderId::rules.example));
    EXPECT_EQ(OrderId::rules.max, good.size());
}

} // namespace
} // namespace backline
