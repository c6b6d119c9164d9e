#pragma once

#include "platform/http/openapi.hpp"
#include "platform/http/router.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace backline::http {

using ProblemCode = Text<1, 80>;

/// What every listener answers beside its services' routes: `/livez`, `/readyz`, `/openapi.json`, `/docs` and one page
/// for each code under `/problems`. Outlives its router's last request. Loop thread only.
class Pages final {
public:
    /// `router` is only read, on the first request, so that the document has every route.
    Pages(const Router& router, ApiInfo info);

    /// Before the first request: a service's `errors.hpp`. A code that two catalogues give another status breaks an
    /// invariant; the router's own codes are there already.
    void add_catalogue(std::span<const Refusal> catalogue);

    /// Before the first request: routes that other processes serve under the same name, for the document only.
    void add_elsewhere(Routes routes);

    /// `/readyz` is 503 while any of these says false. Cheap and synchronous: what a probe needs is kept ready.
    void add_readiness(std::string name, std::function<bool()> ready);

    /// From now on `/readyz` is 503.
    void start_draining() { draining_ = true; }

    [[nodiscard]] Routes routes();

    [[nodiscard]] const std::vector<const Refusal*>& refusals() const { return refusals_; }

private:
    [[nodiscard]] std::vector<const Route*> all_routes() const;
    Task<PlainText> livez(Context& ctx);
    Task<PlainText> readyz(Context& ctx);
    Task<Json> openapi(Context& ctx);
    Task<Html> docs(Context& ctx);
    Task<Html> problem_list(Context& ctx);
    Task<Html> problem_page(Context& ctx, ProblemCode code);

    const Router& router_;
    Routes elsewhere_;
    ApiInfo info_;
    std::string document_;
    std::vector<const Refusal*> refusals_;
    std::vector<std::pair<std::string, std::function<bool()>>> readiness_;
    bool draining_ = false;
    std::uint64_t generation_ = 0; ///< Never rises: the pages are the same for the program's life.
};

/// `/metrics`, for the router of the operator's own listener.
class MetricsPage final {
public:
    explicit MetricsPage(const observe::Metrics& metrics) : metrics_(metrics) {}

    [[nodiscard]] Routes routes();

private:
    Task<PlainText> metrics(Context& ctx);

    const observe::Metrics& metrics_;
};

/// The page that shows `/openapi.json` in a browser, without fetching anything from elsewhere.
[[nodiscard]] std::string_view docs_page();

} // namespace backline::http
