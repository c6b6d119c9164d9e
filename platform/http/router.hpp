#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/base/problem.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/message.hpp"
#include "platform/http/route_tree.hpp"
#include "platform/http/routes.hpp"
#include "platform/http/single_flight.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/security/access.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backline::http {

/// Takes a request through its route: finds it, authenticates, authorises, reads the parameters, runs the handler, and
/// turns whatever comes out, exceptions too, into a response. No socket in sight: the server, the tests and the
/// simulator all call `handle`, which depends on nothing but the request, the handlers and the runtime.
///
/// What is wrong with a request is told in this order, whatever else is wrong: 404 no such route, 405, 413, 406, 400
/// malformed and 415, 401, 403 for the route, 422, 404 for a path that names nothing, then what the handler says.
///
/// Loop thread only. The router outlives every `handle`.
class Router final {
public:
    struct Settings {
        /// Given to handlers that wait. Less than the server's `answer_for`, after which it cuts them off.
        Duration request_deadline{9'000};
        bool behind_tls = false;        ///< Sends `Strict-Transport-Security`.
        std::vector<IpBlock> proxies{}; ///< Ours, whose word on a client's address counts.
        /// Names that a request's `Host` may have, without port; empty: any. For addresses that let in whoever reaches
        /// them: a web page that has made its own name mean this machine is no operator (DNS rebinding).
        std::vector<std::string> hosts{};
    };

    Router(
        Runtime& runtime,
        security::Authenticator& authenticator,
        observe::Log& log,
        observe::Metrics& metrics,
        Settings settings
    );
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;
    ~Router();

    /// Before the first request. Breaks an invariant when a route with that method and pattern is there.
    void add(Routes routes);

    /// Never throws; answers a `Response` to everything, with security headers and its body, which the server leaves
    /// out where the request was a HEAD.
    Task<Response> handle(Request request);

    /// The answer to something that never became a request, or did not get its answer in time: counted and dressed like
    /// every other answer.
    [[nodiscard]] Response refuse_unread(const Problem& problem);

    /// How large a body the route for this request takes; 1 MiB where there is none.
    [[nodiscard]] std::size_t body_bytes_max(Method method, std::string_view path) const;

    [[nodiscard]] const std::vector<const Route*>& routes() const { return table_; }

private:
    struct Entry;
    struct Exchange;

    Exchange begin(Request request);
    Task<Response> answer(Exchange& exchange);
    void check_host(const Request& request) const;
    void find_route(Exchange& exchange) const;
    void read_headers(Exchange& exchange) const;
    [[nodiscard]] security::Principal authenticate(const Exchange& exchange);
    Response response_to(Exchange& exchange, Handled handled) const;
    Response failed(Exchange& exchange, const std::exception_ptr& thrown);
    void finish(Exchange& exchange, Response& response);
    void record(const Exchange& exchange, const Response& response);
    void dress(Response& response, const RequestFacts& facts) const;

    Runtime& runtime_;
    security::Authenticator& authenticator_;
    observe::Log& log_;
    observe::Metrics& metrics_;
    Settings settings_;
    SingleFlight flights_; ///< Of pages that are kept.
    RouteTree tree_;
    std::vector<std::unique_ptr<Entry>> entries_;
    std::vector<const Route*> table_;
    observe::Counter internal_errors_;
    observe::Counter unread_;
};

} // namespace backline::http
