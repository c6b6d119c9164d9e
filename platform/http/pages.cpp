#include "platform/http/pages.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/refusals.hpp"
#include "platform/http/refusals.hpp"

#include <fmt/format.h>

namespace backline::http {

using security::Access;

namespace {

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        if (c == '<') {
            html += "&lt;";
        } else if (c == '&') {
            html += "&amp;";
        } else {
            html.push_back(c);
        }
    }
    return html;
}

std::string page_around(std::string_view title, std::string_view content) {
    return fmt::format(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>"
        "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem "
        "auto;padding:0 1rem}}"
        "code{{background:#eee;padding:0 .3em}}dt{{margin-top:1em;font-weight:600}}</style>"
        "<h1>{0}</h1>{1}</html>",
        title,
        content
    );
}

} // namespace

Pages::Pages(const Router& router, ApiInfo info) : router_(router), info_(std::move(info)) {
    add_catalogue(platform_refusals);
    add_catalogue(http_refusals);
    add_catalogue({&internal_failure, 1});
    add_catalogue({&unavailable_failure, 1});
}

void Pages::add_catalogue(std::span<const Refusal> catalogue) {
    for (const Refusal& row : catalogue) {
        const auto known = std::ranges::find(refusals_, row.code, &Refusal::code);
        INVARIANT(
            known == refusals_.end() || (*known)->status == row.status, "a code has one status"
        );
        if (known == refusals_.end()) refusals_.push_back(&row);
    }
}

void Pages::add_elsewhere(Routes routes) {
    for (Route& route : routes) elsewhere_.push_back(std::move(route));
}

void Pages::add_readiness(std::string name, std::function<bool()> ready) {
    readiness_.emplace_back(std::move(name), std::move(ready));
}

Routes Pages::routes() {
    return {
        get("/livez", *this, &Pages::livez, Access::anyone(), "Whether the process runs"),
        get("/readyz", *this, &Pages::readyz, Access::anyone(), "Whether it can take requests"),
        get("/openapi.json", *this, &Pages::openapi, Access::anyone(), "This document")
            .cached(&generation_),
        get("/docs", *this, &Pages::docs, Access::anyone(), "This document, for people")
            .cached(&generation_),
        get("/problems", *this, &Pages::problem_list, Access::anyone(), "Every problem code")
            .cached(&generation_),
        get("/problems/{code}",
            *this,
            &Pages::problem_page,
            Access::anyone(),
            "What one problem means")
            .cached(&generation_),
    };
}

Task<PlainText> Pages::livez(Context&) {
    co_return PlainText{"ok\n"};
}

Task<PlainText> Pages::readyz(Context&) {
    if (draining_) throw Unavailable(Unavailable::Outcome::not_done, "draining");
    for (const auto& [name, ready] : readiness_) {
        if (!ready()) throw Unavailable(Unavailable::Outcome::not_done, "not ready: " + name);
    }
    co_return PlainText{"ready\n"};
}

Task<Json> Pages::openapi(Context&) {
    if (document_.empty()) document_ = openapi_document(info_, all_routes());
    co_return Json{document_};
}

std::vector<const Route*> Pages::all_routes() const {
    std::vector<const Route*> all = router_.routes();
    for (const Route& route : elsewhere_) all.push_back(&route);
    return all;
}

Task<Html> Pages::docs(Context&) {
    co_return Html{std::string(docs_page()), true};
}

Task<Html> Pages::problem_list(Context&) {
    std::string content = "<dl>";
    for (const Refusal* row : refusals_) {
        content += fmt::format(
            "<dt><a href=\"/problems/{0}\"><code>{0}</code></a> {1}</dt><dd>{2}</dd>",
            row->code,
            row->status,
            escaped(row->title)
        );
    }
    co_return Html{page_around("Problems", content + "</dl>")};
}

Task<Html> Pages::problem_page(Context&, ProblemCode code) {
    const auto row = std::ranges::find(refusals_, code.text(), &Refusal::code);
    if (row == refusals_.end()) {
        throw Refused(Problem{&http_error("route_not_found"), "No problem has this code."});
    }
    const std::string content = fmt::format(
        "<p><code>{}</code>, status {}</p><p>{}</p><p><a href=\"/problems\">All problems</a></p>",
        (*row)->code,
        (*row)->status,
        escaped((*row)->meaning)
    );
    co_return Html{page_around(escaped((*row)->title), content)};
}

Routes MetricsPage::routes() {
    return {get("/metrics", *this, &MetricsPage::metrics, Access::anyone(), "For Prometheus")};
}

Task<PlainText> MetricsPage::metrics(Context&) {
    co_return PlainText{metrics_.text()};
}

} // namespace backline::http
