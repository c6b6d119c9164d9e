// At stake: a wrong status or a wrong order of refusals here is wrong on every route of the shop.
// How: a small shop behind the real router, driven by hand on virtual time; tables of requests and their answers.
#include "tests/http/router_fixture.hpp"

namespace backline::http {
namespace {

class RouterTest : public RouterFixture {};

// --- what a request may ask, and what comes back -------------------------------------------------

struct Ask {
    std::string_view name;
    std::string_view line;   ///< `GET /v1/items`
    std::string_view answer; ///< `404 item_unknown`, `200`
    std::string_view token{};
    std::string_view body{};
    std::string_view header{}; ///< `Name: value`
};

constexpr std::string_view change_nothing = "PATCH /v1/items/itm_01jd8xw9b2f0aqv1e4m7k3t5nz";
constexpr std::string_view remove_nothing = "DELETE /v1/items/itm_01jd8xw9b2f0aqv1e4m7k3t5nz";
constexpr std::string_view order_id_path = "GET /v1/items/ord_01jd8xw9b2f0aqv1e4m7k3t5nz";
constexpr std::string_view make_item = "POST /v1/items";
constexpr std::string_view good_key = "Idempotency-Key: key-00000001";
constexpr std::string_view browser = "Accept: text/html,application/xml;q=0.9,*/*;q=0.8";

constexpr Ask about_addresses[] = {
    {"list", "GET /v1/items", "200"},
    {"head", "HEAD /v1/items", "200"},
    {"no such path", "GET /v1/nothing", "404 route_not_found"},
    {"a trailing slash", "GET /v1/items/", "404 route_not_found"},
    {"two slashes", "GET /v1//items", "404 route_not_found"},
    {"the root", "GET /", "404 route_not_found"},
    {"an escaped path", "GET /v1/%69tems", "404 route_not_found"},
    {"another method", "PUT /v1/items", "405 method_not_allowed"},
    {"an unknown method", "TRACE /v1/items", "405 method_not_allowed"},
    {"options", "OPTIONS /v1/items", "405 method_not_allowed"},
    {"no id", "GET /v1/items/7", "404 route_not_found"},
    {"another kind of id", order_id_path, "404 route_not_found"},
    {"a parameter nobody knows", "GET /v1/items?colur=black", "422 invalid"},
    {"a parameter where none is taken", "GET /v1/items/7?x=1", "422 invalid"},
    {"a bug", "GET /broken", "500 internal"},
    {"a store that is away", "GET /away", "503 unavailable"},
};

constexpr Ask about_callers[] = {
    {"a token that is not needed", "GET /v1/items", "200", "customer"},
    {"a forged one that is not needed", "GET /v1/items", "401 token_invalid", "forged"},
    {"no token", make_item, "401 token_missing", "", good_item, good_key},
    {"made", make_item, "201", "customer", good_item, good_key},
    {"no permission", remove_nothing, "403 permission_missing", "customer"},
    {"permission", remove_nothing, "404 item_unknown", "staff"},
    {"another scheme", "GET /v1/items", "401 token_malformed", "", "", "Authorization: Basic eA=="},
    {"no scheme", "GET /v1/items", "401 token_malformed", "", "", "Authorization: staff"},
};

constexpr Ask about_headers[] = {
    {"no key", make_item, "400 idempotency_key_missing", "customer", good_item},
    {"a short key",
     make_item,
     "400 idempotency_key_invalid",
     "customer",
     good_item,
     "Idempotency-Key: 1234567"},
    {"no version", change_nothing, "404 item_unknown", "staff", "{}"},
    {"a bad version", change_nothing, "400 if_match_invalid", "staff", "{}", "If-Match: seven"},
    {"no body", make_item, "415 content_type_unsupported", "customer", "", good_key},
    {"a body for get", "GET /v1/items", "400 malformed_request", "", "{}"},
    {"not json", make_item, "400 malformed_json", "customer", "{", good_key},
    {"wants json", "GET /page", "406 not_acceptable", "", "", "Accept: application/json"},
    {"wants text", "GET /v1/items", "406 not_acceptable", "", "", "Accept: text/*"},
    {"excludes json",
     "GET /v1/items",
     "406 not_acceptable",
     "",
     "",
     "Accept: application/json;q=0, text/html"},
    {"a browser", "GET /page", "200", "", "", browser},
};

Request to_request(const Ask& ask) {
    const std::size_t space = ask.line.find(' ');
    const Method method = method_named(ask.line.substr(0, space));
    Request request = Request::to(method, ask.line.substr(space + 1), std::string(ask.body));
    if (!ask.token.empty()) {
        request.headers.set("authorization", "Bearer " + std::string(ask.token));
    }
    const std::size_t colon = ask.header.find(": ");
    if (colon != std::string_view::npos) {
        request.headers.set(ask.header.substr(0, colon), std::string(ask.header.substr(colon + 2)));
    }
    return request;
}

std::string to_answer(const Response& response) {
    std::string status = std::to_string(response.status);
    const std::size_t code = response.body.find(R"("code":")");
    if (response.content_type != "application/problem+json" || code == std::string::npos) {
        return status;
    }
    return status + ' ' +
           response.body.substr(code + 8, response.body.find('"', code + 8) - code - 8);
}

TEST_F(RouterTest, answers_by_the_book) {
    const std::span<const Ask> tables[] = {about_addresses, about_callers, about_headers};
    for (const std::span<const Ask> table : tables) {
        for (const Ask& ask : table) {
            const Response response = send(to_request(ask));
            EXPECT_EQ(to_answer(response), ask.answer) << ask.name << ": " << response.body;
        }
    }
}

// --- precedence ----------------------------------------------------------------------------------

TEST_F(RouterTest, tells_the_most_basic_fault_first) {
    struct Row {
        std::string_view name;
        std::string_view target;
        std::string_view token;
        std::string_view body;
        int status;
    };

    const std::string_view nowhere = "/v1/items/nonsense";
    const Row rows[] = {
        {"everything is wrong: malformed", nowhere, "forged", "{", 400},
        {"then the token", nowhere, "forged", R"({"oops":1})", 401},
        {"then its absence", nowhere, "", R"({"oops":1})", 401},
        {"then the permission", nowhere, "customer", R"({"oops":1})", 403},
        {"then the fields", nowhere, "staff", R"({"oops":1})", 422},
        {"then the path", nowhere, "staff", "{}", 404},
        {"then the handler", no_item, "staff", "{}", 404},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        Request request = Request::to(Method::patch, row.target, std::string(row.body));
        if (!row.token.empty()) {
            request.headers.set("Authorization", "Bearer " + std::string(row.token));
        }
        EXPECT_EQ(send(std::move(request)).status, row.status);
    }
}

// --- bodies --------------------------------------------------------------------------------------

TEST_F(RouterTest, believes_no_header_that_is_there_twice) {
    for (const char* name : {"Authorization", "If-Match", "Idempotency-Key"}) {
        Request request = Request::to(Method::get, "/v1/items");
        request.headers.append(name, "Bearer customer");
        request.headers.append(name, "Bearer staff");
        const Response response = send(std::move(request));
        EXPECT_EQ(response.status, 400) << name;
        EXPECT_TRUE(has(response, "malformed_request")) << response.body;
    }
}

TEST_F(RouterTest, answers_to_its_own_names_only_where_it_has_any) {
    Router local{runtime, authenticator, log, metrics, {.hosts = {"127.0.0.1", "[::1]"}}};
    local.add(shop.routes());
    const auto status = [&](std::string host) {
        Request request = Request::to(Method::get, "/v1/items");
        request.headers.set("Host", std::move(host));
        return memory::run(loop, local.handle(std::move(request))).status;
    };
    for (const char* own : {"127.0.0.1", "127.0.0.1:8081", "[::1]", "[::1]:8081"}) {
        EXPECT_EQ(status(own), 200) << own;
    }
    for (const char* other : {"", "evil.example", "127.0.0.1.evil.example", "[::1", "[", ":80"}) {
        EXPECT_EQ(status(other), 421) << other;
    }
}

TEST_F(RouterTest, tells_all_faults_of_a_body_at_once) {
    const Response response =
        make(R"({"name":"M","quantity":101,"parts":[{"name":"Knob"}],"oops":1})");
    EXPECT_EQ(response.status, 422);
    EXPECT_TRUE(has(response, R"("pointer":"#/name","code":"too_short")")) << response.body;
    EXPECT_TRUE(has(response, R"("pointer":"#/quantity","code":"out_of_range")")) << response.body;
    EXPECT_TRUE(has(response, R"("pointer":"#/parts/0/count","code":"missing")")) << response.body;
    EXPECT_TRUE(has(response, R"("pointer":"#/oops","code":"unknown_field")")) << response.body;
}

TEST_F(RouterTest, reads_bodies_of_one_content_type_only) {
    struct Row {
        std::string_view type;
        int status;
    };

    const Row rows[] = {
        {"application/json", 404},
        {"Application/JSON; charset=UTF-8", 404},
        {"application/json;charset=\"utf-8\"", 404},
        {"application/json; charset=latin1", 415},
        {"text/plain", 415},
        {"application/jsonp", 415},
        {"application/x-www-form-urlencoded", 415},
        {"", 415},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.type);
        Request request = Request::to(Method::patch, no_item, "{}");
        request.headers.set("Authorization", "Bearer staff");
        request.headers.set("Content-Type", std::string(row.type));
        EXPECT_EQ(send(std::move(request)).status, row.status);
    }
}

// --- queries -------------------------------------------------------------------------------------

TEST_F(RouterTest, reads_a_query_by_the_types_of_its_fields) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", "limit 20"},
        {"?limit=7", "limit 7"},
        {"?after=a+b%26", "limit 20 after a b&"},
        {"?in_stock=true", "limit 20 in stock"},
        {"?in_stock=false&limit=1", "limit 1 sold out"},
        {"?since=1970-01-01T00:00:01Z", "limit 20 since 1000"},
        {"?tag=a&tag=b&tag=c", "limit 20 #a #b #c"},
    };
    for (const auto& [query, understood] : rows) {
        EXPECT_EQ(get("/v1/items" + std::string(query)).status, 200) << query;
        EXPECT_EQ(shop.last_query, understood);
    }
}

TEST_F(RouterTest, refuses_what_does_not_fit_a_query) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"?limit=0", R"("pointer":"?limit","code":"out_of_range")"},
        {"?limit=101", R"("pointer":"?limit","code":"out_of_range")"},
        {"?limit=99999999999999999999", R"("pointer":"?limit","code":"out_of_range")"},
        {"?limit=", R"("pointer":"?limit","code":"wrong_type")"},
        {"?limit=7x", R"("pointer":"?limit","code":"wrong_type")"},
        {"?limit=+7", R"("pointer":"?limit","code":"wrong_type")"},
        {"?limit=1&limit=2", R"("pointer":"?limit","code":"duplicate_key")"},
        {"?colour=red", R"("pointer":"?colour","code":"unknown_value")"},
        {"?in_stock=1", R"("pointer":"?in_stock","code":"wrong_type")"},
        {"?since=yesterday", R"("pointer":"?since","code":"bad_format")"},
        {"?tag=", R"("pointer":"?tag","code":"too_short")"},
        {"?tag=a&tag=b", R"("pointer":"?tag","code":"pair")"},
        {"?limit=0&x=1", R"("pointer":"?x","code":"unknown_field")"},
    };
    for (const auto& [query, error] : rows) {
        const Response response = get("/v1/items" + std::string(query));
        EXPECT_EQ(response.status, 422) << query;
        EXPECT_TRUE(has(response, error)) << query << ' ' << response.body;
    }
}

} // namespace
} // namespace backline::http
