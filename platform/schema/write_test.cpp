// At stake: whatever is written must be read back as the same value, by us and by any other JSON reader.
// Tested by exact texts and by round trips over random orders.
#include "platform/base/utf8.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace backline::schema {
namespace {

using sample::Order;

std::string as_json_string(std::string_view text) {
    std::string out;
    append_json_string(text, out);
    return out;
}

TEST(Write, escapes_what_json_wants_escaped) {
    using namespace std::string_view_literals;
    EXPECT_EQ(as_json_string("plain"), R"("plain")");
    EXPECT_EQ(as_json_string("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
    EXPECT_EQ(as_json_string("\0\x01\x1f\x7f"sv), "\"\\u0000\\u0001\\u001f\x7f\"");
    EXPECT_EQ(as_json_string("Köln 🎸"), "\"Köln 🎸\"");
}

TEST(Write, makes_invalid_utf8_visible_instead_of_passing_it_on) {
    EXPECT_EQ(as_json_string("a\xFFz"), "\"a\uFFFDz\"");
    EXPECT_EQ(as_json_string("\xE2\x82"), "\"\uFFFD\uFFFD\"");
    EXPECT_EQ(as_json_string("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST(Write, keeps_the_order_of_the_description_and_leaves_out_what_is_empty) {
    Order order = *read<Order>(sample::valid_order);
    EXPECT_EQ(write_json(order), sample::valid_order);
    order.remark = Patch<Text<1, 4>>::null();
    order.counts = {{"b", -1}, {"a\"", 2}};
    order.extra = Json{R"({"x":1})"};
    EXPECT_TRUE(
        write_json(order).ends_with(R"("counts":{"a\"":2,"b":-1},"remark":null,"extra":{"x":1}})")
    );
}

TEST(Write, knows_the_edges) {
    EXPECT_EQ(write_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(write_json(std::vector<std::optional<int>>{1, std::nullopt}), "[1,null]");
    EXPECT_EQ(
        *read<std::vector<std::optional<int>>>("[1,null]"),
        (std::vector<std::optional<int>>{1, std::nullopt})
    );
    EXPECT_EQ(write_json(std::map<std::string, bool>{}), "{}");
    EXPECT_EQ(write_json(Json{}), "null");
}

Text<1, 4> any_text() {
    return Text<1, 4>::of(*rc::gen::element<std::string>("a", "äö", "\"\\\n\t", "🎸é€ ", "</s>"));
}

sample::Line any_line() {
    sample::Line line{
        .sku = sample::Sku::of("ABC"), .quantity = Bounded<int, 1, 5>::of(*rc::gen::inRange(1, 6))
    };
    if (*rc::gen::arbitrary<bool>()) line.note = any_text();
    return line;
}

Order any_order() {
    Order order;
    order.id = sample::OrderId::from_bytes(*rc::gen::arbitrary<IdBytes>());
    order.status = *rc::gen::element(sample::Status::placed, sample::Status::paid);
    order.gift = *rc::gen::arbitrary<bool>();
    order.total = Money{*rc::gen::arbitrary<std::int64_t>(), Currency("JPY")};
    order.placed_at =
        Instant{Duration{*rc::gen::inRange<std::int64_t>(-1'000'000, 4'000'000'000'000)}};
    order.address.city = Text<2, 10>::of("x" + any_text().text());
    order.lines.resize(*rc::gen::inRange<std::size_t>(1, 4));
    for (sample::Line& line : order.lines) line = any_line();
    order.counts = *rc::gen::container<std::map<std::string, std::int32_t>>(
        rc::gen::element<std::string>("", "a", "/~ ", "\n\"", "ключ"),
        rc::gen::arbitrary<std::int32_t>()
    );
    if (*rc::gen::arbitrary<bool>()) order.paid_at = order.placed_at + Duration{1};
    order.remark = *rc::gen::arbitrary<bool>() ? Patch<Text<1, 4>>::null() : Patch(any_text());
    return order;
}

RC_GTEST_PROP(Write, comes_back_through_both_readers, ()) {
    const Order order = any_order();
    const std::string text = write_json(order);
    RC_ASSERT(unwrap(read<Order>(text)) == order);
    RC_ASSERT(unwrap(read<Order>(text, Reading::tolerant)) == order);
    RC_ASSERT(write_json(*read<Order>(text)) == text);
}

RC_GTEST_PROP(Write, makes_a_json_string_of_any_bytes, (const std::string& bytes)) {
    const Result<Json> back = read<Json>(as_json_string(bytes), Reading::tolerant);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->text == as_json_string(bytes));
}

} // namespace
} // namespace backline::schema
