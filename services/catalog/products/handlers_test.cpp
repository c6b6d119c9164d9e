// At stake: a SKU that two products sell, or that is lost to a request which was cut off.
// Method: additions and edits that are refused, cut off at every await, and overtaken after every step.
#include "services/catalog/products/feature_test.hpp"

namespace backline::catalog {
namespace {

/// Claims lapse at once, so that whoever comes second may always try to take over.
class ImpatientCatalog : public ProductsFeature {
protected:
    ImpatientCatalog() : ProductsFeature(Config{.sku_claim_ms = {}}) {}

    /// Sends `second` when `first` has come so far, and waits for the end of both.
    void race(const Ask& first, int steps, const Ask& second) {
        bench.begin(first);
        for (int i = 0; i < steps; ++i) bench.step();
        bench.begin(second);
        bench.advance(Duration{1'000});
    }
};

} // namespace

TEST_F(ProductsFeature, are_whole_or_not_there_after_a_crash_and_a_repetition_completes_them) {
    for (int steps = 0; steps < 40; ++steps) {
        const std::string number = std::to_string(steps + 10);
        const Sample sample{
            .slug = "speaker-" + number, .skus = {"SPK-A-" + number, "SPK-B-" + number}
        };
        const Ask asked = addition(sample, "key-crash-" + number);
        bench.begin(asked);
        for (int i = 0; i < steps; ++i) bench.step();
        bench.restart();
        const Answer made = bench.call(asked);
        ASSERT_EQ(made.status, 201) << "crash after step " << steps << made.body;
        EXPECT_EQ(page(made).read<ProductView>().variants.size(), 2U);
    }
    bench.settle();
    EXPECT_EQ(bench.events<ProductChanged>().size(), 40U);
}

TEST_F(ProductsFeature, a_refused_addition_leaves_its_skus_free) {
    add({.slug = "taken", .skus = {"SPK-TAKEN"}});
    const Sample refused[] = {
        {.slug = "taken", .skus = {"SPK-FREE"}},
        {.slug = "other", .skus = {"SPK-FREE", "SPK-TAKEN"}},
        {.slug = "other", .skus = {"SPK-FREE"}, .currency = "USD"},
        {.slug = "other", .skus = {"SPK-FREE"}, .category = "cat_01jd8xw9b2f0aqv1e4m7k3t5nz"},
    };
    const std::string codes[] = {"slug_taken", "sku_taken", "currency_foreign", "category_missing"};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(add(refused[i]).code(), codes[i]);
    EXPECT_EQ(add({.slug = "other", .skus = {"SPK-FREE"}}).status, 201);
}

TEST_F(ProductsFeature, two_that_race_for_a_sku_get_one_yes_and_one_no) {
    const std::vector<Answer> answers = bench.call_at_once(
        {addition({.slug = "one-one"}, "key-one-1"), addition({.slug = "two-two"}, "key-two-2")}
    );
    EXPECT_EQ(answers[0].status + answers[1].status, 201 + 409);
    EXPECT_EQ(answers[0].code() + answers[1].code(), "sku_taken");
}

TEST_F(ProductsFeature, that_were_never_completed_lose_their_skus_to_others_after_a_minute) {
    int taken_over = 0;
    for (int steps = 0; steps < 40; ++steps) {
        const std::string number = std::to_string(steps + 10);
        const std::vector<std::string> skus{"SPK-A-" + number, "SPK-B-" + number};
        const Ask asked = addition({.slug = "lost-" + number, .skus = skus}, "key-lost-" + number);
        bench.begin(asked);
        for (int i = 0; i < steps; ++i) bench.step();
        bench.restart();
        const Sample other{.slug = "other-" + number, .skus = skus};
        const bool was_claimed = add(other).code() == "sku_taken";
        bench.advance(Duration{60'000});
        if (was_claimed && add(other).status == 201) ++taken_over;
        bench.restart();
        bench.call(asked);
        EXPECT_EQ(owners(skus[0]), 1) << "crash after step " << steps;
        EXPECT_EQ(owners(skus[1]), 1) << "crash after step " << steps;
    }
    EXPECT_GT(taken_over, 0);
}

TEST_F(ImpatientCatalog, gives_a_sku_to_one_of_two_additions_however_they_overtake_one_another) {
    for (int steps = 0; steps < 40; ++steps) {
        const std::string number = std::to_string(steps + 10);
        const std::string a = "SPK-A-" + number;
        const std::string b = "SPK-B-" + number;
        const Ask first = addition({.slug = "one-" + number, .skus = {a, b}}, "key-one-" + number);
        const Ask second = addition({.slug = "two-" + number, .skus = {b, a}}, "key-two-" + number);
        race(first, steps, second);
        EXPECT_LE(owners(a), 1) << "overtaken after step " << steps;
        EXPECT_LE(owners(b), 1) << "overtaken after step " << steps;
    }
}

TEST_F(ImpatientCatalog, gives_a_sku_to_an_edit_or_an_addition_but_not_to_both) {
    for (int steps = 0; steps < 60; ++steps) {
        const std::string number = std::to_string(steps + 10);
        const std::string wanted = "SPK-B-" + number;
        Sample edited{.slug = "one-" + number, .skus = {"SPK-A-" + number}};
        const Answer known = add(edited);
        edited.skus.push_back(wanted);
        for (const char* more : {"C-", "D-", "E-", "F-"}) edited.skus.push_back(more + number);
        Ask first = edit(known, edited);
        const Sample added{.slug = "two-" + number, .skus = {wanted}};
        if (steps % 2 == 1) first.headers = {{"If-Match", "*"}};
        race(first, steps, addition(added, "key-two-" + number));
        EXPECT_EQ(owners(wanted), 1) << "overtaken after step " << steps;
    }
}

TEST_F(ImpatientCatalog, knows_nothing_of_an_addition_that_was_given_up) {
    const Ask asked = addition({.slug = "given-up", .skus = {"SPK-12"}}, "key-given-up");
    bench.begin(asked);
    while (bench.documents<SkuOwner>("catalog.skus").empty()) ASSERT_TRUE(bench.step());
    bench.restart();
    ASSERT_EQ(add({.slug = "taken-over", .skus = {"SPK-12"}}).status, 201);
    const Answer again = bench.call(asked);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "addition_given_up");
    for (const Product& product : bench.documents<Product>("catalog.products")) {
        const std::string target = "/v1/products/" + product.id.text();
        const bool exists = product.status.has_value();
        EXPECT_EQ(bench.call({"GET", target, {}, staff}).status, exists ? 200 : 404);
        Ask change{"PUT", target, body({}), staff, {{"If-Match", "\"7\""}}};
        EXPECT_EQ(bench.call(change).status, exists ? 412 : 404);
    }
    EXPECT_EQ(listed("", staff), "taken-over ");
    EXPECT_EQ(add({.slug = "given-up", .skus = {"SPK-13"}}).status, 201) << "its slug is free";
}

} // namespace backline::catalog
