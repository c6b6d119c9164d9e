// At stake: prices in a foreign currency, SKUs that vanish from old orders, and others selling what the shop does not.
// Method: one table per rule, and what the rest of the shop is told after every kind of edit.
#include "platform/schema/json.hpp"
#include "services/catalog/products/model.hpp"

#include <gtest/gtest.h>

namespace backline::catalog {
namespace {

const ProductId id = ProductId::from_parts(Instant{Duration{1}}, 1, 1);
const Instant now{Duration{1'000}};
const Config config{};

EditVariant variant(const std::string& sku, std::int64_t cents, bool sellable = true) {
    return {Sku::of(sku), VariantName::of("Black"), {cents, Currency("EUR")}, sellable};
}

EditProduct speaker() {
    EditProduct product;
    product.slug = Slug::of("stage-speaker");
    product.name = ProductName::of("Stage Speaker");
    product.description = Text<1, 4000>::of("Loud.");
    product.status = ProductStatus::active;
    product.variants.push_back(variant("SPK-12", 50'000));
    product.variants.push_back(variant("SPK-15", 70'000));
    return product;
}

Product stored(const EditProduct& asked) {
    return *edit(nullptr, id, asked, config, now)->next;
}

ProductChanged told(const EditProduct& asked) {
    const Change<Product> change = *edit(nullptr, id, asked, config, now);
    return *static_cast<const ProductChanged*>(change.events.at(0).data.value.get());
}

std::string code_of(const Result<Change<Product>>& result) {
    return result ? "" : std::string(result.error().refusal->code);
}

std::vector<std::string> faults(const std::string& attribute) {
    const auto read = schema::read<Attribute>(attribute);
    std::vector<std::string> codes;
    if (read) return codes;
    for (const FieldError& each : read.error().errors) {
        codes.push_back(each.pointer + " " + each.code);
    }
    return codes;
}

TEST(Attribute, has_one_value_and_a_unit_beside_a_number_only) {
    const std::vector<std::string> none{};
    EXPECT_EQ(faults(R"({"name":"Power","number":500,"unit":"watt"})"), none);
    EXPECT_EQ(faults(R"({"name":"Channels","number":32})"), none);
    EXPECT_EQ(faults(R"({"name":"Colour","text":"black"})"), none);
    EXPECT_EQ(faults(R"({"name":"Dimmable","flag":true})"), none);
    EXPECT_EQ(faults(R"({"name":"Power"})"), std::vector<std::string>{"# one_value"});
    EXPECT_EQ(
        faults(R"({"name":"Power","number":1,"text":"one"})"),
        std::vector<std::string>{"# one_value"}
    );
    EXPECT_EQ(
        faults(R"({"name":"Colour","text":"black","unit":"watt"})"),
        std::vector<std::string>{"#/unit unit_alone"}
    );
    EXPECT_EQ(
        faults(R"({"name":"Power","number":1,"unit":"horse"})"),
        std::vector<std::string>{"#/unit unknown_value"}
    );
}

TEST(Variant, has_a_price_within_limits) {
    EXPECT_TRUE(check(variant("SPK-12", 0)).empty());
    EXPECT_TRUE(check(variant("SPK-12", price_max)).empty());
    for (const std::int64_t amount : {std::int64_t{-1}, price_max + 1}) {
        const std::vector<FieldError> errors = check(variant("SPK-12", amount));
        ASSERT_EQ(errors.size(), 1U);
        EXPECT_EQ(errors[0].pointer, "#/price/amount");
    }
}

TEST(Product, has_each_sku_once) {
    EditProduct twice = speaker();
    EXPECT_TRUE(check(twice).empty());
    twice.variants.push_back(variant("SPK-12", 1));
    const std::vector<FieldError> errors = check(twice);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].pointer, "#/variants/2/sku");
}

TEST(Product, is_priced_in_the_shops_currency) {
    EditProduct foreign = speaker();
    foreign.variants[1].price = {100, Currency("USD")};
    EXPECT_EQ(code_of(edit(nullptr, id, foreign, config, now)), "currency_foreign");
}

TEST(Product, keeps_every_variant_that_it_ever_had) {
    const Product before = stored(speaker());
    EditProduct fewer = speaker();
    fewer.variants.pop_back();
    EXPECT_EQ(code_of(edit(&before, id, fewer, config, now)), "sku_dropped");
    EditProduct off_sale = speaker();
    off_sale.variants[1].sellable = false;
    EXPECT_EQ(code_of(edit(&before, id, off_sale, config, now)), "");
}

TEST(Product, keeps_the_time_at_which_it_was_made) {
    const Product before = stored(speaker());
    const Instant later = now + Duration{5'000};
    EXPECT_EQ(edit(&before, id, speaker(), config, later)->next->created_at, now);
}

TEST(Product, is_listed_from_its_cheapest_variant_that_is_for_sale) {
    EditProduct product = speaker();
    EXPECT_EQ(stored(product).price_from.amount, 50'000);
    product.variants[0].sellable = false;
    EXPECT_EQ(stored(product).price_from.amount, 70'000);
    product.variants[1].sellable = false;
    EXPECT_EQ(stored(product).price_from.amount, 50'000) << "of all, where none is for sale";
}

TEST(Product, tells_others_all_its_skus_and_which_may_be_sold) {
    struct Row {
        ProductStatus status;
        bool sellable;
        bool told;
    };

    const Row rows[] = {
        {ProductStatus::active, true, true},
        {ProductStatus::active, false, false},
        {ProductStatus::draft, true, false},
        {ProductStatus::archived, true, false},
    };
    for (const Row& row : rows) {
        EditProduct product = speaker();
        product.status = row.status;
        product.variants[0].sellable = row.sellable;
        const ProductChanged news = told(product);
        ASSERT_EQ(news.variants.size(), 2U) << name_of(row.status);
        EXPECT_EQ(news.variants[0].sellable, row.told) << name_of(row.status);
    }
}

TEST(Sku, belongs_to_its_first_product) {
    const SkuOwner first{Sku::of("SPK-12"), id, now};
    EXPECT_EQ(claim_sku(nullptr, first, {})->next, first);
    const SkuOwner other{first.sku, ProductId::from_parts(now, 2, 2), now + Duration{1}};
    const auto refused = claim_sku(&first, other, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().refusal->code, "sku_taken");
}

TEST(Sku, is_claimed_again_by_a_repetition_so_that_nobody_takes_over_the_claim_before) {
    const SkuOwner first{Sku::of("SPK-12"), id, now};
    const SkuOwner again{first.sku, id, now + Duration{1}};
    const SkuOwner other{first.sku, ProductId::from_parts(now, 2, 2), now + Duration{2}};
    EXPECT_EQ(claim_sku(&first, other, first)->next, other);
    EXPECT_EQ(claim_sku(&first, again, {})->next, again);
    EXPECT_FALSE(claim_sku(&again, other, first));
}

TEST(Sku, is_taken_from_a_product_only_while_that_does_not_sell_it) {
    const Product product = stored(speaker());
    EXPECT_FALSE(disown(&product, id, Sku::of("SPK-12")));
    const auto change = disown(&product, id, Sku::of("SPK-99"));
    EXPECT_EQ(change->next->status, product.status) << "it is written, so that its edits are stale";
    const auto never_stored = disown(nullptr, id, Sku::of("SPK-99"));
    EXPECT_EQ(never_stored->next->id, id);
    EXPECT_FALSE(never_stored->next->status);
}

TEST(Product, matches_what_a_list_asks_for) {
    const Product product = stored(speaker());
    EXPECT_TRUE(matches(product, {}));
    EXPECT_TRUE(matches(product, {.name_part = "speak"}));
    EXPECT_FALSE(matches(product, {.name_part = "mixer"}));
    EXPECT_TRUE(matches(product, {.price_min = 50'000, .price_max = 50'000}));
    EXPECT_FALSE(matches(product, {.price_min = 50'001}));
    EXPECT_FALSE(matches(product, {.price_max = 49'999}));
    EXPECT_TRUE(matches(product, {.categories = {CategoryId{}}}));
    EXPECT_FALSE(matches(product, {.categories = {CategoryId::from_parts(now, 7, 7)}}));
}

} // namespace
} // namespace backline::catalog
