#include "adapters/sandbox_pay/remote_sandbox.hpp"

#include "adapters/sandbox_pay/wire.hpp"
#include "platform/base/problem.hpp"
#include "platform/schema/json.hpp"

namespace backline::sandbox_pay {

namespace {

using Outcome = Unavailable::Outcome;

/// The sandbox gives up by itself after three seconds.
constexpr Duration answers_within{5'000};

[[noreturn]] void fail(Outcome outcome) {
    throw Unavailable(outcome, "the payment provider did not answer");
}

payments::ProviderPayment read(const http::ClientAnswer& answer) {
    if (answer.status != 200) fail(Outcome::unknown);
    const auto read = schema::read<CallAnswer>(answer.body, schema::Reading::tolerant);
    if (!read || (!read->payment && !read->failure)) fail(Outcome::unknown);
    if (read->payment) return *read->payment;
    fail(*read->failure == CallFailure::not_done ? Outcome::not_done : Outcome::unknown);
}

} // namespace

Task<payments::ProviderPayment> RemoteSandbox::call(payments::ProviderCall call) {
    http::ClientRequest request{
        .url = url_ + "/calls",
        .method = http::Method::post,
        .body = schema::write_json(request_of(call)),
        .within = answers_within
    };
    const http::ClientAnswer answer = co_await client_.send(std::move(request));
    co_return read(answer);
}

} // namespace backline::sandbox_pay
