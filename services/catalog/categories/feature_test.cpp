// At stake: a tree that staff cannot repair, or that one of two colleagues loses an edit in.
// Method: the routes, as staff and as strangers, with stale versions and two edits at once.
#include "services/catalog/categories/api.hpp"
#include "services/catalog/service.hpp"
#include "tests/support/service_bench.hpp"

#include <gtest/gtest.h>

namespace backline::catalog {
namespace {

using tests::Answer;
using tests::as;
using tests::Ask;
using tests::ServiceBench;

const std::string staff = as("usr_staff", {"catalog:write"});

class CategoriesFeature : public testing::Test {
protected:
    static std::string body(
        const std::string& slug, int position = 0, const std::string& parent = {}
    ) {
        std::string text = R"({"slug":")" + slug + R"(","name":"Name","position":)";
        text += std::to_string(position);
        if (!parent.empty()) text += R"(,"parent":")" + parent + '"';
        return text + "}";
    }

    Answer add(const std::string& slug, int position = 0, const std::string& parent = {}) {
        return bench.call({"POST", "/v1/categories", body(slug, position, parent), staff});
    }

    static Ask edit(const Answer& known, std::string changed) {
        Ask ask{"PUT", std::string(known.headers.find("location")), std::move(changed), staff};
        ask.headers = {{"If-Match", known.etag()}};
        return ask;
    }

    std::string tree() {
        std::string text;
        const Answer answer = bench.call({"GET", "/v1/categories"});
        for (const CategoryView& each : answer.read<CategoryTree>().categories) {
            text += each.slug.text() + " ";
        }
        return text;
    }

    ServiceBench bench{{[](Backends on) { return make_service(on, {}); }}};
};

TEST_F(CategoriesFeature, are_added_and_shown_as_a_tree_to_everybody) {
    const Answer speakers = add("speakers", 2);
    EXPECT_EQ(speakers.status, 201);
    const std::string parent = speakers.read<CategoryView>().id.text();
    add("subwoofers", 2, parent);
    add("line-arrays", 1, parent);
    add("mixers", 1);
    EXPECT_EQ(tree(), "mixers speakers line-arrays subwoofers ");
    EXPECT_TRUE(bench.call({"GET", "/v1/categories"}).cacheable);
}

TEST_F(CategoriesFeature, move_with_their_children) {
    const Answer speakers = add("speakers", 2);
    const Answer lights = add("lights", 1);
    add("subwoofers", 1, speakers.read<CategoryView>().id.text());
    const std::string parent = lights.read<CategoryView>().id.text();
    const Answer moved = bench.call(edit(speakers, body("speakers", 0, parent)));
    EXPECT_EQ(moved.status, 200);
    EXPECT_EQ(tree(), "lights speakers subwoofers ");
    const Answer back =
        bench.call(edit(lights, body("lights", 0, moved.read<CategoryView>().id.text())));
    EXPECT_EQ(back.status, 409);
    EXPECT_EQ(back.code(), "category_cycle");
}

TEST_F(CategoriesFeature, that_move_into_one_another_at_once_close_no_circle) {
    const Answer speakers = add("speakers");
    const Answer lights = add("lights");
    const std::string into_lights = body("speakers", 0, lights.read<CategoryView>().id.text());
    const std::string into_speakers = body("lights", 0, speakers.read<CategoryView>().id.text());
    const std::vector<Answer> answers =
        bench.call_at_once({edit(speakers, into_lights), edit(lights, into_speakers)});
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].code(), "category_cycle");
    EXPECT_EQ(tree(), "lights speakers ");
}

TEST_F(CategoriesFeature, of_two_added_at_once_with_one_slug_one_is_refused) {
    const Ask asked{"POST", "/v1/categories", body("speakers"), staff};
    const std::vector<Answer> answers = bench.call_at_once({asked, asked});
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[1].code(), "slug_taken");
    EXPECT_EQ(tree(), "speakers ");
}

TEST_F(CategoriesFeature, lose_no_edit_to_a_colleague) {
    const Answer first = add("speakers");
    const Answer edited = bench.call(edit(first, body("loudspeakers")));
    EXPECT_EQ(edited.status, 200);
    EXPECT_NE(edited.etag(), first.etag());
    const Answer stale = bench.call(edit(first, body("boxes")));
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(stale.code(), "version_stale");
    EXPECT_EQ(tree(), "loudspeakers ");
}

TEST_F(CategoriesFeature, of_two_edits_of_one_version_at_once_one_is_refused) {
    const Answer first = add("speakers");
    const std::vector<Answer> answers =
        bench.call_at_once({edit(first, body("boxes")), edit(first, body("cabinets"))});
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].status, 412);
    EXPECT_EQ(tree(), "boxes ");
}

TEST_F(CategoriesFeature, refuse_what_cannot_be) {
    add("speakers");
    const std::string nobody = "cat_01jd8xw9b2f0aqv1e4m7k3t5nz";

    struct Row {
        Ask ask;
        int status;
        std::string code;
    };

    const Row rows[] = {
        {{"POST", "/v1/categories", body("mixers")}, 401, "token_missing"},
        {{"POST", "/v1/categories", body("mixers"), as("usr_ada")}, 403, "permission_missing"},
        {{"POST", "/v1/categories", body("speakers"), staff}, 409, "slug_taken"},
        {{"POST", "/v1/categories", body("Big Speakers"), staff}, 422, "invalid"},
        {{"POST", "/v1/categories", body("mixers", -1), staff}, 422, "invalid"},
        {{"POST", "/v1/categories", body("mixers", 0, nobody), staff}, 422, "category_missing"},
        {{"PUT", "/v1/categories/" + nobody, body("mixers"), staff}, 404, "category_unknown"},
        {{"PUT", "/v1/categories/nonsense", body("mixers"), staff}, 404, "route_not_found"},
    };
    for (const Row& row : rows) {
        const Answer answer = bench.call(row.ask);
        EXPECT_EQ(answer.status, row.status) << answer.body;
        EXPECT_EQ(answer.code(), row.code);
    }
    EXPECT_EQ(tree(), "speakers ");
}

} // namespace
} // namespace backline::catalog
