// At stake: a body that comes back otherwise than it was written is a document that somebody has changed.
// How: odd bodies one by one, and JSON made by chance, there and back, compared byte by byte.
#include "adapters/mongo/json.hpp"
#include "platform/base/invariant.hpp"
#include "platform/schema/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <charconv>
#include <string>

namespace backline::mongo {
namespace {

std::string there_and_back(const std::string& json) {
    Bson document;
    append_json(document, "body", json);
    return json_at(View(document), "body");
}

bson_type_t type_of(const std::string& json) {
    Bson document;
    append_json(document, "body", json);
    return View(document).find("body")->type();
}

TEST(MongoJson, gives_back_every_kind_of_value) {
    for (const char* json : {
             R"({})",
             R"([])",
             R"({"a":[],"b":{},"c":[[],[{}]]})",
             R"({"z":1,"a":2,"m":{"z":1,"a":2}})",
             R"([true,false,null])",
             R"({"":"empty key","a b":"","quote\"":"\\\n\u0001"})",
             R"("text")",
             R"("a NUL: \u0000.")",
             R"(null)",
         }) {
        EXPECT_EQ(there_and_back(json), json);
    }
}

TEST(MongoJson, takes_keys_of_the_database_for_data) {
    for (const char* json : {
             R"({"$set":{"a":1}})",
             R"({"$oid":"5f","$date":{"$numberLong":"1"},"$binary":{"base64":"","subType":"00"}})",
             R"({"a.b":1,".":2,"$":3,"a.$.b":"$$NOW","_id":{"$ref":"x"}})",
         }) {
        EXPECT_EQ(there_and_back(json), json);
    }
}

TEST(MongoJson, keeps_numbers_as_they_were_written) {
    for (const char* json : {
             "0",
             "-1",
             "9007199254740993",
             "9223372036854775807",
             "-9223372036854775808",
             "9223372036854775808",
             "18446744073709551616",
             "123456789012345678901234567890",
             "-0",
             "0.1",
             "-0.0",
             "1.0",
             "1.50",
             "1e5",
             "1E-7",
             "1e+100",
             "5e-324",
             "2.2250738585072014e-308",
             "0.30000000000000004",
         }) {
        EXPECT_EQ(there_and_back(json), json);
    }
}

TEST(MongoJson, stores_numbers_as_numbers_where_they_come_back) {
    EXPECT_EQ(type_of("9007199254740993"), BSON_TYPE_INT64);
    EXPECT_EQ(type_of("0.1"), BSON_TYPE_DOUBLE);
    EXPECT_EQ(type_of("1.50"), BSON_TYPE_BINARY);
    EXPECT_EQ(type_of(R"("1")"), BSON_TYPE_UTF8);
}

TEST(MongoJson, nests_as_deep_as_sixty_four) {
    const std::string json = std::string(64, '[') + std::string(64, ']');
    EXPECT_EQ(there_and_back(json), json);
    EXPECT_THROW(there_and_back("[" + json + "]"), InvariantBroken);
}

TEST(MongoJson, takes_what_no_writer_of_ours_wrote_for_a_bug) {
    for (const char* json : {"", "{", "{} {}", "nothing", R"({"a\u0000b":1})"}) {
        EXPECT_THROW(there_and_back(json), InvariantBroken) << json;
    }
}

std::string any_text() {
    std::string json;
    schema::append_json_string(*rc::gen::arbitrary<std::string>(), json);
    return json;
}

std::string any_key() {
    std::string json;
    const auto text =
        *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)));
    schema::append_json_string(text, json);
    return json;
}

std::string any_fraction() {
    std::array<char, 64> digits{};
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) value = 0.5;
    const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), done.ptr};
}

std::string any_json(int depth);

std::string any_members(int depth, bool named) {
    std::string json = named ? "{" : "[";
    const int count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) {
        if (i > 0) json += ',';
        if (named) json += any_key() + ':';
        json += any_json(depth - 1);
    }
    return json + (named ? '}' : ']');
}

std::string any_word() {
    return *rc::gen::element<std::string>("true", "false", "null");
}

std::string any_json(int depth) {
    const int kind = *rc::gen::inRange(0, depth > 0 ? 6 : 4);
    if (kind == 0) return any_text();
    if (kind == 1) return std::to_string(*rc::gen::arbitrary<std::int64_t>());
    if (kind == 2) return any_fraction();
    if (kind == 3) return any_word();
    return any_members(depth, kind == 4);
}

RC_GTEST_PROP(MongoJson, gives_back_whatever_is_json, ()) {
    const std::string json = any_json(5);
    RC_ASSERT(there_and_back(json) == json);
}

} // namespace
} // namespace backline::mongo
