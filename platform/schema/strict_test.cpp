// At stake: this reader stands between strangers and the shop; what it lets in is believed by everything behind it.
// Tested by a table: one valid order, one change per row, and the faults that the change must give.
#include "platform/schema/json.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {
namespace {

using sample::Order;
using sample::order_with;

/// `pointer code, pointer code`, or the code of the refusal when it is not `invalid`; `ok` when all is well.
std::string faults(const Result<Order>& read) {
    if (read) return "ok";
    if (read.error().refusal->code != "invalid") return std::string(read.error().refusal->code);
    std::string text;
    for (const FieldError& error : read.error().errors) {
        text.append(text.empty() ? "" : ", ").append(error.pointer).append(" ").append(error.code);
    }
    return text;
}

struct Row {
    std::string_view from, to, faults;
};

void expect(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        EXPECT_EQ(faults(read<Order>(order_with(row.from, row.to))), row.faults) << row.to;
    }
}

TEST(Strict, reads_a_valid_order) {
    const Result<Order> order = read<Order>(sample::valid_order);
    ASSERT_TRUE(order) << faults(order);
    EXPECT_EQ(order->id.text(), "ord_01jd8xw9b2f0aqv1e4m7k3t5nz");
    EXPECT_EQ(order->status, sample::Status::paid);
    EXPECT_FALSE(order->gift);
    EXPECT_EQ(order->total, (Money{250, Currency("EUR")}));
    EXPECT_EQ(order->address.city.text(), "Köln");
    EXPECT_EQ(order->lines.at(0).quantity.value(), 2);
    EXPECT_TRUE(order->remark.is_absent());
}

TEST(Strict, tells_wrong_types) {
    expect({
        {R"("gift":false)", R"("gift":0)", "#/gift wrong_type"},
        {R"("gift":false)", R"("gift":"false")", "#/gift wrong_type"},
        {R"("amount":250)", R"("amount":"250")", "#/total/amount wrong_type"},
        {R"("amount":250)", R"("amount":true)", "#/total/amount wrong_type"},
        {R"("status":"paid")", R"("status":1)", "#/status wrong_type"},
        {R"("city":"Köln")", R"("city":5)", "#/address/city wrong_type"},
        {R"("city":"Köln")", R"("city":["Köln"])", "#/address/city wrong_type"},
        {R"({"city":"Köln"})", R"([1,{"a":[2]}])", "#/address wrong_type"},
        {R"({"city":"Köln"})", R"("Köln")", "#/address wrong_type"},
        {R"([{"sku":"MIX-X32","quantity":2}])", R"({"sku":"MIX-X32"})", "#/lines wrong_type"},
        {R"({"sku":"MIX-X32","quantity":2})", R"(7)", "#/lines/0 wrong_type"},
        {R"("counts":{})", R"("counts":[])", "#/counts wrong_type"},
        {R"("counts":{})", R"("counts":{"a":"b"})", "#/counts/a wrong_type"},
    });
}

TEST(Strict, takes_whole_numbers_only_and_rounds_none) {
    expect({
        {R"(:250)", R"(:9223372036854775807)", "ok"},
        {R"(:250)", R"(:-9223372036854775808)", "ok"},
        {R"(:250)", R"(:-0)", "ok"},
        {R"(:250)", R"(:9223372036854775808)", "#/total/amount out_of_range"},
        {R"(:250)", R"(:18446744073709551616)", "#/total/amount out_of_range"},
        {R"(:250)", R"(:250.0)", "#/total/amount wrong_type"},
        {R"(:250)", R"(:2.5e2)", "#/total/amount wrong_type"},
        {R"(:250)", R"(:1e400)", "#/total/amount wrong_type"},
        {R"(:250)", R"(:0250)", "malformed_json"},
        {R"(:250)", R"(:+250)", "malformed_json"},
        {R"(:250)", R"(:NaN)", "malformed_json"},
        {R"("counts":{})", R"("counts":{"a":2147483648})", "#/counts/a out_of_range"},
    });
}

TEST(Strict, enforces_limits) {
    expect({
        {R"("quantity":2)", R"("quantity":0)", "#/lines/0/quantity out_of_range"},
        {R"("quantity":2)", R"("quantity":6)", "#/lines/0/quantity out_of_range"},
        {R"("quantity":2)", R"("quantity":2,"note":"")", "#/lines/0/note too_short"},
        {R"("quantity":2)", R"("quantity":2,"note":"12345")", "#/lines/0/note too_long"},
        {R"("quantity":2)", R"("quantity":2,"note":"äöüß")", "ok"},
        {R"("quantity":2)", R"("quantity":2,"note":"a\rb")", "#/lines/0/note bad_format"},
        {R"(MIX-X32)", R"(MIX X32)", "#/lines/0/sku bad_format"},
        {R"(ord_01jd)", R"(ord_01JD)", "#/id bad_format"},
        {R"(ord_01jd)", R"(ord_01j)", "#/id too_short"},
        {R"("EUR")", R"("eur")", "#/total/currency bad_format"},
        {R"("paid")", R"("shipped")", "#/status unknown_value"},
        {R"(23T09)", R"(23 09)", "#/placed_at bad_format"},
        {R"([{"sku":"MIX-X32","quantity":2}])", R"([])", "#/lines too_few"},
    });
}

TEST(Strict, counts_elements) {
    const std::string line = R"({"sku":"MIX-X32","quantity":2})";
    const std::string five = line + "," + line + "," + line + "," + line + ",{";
    EXPECT_EQ(faults(read<Order>(order_with("[{", "[" + five))), "#/lines too_many");
    std::string counts = R"("counts":{)";
    for (int key = 0; key < 1002; ++key) counts += "\"" + std::to_string(key) + "\":1,";
    counts.back() = '}';
    EXPECT_EQ(faults(read<Order>(order_with(R"("counts":{})", counts))), "#/counts too_many");
}

TEST(Strict, tells_keys_that_are_missing_unknown_or_there_twice) {
    expect({
        {R"("city":"Köln")", "", "#/address/city missing"},
        {R"("city":"Köln")", R"("city":"Köln","zip":1)", "#/address/zip unknown_field"},
        {R"("city":"Köln")", R"("city":"Köln","zip":{"a":[{}]})", "#/address/zip unknown_field"},
        {R"("city":"Köln")", R"("city":"Köln","a/b~c d":1)", "#/address/a~1b~0c%20d unknown_field"},
        {R"("city":"Köln")", R"("city":"Köln","city":"Bonn")", "#/address/city duplicate_key"},
        {R"("city":"Köln")", R"("city":"Köln","c\u0069ty":"Bonn")", "#/address/city duplicate_key"},
        {R"("city":"Köln")", R"("city":"Köln","City":"Bonn")", "#/address/City unknown_field"},
        {R"("city":"Köln")", R"("city":"Köln","":1)", "#/address/ unknown_field"},
        {R"("counts":{})", R"("counts":{"a":1,"b":2,"a":3})", "#/counts/a duplicate_key"},
        {R"("counts":{})", R"("counts":{},"extra":{"a":[{"b":1,"b":2}]})", "#/extra duplicate_key"},
    });
}

TEST(Strict, takes_null_only_where_it_means_something) {
    expect({
        {R"("gift":false)", R"("gift":null)", "#/gift null_not_allowed"},
        {R"({"city":"Köln"})", R"(null)", "#/address null_not_allowed"},
        {R"("counts":{})", R"("counts":{"a":null})", "#/counts/a null_not_allowed"},
        {R"("counts":{})", R"("counts":{},"paid_at":null)", "#/paid_at null_not_allowed"},
        {R"("counts":{})", R"("counts":{},"remark":null)", "ok"},
        {R"("counts":{})", R"("counts":{},"extra":null)", "#/extra null_not_allowed"},
        {R"("counts":{})", R"("counts":{},"extra":{"a":null})", "ok"},
    });
    EXPECT_TRUE(
        read<Order>(order_with(R"("counts":{})", R"("counts":{},"remark":null)"))->remark.is_null()
    );
}

TEST(Strict, tells_everything_at_once_in_the_order_of_the_text) {
    EXPECT_EQ(
        faults(read<Order>(
            R"({"id":1,"lines":[{"quantity":9},{"sku":"MIX-X32","quantity":1,"x":0}],"gift":true})"
        )),
        "#/id wrong_type, #/lines/0/quantity out_of_range, #/lines/0/sku missing, #/lines/1/x "
        "unknown_field, "
        "#/status missing, #/total missing, #/placed_at missing, #/address missing, #/counts "
        "missing"
    );
}

TEST(Strict, says_what_to_do) {
    const Result<Order> order =
        read<Order>(order_with(R"("quantity":2)", R"("quantity":9,"nots":"x")"));
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().errors.at(0).detail, "must be a whole number from 1 to 5");
    EXPECT_EQ(
        order.error().errors.at(1).detail, "is not known here; known are: sku, quantity, note"
    );
    EXPECT_EQ(order.error().refusal->status, 422);
}

TEST(Strict, asks_for_rules_between_fields_when_the_fields_are_right) {
    const auto paid = [](std::string_view more) {
        return order_with(
            R"("counts":{})", R"("counts":{},"paid_at":"2026-11-23T08:59:59Z")" + std::string(more)
        );
    };
    EXPECT_EQ(faults(read<Order>(paid(""))), "#/paid_at too_early");
    EXPECT_EQ(faults(read<Order>(paid(R"(,"x":1)"))), "#/x unknown_field");
}

TEST(Strict, tells_at_most_64_faults) {
    std::string text = "{";
    for (int key = 0; key < 1000; ++key) text += "\"x" + std::to_string(key) + "\":1,";
    text.back() = '}';
    const Result<Order> order = read<Order>(text);
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().errors.size(), 64);
}

TEST(Config, keeps_defaults_and_is_strict_otherwise) {
    EXPECT_EQ(faults(read<Order>(R"({"address":{"city":"Bonn"}})", Reading::config)), "ok");
    EXPECT_TRUE(read<Order>("{}", Reading::config)->gift);
    EXPECT_EQ(
        faults(read<Order>(R"({"gifd":true,"address":{"city":"x"}})", Reading::config)),
        "#/gifd unknown_field, #/address/city too_short"
    );
}

} // namespace
} // namespace backline::schema
