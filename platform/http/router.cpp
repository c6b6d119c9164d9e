#include "platform/http/router.hpp"

#include "platform/base/id.hpp"
#include "platform/base/invariant.hpp"
#include "platform/base/refusals.hpp"
#include "platform/http/binding.hpp"
#include "platform/http/content_policy.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/http/refusals.hpp"
#include "platform/http/request_headers.hpp"

namespace backline::http {

using security::Access;
using security::Principal;

namespace {

struct RequestTag {
    static constexpr std::string_view prefix = "req";
};

std::string new_request_id(Runtime& runtime, Instant now) {
    const std::uint64_t random1 = runtime.random();
    const std::uint64_t random2 = runtime.random();
    return Id<RequestTag>::from_parts(now, random1, random2).text();
}

[[noreturn]] void refuse_with(const Refusal& refusal, std::string detail) {
    throw Refused(Problem{&refusal, std::move(detail)});
}

/// A gateway in front of us may believe the other one.
void refuse_repeated(const Headers& headers, std::string_view name) {
    const auto named = [&](const Headers::Field& field) { return same_name(field.name, name); };
    if (std::ranges::count_if(headers, named) < 2) return;
    refuse_with(http_error("malformed_request"), "Send one " + std::string(name) + " header.");
}

std::string_view content_type_of(ReplyKind kind) {
    switch (kind) {
    case ReplyKind::html:
        return "text/html";
    case ReplyKind::text:
        return "text/plain";
    case ReplyKind::value:
    case ReplyKind::created:
    case ReplyKind::accepted:
    case ReplyKind::page:
        return "application/json";
    case ReplyKind::no_content:
        return "";
    }
    return "";
}

std::string allowed_methods(const std::map<Method, std::size_t>& routes) {
    std::string methods;
    for (const auto& [method, route] : routes) {
        if (!methods.empty()) methods.append(", ");
        methods.append(name_of(method));
        if (method == Method::get) methods.append(", HEAD");
    }
    return methods;
}

void authorise(const Route& route, const Principal& who) {
    switch (route.access.kind()) {
    case Access::Kind::anyone:
        return;
    case Access::Kind::signed_in:
        if (who.anonymous()) refuse_with(http_error("token_missing"), "Send an access token.");
        return;
    case Access::Kind::permission:
        require_permission(who, route.access.permission());
    }
}

void refuse_invalid(Findings findings) {
    if (!findings.invalid.empty()) {
        throw Refused(Problem{
            &platform_error("invalid"),
            "Correct the fields in `errors`.",
            std::move(findings.invalid)
        });
    }
    if (findings.names_nothing) {
        refuse_with(
            http_error("route_not_found"),
            "'" + *findings.names_nothing + "' is no name of anything here."
        );
    }
}

/// The address of the next page: this one with another `after`.
std::string next_link(const Request& request, const std::string& cursor) {
    std::string link = '<' + request.path + '?';
    for (const auto& [name, value] : request.query) {
        if (name != "after") link += percent_encoded(name) + '=' + percent_encoded(value) + '&';
    }
    return link + "after=" + percent_encoded(cursor) + ">; rel=\"next\"";
}

Task<Handled> handled_by(Runtime& runtime, Call& call, Principal who, const RequestFacts& facts) {
    Context ctx(runtime, std::move(who), facts);
    Reply reply = co_await call.run(ctx);
    co_return Handled{std::move(reply), ctx.headers()};
}

} // namespace

struct Router::Entry {
    Route route;
    observe::Timing timing;
    std::map<int, observe::Counter> answers{}; ///< By status; made when first needed.

    void count(observe::Metrics& metrics, int status) {
        auto answer = answers.find(status);
        if (answer == answers.end()) {
            const observe::Labels labels{
                {"method", std::string(name_of(route.method))},
                {"route", route.pattern},
                {"status", std::to_string(status)}
            };
            auto made = metrics.counter("backline_http_requests_total", "Answers.", labels);
            answer = answers.emplace(status, made).first;
        }
        answer->second.add();
    }
};

/// One request on its way.
struct Router::Exchange {
    Request request;
    RequestFacts facts;
    Now began;
    Entry* entry = nullptr;
    std::vector<std::string> path_values{};
    std::string allow{}; ///< For a 405.
    std::string code{};  ///< Of the problem that it ended in; empty if it did not.
};

Router::Router(
    Runtime& runtime,
    security::Authenticator& authenticator,
    observe::Log& log,
    observe::Metrics& metrics,
    Settings settings
)
    : runtime_(runtime)
    , authenticator_(authenticator)
    , log_(log)
    , metrics_(metrics)
    , settings_(std::move(settings))
    , flights_(runtime)
    , internal_errors_(
          metrics.counter("backline_internal_errors_total", "Requests that ended in a 500.")
      )
    , unread_(metrics.counter(
          "backline_http_unrouted_total", "Requests that were refused before they had a route."
      )) {}

Router::~Router() = default;

void Router::add(Routes routes) {
    for (Route& route : routes) {
        tree_.add(route.method, route.pattern, entries_.size());
        const observe::Labels labels{
            {"method", std::string(name_of(route.method))}, {"route", route.pattern}
        };
        auto timing =
            metrics_.timing("backline_http_request_seconds", "From request to answer.", labels);
        entries_.push_back(std::make_unique<Entry>(std::move(route), timing));
        table_.push_back(&entries_.back()->route);
    }
}

Task<Response> Router::handle(Request request) {
    Exchange exchange = begin(std::move(request));
    Response response;
    try {
        response = co_await answer(exchange);
    } catch (...) {
        response = failed(exchange, std::current_exception());
    }
    finish(exchange, response);
    co_return response;
}

Router::Exchange Router::begin(Request request) {
    const Now now = runtime_.now();
    RequestFacts facts{
        .id = new_request_id(runtime_, now.utc),
        .traceparent = continue_trace(request.headers.find("traceparent"), runtime_),
        .remote = client_of(request.remote, request.headers, settings_.proxies),
        .deadline = now.monotonic + settings_.request_deadline
    };
    return Exchange{std::move(request), std::move(facts), now};
}

Task<Response> Router::answer(Exchange& exchange) {
    check_host(exchange.request);
    find_route(exchange);
    const Route& route = exchange.entry->route;
    const std::unique_ptr<Call> call(route.call->fresh());
    Findings findings = fill_slots(call->slots(), exchange.path_values, exchange.request);
    if (findings.malformed) throw Refused(std::move(*findings.malformed));
    read_headers(exchange);
    Principal who = authenticate(exchange);
    authorise(route, who);
    refuse_invalid(std::move(findings));
    const bool keeps = !route.generations.empty() && who.anonymous();
    const Freshness fresh =
        Freshness::now(route.generations); // Of what the handler is about to read.
    const auto run = [&] { return handled_by(runtime_, *call, std::move(who), exchange.facts); };
    Task<Handled> handling =
        keeps ? flights_.make(page_named(exchange.request), fresh, run) : run();
    Handled handled = co_await std::move(handling);
    Response response = response_to(exchange, std::move(handled));
    if (keeps && response.status == 200) response.fresh_while = fresh;
    co_return response;
}

void Router::check_host(const Request& request) const {
    if (settings_.hosts.empty()) return;
    const std::string_view host = request.headers.find("host");
    const std::size_t end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
    if (std::ranges::find(settings_.hosts, host.substr(0, end)) != settings_.hosts.end()) return;
    refuse_with(http_error("host_unknown"), "Ask by the address that the program prints.");
}

void Router::find_route(Exchange& exchange) const {
    const Request& request = exchange.request;
    RouteTree::Match match = tree_.find(request.path);
    if (match.routes == nullptr) {
        refuse_with(http_error("route_not_found"), "No route has this path.");
    }
    const auto found =
        match.routes->find(request.method == Method::head ? Method::get : request.method);
    if (found == match.routes->end()) {
        exchange.allow = allowed_methods(*match.routes);
        refuse_with(http_error("method_not_allowed"), "This address knows " + exchange.allow + ".");
    }
    exchange.entry = entries_[found->second].get();
    exchange.path_values = std::move(match.values);
    const std::size_t bytes_max = exchange.entry->route.body_bytes_max;
    if (request.body.size() > bytes_max) {
        refuse_with(
            http_error("body_too_large"),
            "This route takes " + std::to_string(bytes_max) + " bytes."
        );
    }
    const std::string_view type = content_type_of(exchange.entry->route.reply_kind);
    if (!type.empty() && !accepts(request.headers.find("accept"), type)) {
        refuse_with(http_error("not_acceptable"), "The answer is " + std::string(type) + ".");
    }
}

void Router::read_headers(Exchange& exchange) const {
    const Headers& headers = exchange.request.headers;
    for (const std::string_view name : {"authorization", "if-match", "idempotency-key"}) {
        refuse_repeated(headers, name);
    }
    exchange.facts.if_match = unwrap(parse_if_match(headers.find("if-match")));
    exchange.facts.idempotency_key = unwrap(parse_idempotency_key(headers.find("idempotency-key")));
    if (exchange.entry->route.needs_idempotency_key && !exchange.facts.idempotency_key) {
        refuse_with(http_error("idempotency_key_missing"), "Send an Idempotency-Key header.");
    }
}

Principal Router::authenticate(const Exchange& exchange) {
    const std::optional<std::string> token =
        unwrap(parse_bearer(exchange.request.headers.find("authorization")));
    if (!token) return Principal{};
    return unwrap(authenticator_.authenticate(*token, exchange.began.utc));
}

Response Router::response_to(Exchange& exchange, Handled handled) const {
    Reply& reply = handled.reply;
    const std::string_view policy = content_policy(reply);
    Response response{
        .status = reply.status,
        .content_type = std::move(reply.content_type),
        .headers = std::move(handled.headers),
        .body = std::move(reply.body)
    };
    response.headers.set("Content-Security-Policy", std::string(policy));
    if (reply.version) response.headers.set("ETag", '"' + std::to_string(*reply.version) + '"');
    if (!reply.location.empty()) response.headers.set("Location", std::move(reply.location));
    if (reply.next) response.headers.set("Link", next_link(exchange.request, *reply.next));
    const std::string_view known = exchange.request.headers.find("if-none-match");
    const bool reads =
        exchange.request.method == Method::get || exchange.request.method == Method::head;
    const bool version_is_all = reads && !exchange.entry->route.shows_more;
    if (version_is_all && !known.empty() && known == response.headers.find("ETag")) {
        response.status = 304;
        response.content_type.clear();
        response.body.clear();
    }
    return response;
}

Response Router::failed(Exchange& exchange, const std::exception_ptr& thrown) {
    const Failure failure = failure_of(thrown);
    exchange.code = failure.problem.refusal->code;
    if (failure.our_fault) internal_errors_.add();
    if (!failure.cause.empty()) {
        const auto level = failure.our_fault ? observe::Level::error : observe::Level::warning;
        const observe::LogField fields[] = {
            {"request", exchange.facts.id}, {"cause", failure.cause}
        };
        log_.write(level, "request_failed", fields);
    }
    Response response = problem_response(failure.problem, exchange.facts.id);
    if (!exchange.allow.empty()) response.headers.set("Allow", exchange.allow);
    return response;
}

void Router::finish(Exchange& exchange, Response& response) {
    dress(response, exchange.facts);
    record(exchange, response);
}

void Router::dress(Response& response, const RequestFacts& facts) const {
    Headers& headers = response.headers;
    headers.set("X-Content-Type-Options", "nosniff");
    if (!headers.has("Content-Security-Policy")) {
        headers.set("Content-Security-Policy", std::string(data_policy));
    }
    headers.set("Referrer-Policy", "no-referrer");
    if (settings_.behind_tls) {
        headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
    if (response.fresh_while) {
        // These bytes go to everybody, so nothing in them belongs to one request.
        headers.set("Cache-Control", "no-cache");
        return;
    }
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
    headers.set("Request-Id", facts.id);
    headers.set("Traceparent", facts.traceparent);
}

void Router::record(const Exchange& exchange, const Response& response) {
    const Duration took{
        runtime_.now().monotonic.since_start - exchange.began.monotonic.since_start
    };
    const std::string_view method = name_of(exchange.request.method);
    const std::string_view route =
        exchange.entry ? std::string_view(exchange.entry->route.pattern) : "none";
    log_.info(
        "request",
        {
            {"request", exchange.facts.id},
            {"trace", std::string_view(exchange.facts.traceparent).substr(3, 32)},
            {"method", method},
            {"route", route},
            {"status", response.status},
            {"code", exchange.code},
            {"ms", took.count()},
            {"bytes", response.body.size()},
        }
    );
    if (exchange.entry == nullptr) {
        unread_.add();
        return;
    }
    exchange.entry->count(metrics_, response.status);
    exchange.entry->timing.observe_seconds(static_cast<double>(took.count()) / 1000);
}

Response Router::refuse_unread(const Problem& problem) {
    const Now now = runtime_.now();
    RequestFacts facts{
        .id = new_request_id(runtime_, now.utc), .traceparent = continue_trace({}, runtime_)
    };
    Response response = problem_response(problem, facts.id);
    dress(response, facts);
    unread_.add();
    log_.info(
        "request_unread",
        {{"request", facts.id}, {"status", response.status}, {"code", problem.refusal->code}}
    );
    return response;
}

std::size_t Router::body_bytes_max(Method method, std::string_view path) const {
    const RouteTree::Match match = tree_.find(path);
    if (match.routes == nullptr) return json_body_bytes_max;
    const auto found = match.routes->find(method);
    return found == match.routes->end() ? json_body_bytes_max
                                        : entries_[found->second]->route.body_bytes_max;
}

} // namespace backline::http
