// At stake: reader, writer, store and documents all believe the field table.
// Tested on one struct that holds every kind; what the compiler refuses is listed in comments, since it cannot run.
#include "platform/base/equal.hpp"
#include "platform/base/field_value.hpp"
#include "platform/base/id.hpp"
#include "platform/base/money.hpp"
#include "platform/base/type.hpp"

#include <gtest/gtest.h>

namespace backline::type_test {

struct NodeTag {
    static constexpr std::string_view prefix = "nod";
};

enum class Shade : std::uint8_t { light, dark_, black = 200 };
BOOST_DESCRIBE_ENUM(Shade, light, dark_, black)

struct Node {
    static constexpr FieldDoc docs[] = {{"", "Anything."}, {"template", "What it is made from."}};

    bool on = false;
    bool off = false;
    std::string template_;
    Id<NodeTag> id;
    Money price;
    Shade shade = Shade::light;
    Instant made_at{};
    std::optional<Money> discount;
    std::vector<Node> children;
    std::map<std::string, Money> prices;
    Patch<std::string> note;
    Secret<std::string> key;
};
BOOST_DESCRIBE_STRUCT(
    Node, (), (on, off, template_, id, price, shade, made_at, discount, children, prices, note, key)
)

std::vector<FieldError> check(const Node&) {
    return {};
}

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

constexpr std::string_view schema_name_of(Shade) {
    return "NodeShade";
}

namespace {

// Each of these stops the build with a sentence: a field left out anywhere (even a bool that fits into padding), two
// swapped fields, a base class, a doc for a field that is not there, an undescribed struct or enum, std::uint64_t.

TEST(Type, lists_fields_as_they_are_declared) {
    const ObjectOps& node = *type_of<Node>().object;
    ASSERT_EQ(node.fields.size(), 12);
    EXPECT_EQ(node.fields[2].name, "template");
    const Node sample;
    const void* const start = &sample;
    const auto field = [&](std::size_t index) -> const void* {
        return static_cast<const std::byte*>(start) + node.fields[index].offset;
    };
    EXPECT_EQ(field(2), &sample.template_);
    EXPECT_EQ(field(11), &sample.key);
    EXPECT_TRUE(node.fields[0].required);
    EXPECT_FALSE(node.fields[7].required);
    EXPECT_FALSE(node.fields[10].required);
    EXPECT_NE(node.check, nullptr);
    EXPECT_EQ(type_of<Nothing>().object->fields.size(), 0);
    EXPECT_EQ(type_of<Nothing>().object->check, nullptr);
}

TEST(Type, has_names_and_one_address) {
    EXPECT_EQ(type_of<Node>().name, "Node");
    EXPECT_EQ(type_of<Shade>().name, "NodeShade");
    EXPECT_EQ(&type_of<Node>().object->fields[8].type().list->element(), &type_of<Node>());
}

TEST(Type, names_enum_values_as_on_the_wire) {
    EXPECT_EQ(name_of(Shade::dark_), "dark");
    EXPECT_EQ(name_of(Shade::black), "black");
    EXPECT_THROW((void)name_of(static_cast<Shade>(77)), InvariantBroken);
}

FieldValue at(const Node& node, std::string_view path) {
    return field_value(type_of<Node>(), &node, path);
}

TEST(FieldValue, finds_every_scalar) {
    Node node;
    node.on = true;
    node.template_ = "oak";
    node.price = Money{250, Currency("EUR")};
    node.shade = Shade::dark_;
    node.made_at = Instant{Duration{42}};
    node.prices["vip"] = Money{7, Currency("USD")};
    node.key = Secret<std::string>("hash");
    EXPECT_EQ(at(node, "on"), FieldValue(1));
    EXPECT_EQ(at(node, "template"), FieldValue("oak"));
    EXPECT_EQ(at(node, "id"), FieldValue("nod_00000000000000000000000000"));
    EXPECT_EQ(at(node, "price.amount"), FieldValue(250));
    EXPECT_EQ(at(node, "price.currency"), FieldValue("EUR"));
    EXPECT_EQ(at(node, "shade"), FieldValue("dark"));
    EXPECT_EQ(at(node, "made_at"), FieldValue(42));
    EXPECT_EQ(at(node, "prices.vip.amount"), FieldValue(7));
    EXPECT_EQ(at(node, "key"), FieldValue("hash"));
}

TEST(FieldValue, is_nothing_where_something_is_empty) {
    Node node;
    EXPECT_EQ(at(node, "discount.amount"), FieldValue());
    EXPECT_EQ(at(node, "prices.vip.amount"), FieldValue());
    EXPECT_EQ(at(node, "note"), FieldValue());
    node.discount = Money{1, Currency("EUR")};
    EXPECT_EQ(at(node, "discount.amount"), FieldValue(1));
}

TEST(FieldValue, finds_wrong_paths_before_there_are_values) {
    for (const std::string_view bad :
         {"", "nope", "price", "price.nope", "discount.nope", "children", "on.off", "price."}) {
        EXPECT_THROW((void)at(Node{}, bad), InvariantBroken) << bad;
        EXPECT_THROW((void)field_type(type_of<Node>(), bad), InvariantBroken) << bad;
    }
    EXPECT_EQ(field_type(type_of<Node>(), "discount.amount").kind, Kind::integer);
}

TEST(Equal, looks_at_everything_that_is_described) {
    const auto same = [](const Node& left, const Node& right) {
        return equal(type_of<Node>(), &left, &right);
    };
    Node node;
    node.children.resize(2);
    node.prices["a"] = Money{};
    EXPECT_TRUE(same(node, node));
    std::vector<Node> others(7, node);
    others[0].off = true;
    others[1].children[1].template_ = "x";
    others[2].prices["a"].amount = 1;
    others[3].discount = Money{};
    others[4].note = Patch<std::string>::null();
    others[5].key = Secret<std::string>("x");
    others[6].shade = Shade::black;
    for (const Node& other : others) EXPECT_FALSE(same(node, other));
}

} // namespace
} // namespace backline::type_test
