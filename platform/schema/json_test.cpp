// At stake: every request, stored document and event passes through this reader and this writer.
// Tested by tables of inputs with the faults they must give, and by round trips.
#include "platform/schema/json.hpp"

#include <gtest/gtest.h>

namespace backline::schema {
namespace {

struct Pair {
    std::int32_t left = 0;
    std::string right;
};
BOOST_DESCRIBE_STRUCT(Pair, (), (left, right))

TEST(Smoke, reads_and_writes) {
    const Result<Pair> made = read<Pair>(R"({"left": 3, "right": "x\n"})");
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(write_json(*made), R"({"left":3,"right":"x\n"})");
    const Result<Pair> bad = read<Pair>(R"({"left": "3", "wrong": [{}]})");
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error().errors.size(), 3);
}

} // namespace
} // namespace backline::schema
