// At stake: paths, queries and environment variables obey the same limits as bodies.
// Tested by a table per kind.
#include "platform/schema/plain.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {

namespace {

template <class T> std::string code(std::string_view text) {
    T value{};
    const std::optional<Fault> fault = put_plain(type_of<T>(), &value, text);
    return fault ? std::string(fault->code) : "ok " + plain_text(type_of<T>(), &value);
}

TEST(Plain, reads_every_scalar) {
    EXPECT_EQ(code<int>("-12"), "ok -12");
    EXPECT_EQ(code<bool>("true"), "ok true");
    EXPECT_EQ(code<sample::Status>("paid"), "ok paid");
    EXPECT_EQ(code<sample::Sku>("MIX"), "ok MIX");
    EXPECT_EQ(code<std::optional<Instant>>("2026-11-23T09:00:00Z"), "ok 2026-11-23T09:00:00.000Z");
}

TEST(Plain, refuses_what_is_none) {
    for (const std::string_view bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "1e3", "one"}) {
        EXPECT_EQ(code<int>(bad), "wrong_type") << bad;
    }
    EXPECT_EQ(code<int>("99999999999999999999"), "out_of_range");
    EXPECT_EQ(code<std::int8_t>("128"), "out_of_range");
    EXPECT_EQ(code<bool>("TRUE"), "wrong_type");
    EXPECT_EQ(code<sample::Status>("Paid"), "unknown_value");
    EXPECT_EQ(code<sample::OrderId>("ord_1"), "too_short");
}

TEST(Plain, has_no_text_for_secrets) {
    const Secret<std::string> secret("x");
    EXPECT_THROW((void)plain_text(type_of<Secret<std::string>>(), &secret), InvariantBroken);
}

} // namespace
} // namespace backline::schema
