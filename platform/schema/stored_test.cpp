// At stake: during a rolling upgrade old code rewrites documents of new code, and must lose nothing.
// Tested with documents that hold more, less and other than the struct.
#include "platform/schema/json.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {
namespace {

using sample::Order;
using sample::order_with;

struct Stored {
    Order order;
    std::string unknown;
};

Stored load(std::string_view text) {
    Stored stored;
    unwrap(read_stored(type_of<Order>(), &stored.order, text, stored.unknown));
    return stored;
}

std::string save(const Stored& stored) {
    std::string text;
    write_stored(type_of<Order>(), &stored.order, stored.unknown, text);
    return text;
}

TEST(Stored, comes_back_as_it_was) {
    const Stored stored = load(sample::valid_order);
    EXPECT_EQ(stored.unknown, "");
    EXPECT_EQ(save(stored), sample::valid_order);
}

TEST(Stored, keeps_members_of_newer_versions_in_nested_objects_too) {
    const std::string newer =
        R"({"id":"ord_01jd8xw9b2f0aqv1e4m7k3t5nz","status":"paid","gift":false,)"
        R"("total":{"amount":250,"currency":"EUR","rate":{"at":[1,2.50,"\t"]}},)"
        R"("placed_at":"2026-11-23T09:00:00.000Z","address":{"city":"Köln","zip":"50667","geo":null},)"
        R"("lines":[{"sku":"MIX-X32","quantity":2}],"counts":{},"channel":"web","flags":[true,{"x":{}}]})";
    Stored stored = load(newer);
    EXPECT_EQ(save(stored), newer);
    stored.order.gift = true;
    stored.order.address.city = Text<2, 10>::of("Bonn");
    EXPECT_NE(
        save(stored).find(R"("address":{"city":"Bonn","zip":"50667","geo":null})"),
        std::string::npos
    );
}

TEST(Stored, does_not_keep_members_inside_lists) {
    const Stored stored = load(order_with(R"("quantity":2)", R"("quantity":2,"colour":{"a":1})"));
    EXPECT_EQ(stored.unknown, "");
    EXPECT_EQ(save(stored), sample::valid_order);
}

TEST(Stored, forgets_members_of_an_object_that_is_gone) {
    std::string unknown;
    std::optional<sample::Address> address;
    unwrap(read_stored(
        type_of<std::optional<sample::Address>>(), &address, R"({"city":"Bonn","zip":1})", unknown
    ));
    address.reset();
    std::string text;
    write_stored(type_of<std::optional<sample::Address>>(), &address, unknown, text);
    EXPECT_EQ(text, "null");
}

TEST(Stored, keeps_defaults_for_what_is_missing_or_null) {
    const Result<Order> order =
        read<Order>(R"({"lines":null,"total":{"amount":7},"status":null})", Reading::tolerant);
    ASSERT_TRUE(order);
    EXPECT_TRUE(order->gift);
    EXPECT_EQ(order->status, sample::Status::placed);
    EXPECT_EQ(order->total, (Money{7, Currency{}}));
    EXPECT_FALSE(order->paid_at);
}

TEST(Stored, keeps_values_that_break_newer_limits) {
    const Result<Order> order = read<Order>(
        R"({"lines":[{"sku":"a b","quantity":99,"note":"far too long"},{},{},{},{}],"address":{"city":""},)"
        R"("placed_at":"2026-11-23T09:00:00Z","paid_at":"2026-11-22T09:00:00Z"})",
        Reading::tolerant
    );
    ASSERT_TRUE(order);
    EXPECT_EQ(order->lines.size(), 5);
    EXPECT_EQ(order->lines[0].sku.text(), "a b");
    EXPECT_EQ(order->lines[0].quantity.value(), 99);
    EXPECT_EQ(order->lines[0].note->text(), "far too long");
}

TEST(Stored, still_refuses_what_cannot_be_held) {
    for (const auto& [from, to] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {R"("gift":false)", R"("gift":1)"},
             {R"("paid")", R"("shipped")"},
             {"ord_", "usr_"},
             {R"("counts":{})", R"("counts":{"a":4294967296})"},
             {":250", ":2.5"},
             {"23T09", "23x09"}
         }) {
        EXPECT_FALSE(read<Order>(order_with(from, to), Reading::tolerant)) << to;
    }
}

TEST(Stored, holds_secrets_that_nothing_else_shows) {
    Stored stored = load(order_with(R"("counts":{})", R"("counts":{},"pin":"1234")"));
    ASSERT_TRUE(stored.order.pin);
    EXPECT_EQ(stored.order.pin->reveal().text(), "1234");
    EXPECT_NE(save(stored).find(R"("pin":"1234")"), std::string::npos);
    EXPECT_THROW((void)write_json(stored.order), InvariantBroken);
    std::string shown;
    write_masked(type_of<Order>(), &stored.order, shown);
    EXPECT_NE(shown.find(R"("pin":"***")"), std::string::npos);
}

} // namespace
} // namespace backline::schema
