// At stake: the generated test of bad input is only worth something if it finds a route that lets bad input pass.
// How: it is run over the sample shop, which refuses everything, and then over answers that are wrong on purpose.
#include "platform/http/pages.hpp"
#include "platform/schema/json.hpp"
#include "platform/security/errors.hpp"
#include "tests/http/bad_input.hpp"
#include "tests/http/bad_values.hpp"
#include "tests/http/router_fixture.hpp"

#include <gmock/gmock.h>

namespace backline::http {
namespace {

using http_tests::BadInputReport;
using http_tests::Send;
using http_tests::Tokens;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class BadInputTest : public RouterFixture {
protected:
    BadInputTest() {
        pages.add_catalogue(sample::refusals);
        pages.add_catalogue(security::refusals);
        router.add(pages.routes());
        for (const Route* route : router.routes()) {
            if (!route->pattern.starts_with("/broken") && !route->pattern.starts_with("/away")) {
                routes.push_back(route);
            }
        }
    }

    BadInputReport report_of(const Send& send_request) {
        return http_tests::send_bad_input(routes, pages.refusals(), tokens, send_request);
    }

    Pages pages{router, ApiInfo{}};
    Tokens tokens{.everything = "staff", .nothing = "customer"};
    std::vector<const Route*> routes;
    Send honest = [this](Request request) { return send(std::move(request)); };
};

TEST_F(BadInputTest, finds_nothing_to_complain_about_in_the_sample_shop) {
    const BadInputReport report = report_of(honest);
    EXPECT_THAT(report.wrong, IsEmpty());
    EXPECT_GT(report.requests, 200U);
}

TEST_F(BadInputTest, finds_a_server_error) {
    routes = router.routes();
    EXPECT_THAT(
        report_of(honest).wrong,
        Contains(HasSubstr("GET /broken with ids that do not exist: a server error"))
    );
}

TEST_F(BadInputTest, finds_a_route_that_takes_everything) {
    const BadInputReport report = report_of([](Request) { return Response{.status = 200}; });
    EXPECT_THAT(
        report.wrong, Contains(HasSubstr(R"(POST /v1/items with the body {: expected 400)"))
    );
    EXPECT_THAT(
        report.wrong, Contains(HasSubstr("DELETE /v1/items/{item_id} with no token: expected 401"))
    );
    EXPECT_THAT(report.wrong, Contains(HasSubstr("GET /v1/items with limit=101: expected 422")));
}

TEST_F(BadInputTest, finds_a_refusal_that_points_nowhere) {
    const BadInputReport report = report_of([this](Request request) {
        Response response = send(std::move(request));
        const std::size_t errors = response.body.find(R"(,"errors":)");
        if (errors != std::string::npos) response.body = response.body.substr(0, errors) + '}';
        return response;
    });
    EXPECT_THAT(report.wrong, Contains(HasSubstr("nothing points to #/quantity")));
}

TEST_F(BadInputTest, finds_a_code_that_nobody_explains) {
    const std::vector<const Refusal*> known(pages.refusals().begin(), pages.refusals().begin() + 2);
    const BadInputReport report = http_tests::send_bad_input(routes, known, tokens, honest);
    EXPECT_THAT(report.wrong, Contains(HasSubstr("a code that is in no catalogue")));
}

TEST(BadValues, are_wrong_in_one_place_each) {
    const Type& type = type_of<sample::NewItem>();
    EXPECT_TRUE(schema::read<sample::NewItem>(http_tests::good_json(type)).has_value());
    std::set<std::string> pointers;
    for (const auto& bad : http_tests::bad_json(type)) {
        const auto read = schema::read<sample::NewItem>(bad.json);
        ASSERT_FALSE(read.has_value()) << bad.json;
        ASSERT_EQ(read.error().errors.size(), 1U) << bad.json;
        EXPECT_EQ(read.error().errors.front().pointer, "#" + bad.pointer) << bad.json;
        pointers.insert(bad.pointer);
    }
    for (const char* pointer :
         {"", "/name", "/quantity", "/colour", "/parts/0/count", "/zz_unknown"}) {
        EXPECT_TRUE(pointers.contains(pointer)) << pointer;
    }
}

} // namespace
} // namespace backline::http
