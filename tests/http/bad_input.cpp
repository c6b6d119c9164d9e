#include "tests/http/bad_input.hpp"

#include "platform/http/problem_response.hpp"
#include "platform/schema/json.hpp"
#include "tests/http/bad_values.hpp"

#include <algorithm>

namespace backline::http_tests {

using http::Request;
using http::Response;
using http::Route;
using security::Access;

namespace {

/// What must come back. Any code where `code` is empty; no pointer is looked for where `pointer` is.
struct Expected {
    int status_min;
    int status_max;
    std::string code{};
    std::string pointer{};
};

Expected exactly(int status, std::string code, std::string pointer = {}) {
    return {status, status, std::move(code), std::move(pointer)};
}

class Sender final {
public:
    Sender(const std::vector<const Refusal*>& catalogue, const Tokens& tokens, const Send& send)
        : catalogue_(catalogue)
        , tokens_(tokens)
        , send_(send) {}

    BadInputReport report{};

    void send_all(const Route& route) {
        route_ = &route;
        send_bad_tokens();
        send_bad_headers();
        send_bad_paths();
        send_bad_queries();
        send_bad_bodies();
        expect("ids that do not exist", good_request(), {200, 499});
    }

private:
    // --- requests -------------------------------------------------------------------------------

    Request good_request() const {
        Request request;
        request.method = route_->method;
        request.path = path_with({}, {});
        request.headers.set("Authorization", "Bearer " + tokens_.everything);
        if (route_->needs_idempotency_key) {
            request.headers.set("Idempotency-Key", "bad-input-" + serial());
        }
        if (const Type* query = route_->query()) add_required(*query, request);
        if (const Type* body = route_->body()) set_body(request, good_json(*body));
        return request;
    }

    std::string serial() const { return std::to_string(report.requests); }

    static void set_body(Request& request, std::string body) {
        request.body = std::move(body);
        request.headers.set("Content-Type", "application/json");
    }

    static void add_required(const Type& query, Request& request) {
        for (const Field& field : query.object->fields) {
            if (field.required && field.type().kind != Kind::list) {
                request.query.emplace_back(field.name, good_text(field.type()));
            }
        }
    }

    /// The pattern with good values in it, and `by` in place of `replaced`.
    std::string path_with(std::string_view replaced, std::string_view by) const {
        std::string path = route_->pattern;
        std::size_t next = 0;
        for (const std::string& name : route_->path_names()) {
            const std::string hole = '{' + name + '}';
            const std::string value =
                name == replaced ? std::string(by) : good_text(*route_->slots[next].type);
            path.replace(path.find(hole), hole.size(), http::percent_encoded(value));
            ++next;
        }
        return path;
    }

    // --- what can be wrong ------------------------------------------------------------------------

    void send_bad_tokens() {
        const auto with = [&](const std::string& authorization) {
            Request request = good_request();
            request.headers.set("Authorization", authorization);
            return request;
        };
        expect("a forged token", with("Bearer eyJhbGciOiJub25lIn0.e30."), {401, 401});
        expect("no bearer token", with("Basic c2hvcDpzaG9w"), exactly(401, "token_malformed"));
        if (route_->access.kind() == Access::Kind::anyone) return;
        expect("no token", with(""), exactly(401, "token_missing"));
        if (route_->access.kind() == Access::Kind::signed_in) return;
        expect(
            "a token without the permission",
            with("Bearer " + tokens_.nothing),
            exactly(403, "permission_missing")
        );
    }

    void send_bad_headers() {
        const auto with = [&](std::string_view name, std::string value) {
            Request request = good_request();
            request.headers.set(name, std::move(value));
            return request;
        };
        expect("a bad If-Match", with("If-Match", "seven"), exactly(400, "if_match_invalid"));
        expect(
            "a bad key", with("Idempotency-Key", "a b"), exactly(400, "idempotency_key_invalid")
        );
        expect("no form to answer in", with("Accept", "image/png"), not_acceptable());
        if (route_->needs_idempotency_key) {
            expect("no key", with("Idempotency-Key", ""), exactly(400, "idempotency_key_missing"));
        }
    }

    Expected not_acceptable() const {
        if (route_->reply_kind == http::ReplyKind::no_content) return {200, 499};
        return exactly(406, "not_acceptable");
    }

    void send_bad_paths() {
        for (const std::string& name : route_->path_names()) {
            for (const std::string& value :
                 {std::string("zz!"),
                  std::string("' or 1=1 --"),
                  std::string("../../etc/passwd"),
                  std::string("xyz_01jd8xw9b2f0aqv1e4m7k3t5nz"),
                  std::string(3000, 'a'),
                  std::string("{}"),
                  std::string("\xF0\x9F\x8E\xB8")}) {
                Request request = good_request();
                request.path = path_with(name, value);
                expect("the path value " + value.substr(0, 40), std::move(request), {404, 422});
            }
        }
    }

    void send_bad_queries() {
        const auto with = [&](std::string_view name, std::string value) {
            Request request = good_request();
            std::erase_if(request.query, [&](const auto& pair) { return pair.first == name; });
            request.query.emplace_back(name, std::move(value));
            return request;
        };
        expect(
            "an unknown parameter", with("zz_unknown", "1"), exactly(422, "invalid", "?zz_unknown")
        );
        if (route_->query() == nullptr) return;
        for (const Field& field : route_->query()->object->fields) {
            const std::string name(field.name);
            for (const std::string& value : bad_texts(field.type())) {
                const std::string what = name + "=" + value.substr(0, 40);
                expect(what, with(name, value), exactly(422, "invalid", "?" + name));
            }
        }
    }

    void send_bad_bodies() {
        const auto with = [&](std::string body) {
            Request request = good_request();
            set_body(request, std::move(body));
            return request;
        };
        if (route_->body() == nullptr) {
            expect("a body that nobody reads", with("{}"), exactly(400, "malformed_request"));
            return;
        }
        for (const std::string_view body :
             {"", "{", "nonsense", "{} {}", "{\"a\":\"\xFF\"}", "[1,]", "\xEF\xBB\xBF{}", "NaN"}) {
            expect(
                "the body " + std::string(body),
                with(std::string(body)),
                exactly(400, "malformed_json")
            );
        }
        expect("deep nesting", with(std::string(1'000, '[')), exactly(400, "malformed_json"));
        expect(
            "a large body",
            with(std::string(route_->body_bytes_max + 1, ' ')),
            exactly(413, "body_too_large")
        );
        Request form = with("a=b");
        form.headers.set("Content-Type", "application/x-www-form-urlencoded");
        expect("a form", std::move(form), exactly(415, "content_type_unsupported"));
        for (BadJson& bad : bad_json(*route_->body())) {
            const std::string what = "the body " + bad.json.substr(0, 200);
            Expected expected = exactly(422, "invalid", "#" + bad.pointer);
            if (bad.json.size() > route_->body_bytes_max) expected = exactly(413, "body_too_large");
            expect(what, with(std::move(bad.json)), expected);
        }
    }

    // --- what must come back ----------------------------------------------------------------------

    void expect(const std::string& what, Request request, const Expected& expected) {
        ++report.requests;
        const Response response = send_(std::move(request));
        const std::string fault = fault_of(response, expected);
        if (fault.empty()) return;
        report.wrong.push_back(
            std::string(name_of(route_->method)) + ' ' + route_->pattern + " with " + what + ": " +
            fault + "; answered " + std::to_string(response.status) + ' ' +
            response.body.substr(0, 300)
        );
    }

    std::string fault_of(const Response& response, const Expected& expected) const {
        if (response.status >= 500) return "a server error";
        if (response.status < expected.status_min || response.status > expected.status_max) {
            return "expected " + std::to_string(expected.status_min);
        }
        if (response.status < 400) return {};
        if (response.content_type != "application/problem+json") return "no problem";
        auto problem = schema::read<http::ProblemView>(response.body, schema::Reading::tolerant);
        if (!problem) return "a problem that cannot be read";
        return fault_of(*problem, response.status, expected);
    }

    std::string fault_of(const http::ProblemView& problem, int status, const Expected& expected)
        const {
        const auto row = std::ranges::find(catalogue_, problem.code, &Refusal::code);
        if (row == catalogue_.end()) return "a code that is in no catalogue";
        if ((*row)->status != status || problem.status != status) {
            return "a code with another status";
        }
        if (problem.type != "/problems/" + problem.code || problem.instance.empty()) {
            return "an incomplete problem";
        }
        if (!expected.code.empty() && problem.code != expected.code) {
            return "expected " + expected.code;
        }
        return fault_of_pointer(problem, expected.pointer);
    }

    static std::string fault_of_pointer(
        const http::ProblemView& problem, const std::string& pointer
    ) {
        if (pointer.empty()) return {};
        const std::vector<http::FieldErrorView> none;
        const auto& errors = problem.errors ? *problem.errors : none;
        const auto points = [&](const http::FieldErrorView& error) {
            return error.pointer.starts_with(pointer);
        };
        return std::ranges::any_of(errors, points) ? "" : "nothing points to " + pointer;
    }

    const std::vector<const Refusal*>& catalogue_;
    const Tokens& tokens_;
    const Send& send_;
    const Route* route_ = nullptr;
};

} // namespace

BadInputReport send_bad_input(
    const std::vector<const Route*>& routes,
    const std::vector<const Refusal*>& catalogue,
    const Tokens& tokens,
    const Send& send
) {
    Sender sender(catalogue, tokens, send);
    for (const Route* route : routes) sender.send_all(*route);
    return std::move(sender.report);
}

} // namespace backline::http_tests
