// At stake: the document, the Postman collection and /docs are made from the route table; a gap here is a route that
// nobody finds. How: the sample shop's document, looked at in pieces, and the pages asked for through the router.
#include "platform/base/invariant.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/pages.hpp"
#include "platform/http/refusals.hpp"
#include "platform/schema/json.hpp"
#include "tests/http/router_fixture.hpp"

namespace backline::http {
namespace {

class OpenApiTest : public RouterFixture {
protected:
    OpenApiTest() {
        pages.add_catalogue(sample::refusals);
        router.add(pages.routes());
        document = get("/openapi.json").body;
    }

    void expect(std::string_view part) {
        EXPECT_NE(document.find(part), std::string::npos) << part << "\nis not in\n" << document;
    }

    Pages pages{router, ApiInfo{.title = "Sample"}};
    std::string document;
};

TEST_F(OpenApiTest, is_json) {
    EXPECT_TRUE(schema::read<Json>(document).has_value());
    expect(R"({"openapi":"3.1.0","info":{"title":"Sample")");
}

TEST_F(OpenApiTest, has_every_route_with_an_id_of_its_own) {
    std::set<std::string> ids;
    for (const Route* route : router.routes()) {
        expect('"' + route->pattern + R"(":{)");
        expect(R"("operationId":")" + route->operation_id() + '"');
        EXPECT_TRUE(ids.insert(route->operation_id()).second) << route->operation_id();
    }
    EXPECT_TRUE(ids.contains("get_items_item_id"));
}

TEST_F(OpenApiTest, tells_parameters_by_the_types_that_read_them) {
    expect(R"({"name":"item_id","in":"path","required":true,"schema":{"type":"string")");
    expect(
        R"({"name":"limit","in":"query","required":false,"schema":{"type":"integer","minimum":1,"maximum":100})"
    );
    expect(
        R"({"name":"in_stock","in":"query","required":false,"description":"Only what can be had today.")"
    );
    expect(
        R"({"name":"colour","in":"query","required":false,"schema":{"$ref":"#/components/schemas/Colour"}})"
    );
    expect(R"({"name":"Idempotency-Key","in":"header","required":true)");
    expect(R"({"name":"If-Match","in":"header","required":true)");
}

TEST_F(OpenApiTest, tells_bodies_answers_and_refusals) {
    expect(R"("requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":)"
           R"("#/components/schemas/NewItem"}}}})");
    expect(R"("201":{"description":"Created","headers":{"Location")");
    expect(R"("204":{"description":"No Content"})");
    expect(
        R"("properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/ItemView"}})"
    );
    expect(R"("409":{"description":"`item_taken`","content":{"application/problem+json":)");
    expect(R"("404":{"description":"`route_not_found`, `item_unknown`")");
    expect(R"("412":{"description":"`version_stale`")");
    expect(R"("428":{"description":"`version_required`")");
    expect(R"("Problem":{)");
}

TEST_F(OpenApiTest, tells_who_may) {
    expect(R"("security":[{"token":[]}],"x-permission":"items:write")");
    expect(R"("security":[{},{"token":[]}])");
}

TEST_F(OpenApiTest, shows_itself_to_people) {
    const Response docs = get("/docs");
    EXPECT_EQ(docs.status, 200);
    EXPECT_EQ(docs.content_type, "text/html; charset=utf-8");
    EXPECT_TRUE(has(docs, "fetch(\"/openapi.json\")"));
    for (const std::string_view elsewhere : {"http://", "https://", "src=", "@import"}) {
        EXPECT_FALSE(has(docs, elsewhere)) << elsewhere;
    }
}

TEST_F(OpenApiTest, lets_scripts_run_where_they_are_ours_and_nowhere_else) {
    const auto policy = [&](std::string_view target) {
        return header(get(target), "Content-Security-Policy");
    };
    EXPECT_NE(policy("/docs").find("script-src"), std::string::npos);
    for (const std::string_view other : {"/page", "/problems", "/v1/items", "/broken"}) {
        EXPECT_EQ(policy(other).find("script-src"), std::string::npos) << other;
    }
}

TEST_F(OpenApiTest, shows_the_metrics_to_prometheus) {
    MetricsPage page{metrics};
    router.add(page.routes());
    EXPECT_TRUE(has(get("/metrics"), "# TYPE backline_http_requests_total counter"));
}

TEST_F(OpenApiTest, explains_every_code) {
    const Response list = get("/problems");
    EXPECT_EQ(list.status, 200);
    EXPECT_GT(pages.refusals().size(), http_refusals.size());
    for (const Refusal* row : pages.refusals()) {
        const Response page = get("/problems/" + std::string(row->code));
        EXPECT_EQ(page.status, 200) << row->code;
        EXPECT_TRUE(has(page, "<code>" + std::string(row->code) + "</code>"));
        EXPECT_TRUE(has(list, "\"/problems/" + std::string(row->code) + '"'));
    }
    EXPECT_EQ(get("/problems/no_such_code").status, 404);
}

TEST_F(OpenApiTest, refuses_one_code_with_two_meanings) {
    static constexpr Refusal other{"item_unknown", 410, "Gone.", "It was there."};
    EXPECT_THROW(pages.add_catalogue({&other, 1}), InvariantBroken);
}

TEST_F(OpenApiTest, lives_and_says_when_it_is_ready) {
    bool ready = false;
    pages.add_readiness("prices", [&ready] { return ready; });
    EXPECT_EQ(get("/livez").status, 200);
    EXPECT_EQ(get("/readyz").status, 503);
    ready = true;
    EXPECT_EQ(get("/readyz").status, 200);
    pages.start_draining();
    EXPECT_EQ(get("/readyz").status, 503);
    EXPECT_EQ(get("/livez").status, 200);
}

} // namespace
} // namespace backline::http
