// At stake: a page with the wrong price or stock, and drafts that strangers read.
// Method: the routes, events of inventory in any order, replays and races.
#include "services/catalog/products/feature_test.hpp"

namespace backline::catalog {

TEST_F(ProductsFeature, are_added_shown_and_told) {
    const Answer made = add({.skus = {"SPK-12", "SPK-15"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const ProductView view = page(made).read<ProductView>();
    EXPECT_EQ(view.variants.size(), 2U);
    EXPECT_EQ(view.attributes.front().number->value(), 500);
    EXPECT_EQ(page(made).etag(), "\"1\"");
    bench.settle();
    const auto told = bench.events<ProductChanged>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].product, view.id);
    EXPECT_TRUE(told[0].variants[1].sellable);
}

TEST_F(ProductsFeature, show_what_inventory_said_last) {
    const Answer made = add({});
    EXPECT_EQ(shown(made), 0);
    stock("SPK-12", 4, {"SPK-12", 2});
    EXPECT_EQ(shown(made), 4);
    stock("SPK-12", 9, {"SPK-12", 1});
    EXPECT_EQ(shown(made), 4) << "an older event came late";
    stock("SPK-12", 10, {"SPK-12", 3});
    EXPECT_EQ(shown(made), 10) << "ten stands for ten or more";
    stock("SPK-12", 1, {"SPK-12", 1, 2});
    EXPECT_EQ(shown(made), 1) << "a restore began a new epoch";
}

TEST_F(ProductsFeature, answer_a_repeated_addition_with_the_same_bytes) {
    const Ask asked = addition({}, "key-speaker-1");
    const Answer first = bench.call(asked);
    stock("SPK-12", 4, {"SPK-12"});
    bench.call(edit(first, {.name = "Renamed"}));
    bench.advance(Duration{5'000});
    const Answer again = bench.call(asked);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(page(first).read<ProductView>().name.text(), "Renamed");
    const Answer other = bench.call(addition({.cents = 1}, "key-speaker-1"));
    EXPECT_EQ(other.code(), "idempotency_key_reused");
}

TEST_F(ProductsFeature, are_added_once_when_the_request_is_sent_twice_at_once) {
    const Ask asked = addition({}, "key-speaker-1");
    const std::vector<Answer> answers = bench.call_at_once({asked, asked});
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[1].body, answers[0].body);
    EXPECT_EQ(page(answers[0]).etag(), "\"1\"");
}

TEST_F(ProductsFeature, change_with_the_version_that_was_read) {
    const Answer made = add({});
    const Answer changed = bench.call(edit(made, {.skus = {"SPK-12", "SPK-15"}, .cents = 60'000}));
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.etag(), "\"2\"");
    const Ask late = edit(made, {.skus = {"SPK-12", "SPK-15"}, .cents = 1});
    EXPECT_EQ(bench.call(late).code(), "version_stale");
    Ask blind = edit(made, {});
    blind.headers = {};
    EXPECT_EQ(bench.call(blind).code(), "version_required");
    EXPECT_EQ(bench.call(edit(changed, {})).code(), "sku_dropped");
}

TEST_F(ProductsFeature, of_two_edits_of_one_version_at_once_one_is_refused) {
    const Answer made = add({});
    const std::vector<Answer> answers =
        bench.call_at_once({edit(made, {.cents = 60'000}), edit(made, {.cents = 70'000})});
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].status, 412);
    EXPECT_EQ(page(made).read<ProductView>().variants[0].price.amount, 60'000);
}

TEST_F(ProductsFeature, show_drafts_to_staff_only_and_sell_nothing_of_them) {
    const Answer draft = add({.status = "draft"});
    EXPECT_EQ(page(draft).code(), "product_unknown");
    EXPECT_EQ(page(draft, staff).status, 200);
    EXPECT_EQ(listed(""), "");
    EXPECT_EQ(listed("?status=draft", staff), "stage-speaker ");
    bench.call(edit(draft, {.status = "archived"}));
    bench.settle();
    for (const ProductChanged& news : bench.events<ProductChanged>()) {
        EXPECT_FALSE(news.variants.at(0).sellable);
    }
}

TEST_F(ProductsFeature, are_kept_for_strangers_until_something_that_is_shown_changes) {
    const Answer made = add({});
    EXPECT_TRUE(page(made).cacheable);
    EXPECT_FALSE(page(made, staff).cacheable);
    EXPECT_TRUE(bench.call({"GET", "/v1/products"}).cacheable);
}

TEST_F(ProductsFeature, are_sent_again_when_their_stock_changed_and_they_did_not) {
    const Answer made = add({});
    const std::string address = "/v1/products/" + made.read<ProductView>().id.text();
    const Ask ask{"GET", address, {}, {}, {{"If-None-Match", made.etag()}}};
    EXPECT_EQ(bench.call(ask).status, 200);
    stock("SPK-12", 4, {"SPK-12", 1});
    const Answer answer = bench.call(ask);
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.read<ProductView>().variants[0].available.value(), 4);
}

TEST_F(ProductsFeature, can_be_paged_past_the_longest_name) {
    std::string name;
    for (int i = 0; i < 160; ++i) {
        name += "\xe9\x9f\xb3"; // The largest ProductName, in a script of three bytes.
    }
    add({.name = name, .slug = "s-1", .skus = {"SKU-1"}});
    add({.name = name, .slug = "s-2", .skus = {"SKU-2"}});
    const Rows first = bench.call({"GET", "/v1/products?sort=name&limit=1"}).read<Rows>();
    ASSERT_TRUE(first.next);
    const Answer second =
        bench.call({"GET", "/v1/products?sort=name&limit=1&after=" + *first.next});
    ASSERT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.read<Rows>().items.size(), 1U);
}

TEST_F(ProductsFeature, are_sorted) {
    add_several();
    EXPECT_EQ(listed(""), "stage-speaker small-mixer big-bass ");
    EXPECT_EQ(listed("?status=active"), listed("")) << "what strangers get anyway";
    EXPECT_EQ(listed("?sort=name"), "big-bass small-mixer stage-speaker ");
    EXPECT_EQ(listed("?sort=price"), "small-mixer stage-speaker big-bass ");
    EXPECT_EQ(listed("?sort=price_descending"), "big-bass stage-speaker small-mixer ");
}

TEST_F(ProductsFeature, are_filtered) {
    add_several();
    EXPECT_EQ(listed("?category=" + speakers), "stage-speaker big-bass ") << "with what is below";
    EXPECT_EQ(listed("?category=" + subwoofers), "big-bass ");
    EXPECT_EQ(listed("?q=SMALL"), "small-mixer ");
    EXPECT_EQ(listed("?price_min=50000&price_max=89999"), "stage-speaker ");
    EXPECT_EQ(listed("?category=" + mixers + "&q=bass"), "");
    EXPECT_EQ(listed("?status=archived", staff), "old-speaker ");
}

TEST_F(ProductsFeature, come_page_by_page_without_gaps_or_repetitions) {
    for (int i = 10; i < 25; ++i) {
        const std::string number = std::to_string(i);
        const bool odd = i % 2 == 1;
        add(
            {.name = (odd ? "Odd " : "Even ") + number,
             .slug = "s-" + number,
             .skus = {"SKU-" + number}}
        );
    }
    for (const std::string filter : {"&q=odd", ""}) {
        std::string all;
        std::string query = "?sort=name&limit=3" + filter;
        for (int pages = 0; pages < 10 && !query.empty(); ++pages) {
            const Answer answer = bench.call({"GET", "/v1/products" + query});
            const Rows rows = answer.read<Rows>();
            for (const ProductRow& row : rows.items) all += row.slug.text().substr(2) + " ";
            query = rows.next ? "?sort=name&limit=3" + filter + "&after=" + *rows.next : "";
        }
        EXPECT_EQ(
            all,
            filter.empty() ? "10 12 14 16 18 20 22 24 11 13 15 17 19 21 23 "
                           : "11 13 15 17 19 21 23 "
        );
    }
}

TEST_F(ProductsFeature, refuse_what_cannot_be) {
    const Sample good{};

    struct Row {
        Ask ask;
        int status;
        std::string code;
    };

    Ask anonymous = addition(good, "key-anon-1");
    anonymous.as.clear();
    Ask customer = addition(good, "key-cust-1");
    customer.as = as("usr_ada");
    const std::string nobody = "/v1/products/prd_01jd8xw9b2f0aqv1e4m7k3t5nz";
    const Row rows[] = {
        {anonymous, 401, "token_missing"},
        {customer, 403, "permission_missing"},
        {addition({.skus = {"SPK-12", "SPK-12"}}, "key-twice-1"), 422, "invalid"},
        {addition({.cents = -1}, "key-minus-1"), 422, "invalid"},
        {addition({.skus = {}}, "key-empty-1"), 422, "invalid"},
        {addition({.slug = "Not A Slug"}, "key-slugs-1"), 422, "invalid"},
        {{"GET", nobody}, 404, "product_unknown"},
        {{"PUT", nobody, body(good), staff}, 404, "product_unknown"},
        {{"GET", "/v1/products?status=draft"}, 401, "token_missing"},
        {{"GET", "/v1/products?status=archived", {}, as("usr_ada")}, 403, "permission_missing"},
        {{"GET", "/v1/products?sort=random"}, 422, "invalid"},
        {{"GET", "/v1/products?after=nonsense"}, 422, "invalid"},
        {{"GET", "/v1/products?limit=101"}, 422, "invalid"},
    };
    for (const Row& row : rows) {
        const Answer answer = bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << row.ask.target << answer.body;
        EXPECT_EQ(answer.code(), row.code) << row.ask.target;
    }
    EXPECT_EQ(listed(""), "");
}

} // namespace backline::catalog
