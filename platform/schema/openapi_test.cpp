// At stake: clients are generated from these schemas; a wrong limit is a request that should have worked and does not.
// Tested by exact texts, and each text is read back as JSON.
#include "platform/schema/json.hpp"
#include "platform/schema/openapi.hpp"
#include "platform/schema/sample_test.hpp"

#include <gtest/gtest.h>

namespace backline::schema {

namespace tree {

struct Node {
    std::vector<Node> children;
};
BOOST_DESCRIBE_STRUCT(Node, (), (children))

} // namespace tree

namespace other {

struct Node {
    std::vector<Node> children;
};
BOOST_DESCRIBE_STRUCT(Node, (), (children))

} // namespace other

namespace {

TEST(OpenApi, refers_to_objects_and_enums_and_spells_out_the_rest) {
    Components components;
    EXPECT_EQ(components.use(type_of<Money>()), R"({"$ref":"#/components/schemas/Money"})");
    EXPECT_EQ(components.use(type_of<bool>()), R"({"type":"boolean"})");
    EXPECT_EQ(
        components.use(type_of<std::vector<Bounded<int, -2, 7>>>()),
        R"({"type":"array","items":{"type":"integer","minimum":-2,"maximum":7},"maxItems":1000})"
    );
    EXPECT_EQ(components.use(type_of<Json>()), "{}");
}

TEST(OpenApi, writes_limits_required_and_prose) {
    Components components;
    (void)components.use(type_of<sample::Line>());
    EXPECT_EQ(
        components.json(),
        R"({"Line":{"type":"object","properties":{)"
        R"("sku":{"type":"string","minLength":3,"maxLength":8,)"
        R"("pattern":"^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$","examples":["MIX-X32"]},)"
        R"("quantity":{"type":"integer","minimum":1,"maximum":5},)"
        R"("note":{"type":"string","minLength":1,"maxLength":4,)"
        R"("pattern":"^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$"}},)"
        R"("required":["sku","quantity"],"additionalProperties":false}})"
    );
}

TEST(OpenApi, collects_everything_that_a_type_leads_to) {
    Components components;
    (void)components.use(type_of<sample::Order>());
    const std::string json = components.json();
    for (const std::string_view part :
         {R"("Address":{"type":"object")",
          R"("Line":{)",
          R"("Money":{)",
          R"("Status":{"type":"string","enum":["placed","paid"]})",
          R"("description":"An order.")",
          R"("gift":{"type":"boolean","description":"Wrap it."})",
          R"("minItems":1,"maxItems":3)",
          R"("remark":{"anyOf":[{"type":"string")",
          R"("maxLength":8,"pattern":"^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$","writeOnly":true)",
          R"("extra":{})"}) {
        EXPECT_NE(json.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(read<Json>(json)->text, json);
}

TEST(OpenApi, ends_where_a_struct_leads_back_to_itself) {
    EXPECT_EQ(
        schema_json(type_of<tree::Node>()),
        R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/Node",)"
        R"("$defs":{"Node":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Node"},)"
        R"("maxItems":1000}},"required":["children"],"additionalProperties":false}}})"
    );
    EXPECT_EQ(
        schema_json(type_of<Json>()),
        R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})"
    );
}

TEST(OpenApi, refuses_two_types_of_one_name) {
    Components components;
    (void)components.use(type_of<tree::Node>());
    (void)components.use(type_of<tree::Node>());
    EXPECT_THROW((void)components.use(type_of<other::Node>()), InvariantBroken);
}

} // namespace
} // namespace backline::schema
