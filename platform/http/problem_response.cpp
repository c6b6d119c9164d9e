#include "platform/http/problem_response.hpp"

#include "platform/http/refusals.hpp"
#include "platform/schema/json.hpp"

namespace backline::http {

namespace {

std::string whole_seconds_up(Duration duration) {
    return std::to_string(std::max<Duration::rep>(1, (duration.count() + 999) / 1000));
}

ProblemView view_of(const Problem& problem, const std::string& request_id) {
    ProblemView view{
        .type = "/problems/" + std::string(problem.refusal->code),
        .title = std::string(problem.refusal->title),
        .status = problem.refusal->status,
        .detail = problem.detail,
        .instance = request_id,
        .code = std::string(problem.refusal->code)
    };
    if (!problem.errors.empty()) {
        view.errors.emplace();
        for (const FieldError& error : problem.errors) {
            view.errors->push_back({error.pointer, error.code, error.detail});
        }
    }
    if (problem.retry_after) view.retry_after_ms = problem.retry_after->count();
    return view;
}

} // namespace

Response problem_response(const Problem& problem, const std::string& request_id) {
    Response response{
        .status = problem.refusal->status,
        .content_type = "application/problem+json",
        .body = schema::write_json(view_of(problem, request_id))
    };
    if (problem.retry_after) {
        response.headers.set("Retry-After", whole_seconds_up(*problem.retry_after));
    }
    if (response.status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

Failure failure_of(const std::exception_ptr& thrown) {
    const Problem internal{&internal_failure, "Report the id in `instance`."};
    try {
        std::rethrow_exception(thrown);
    } catch (const Refused& refused) {
        return Failure{refused.problem(), {}};
    } catch (const Unavailable& unavailable) {
        Problem problem{
            &unavailable_failure, "Something that the shop needs is away; try again.", {}
        };
        problem.retry_after = unavailable.retry_after();
        return Failure{std::move(problem), unavailable.what()};
    } catch (const std::exception& bug) {
        return Failure{internal, bug.what(), true};
    } catch (...) {
        return Failure{internal, "an exception that is no std::exception", true};
    }
}

} // namespace backline::http
