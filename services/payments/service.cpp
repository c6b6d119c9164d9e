#include "services/payments/service.hpp"

#include "platform/service/due.hpp"
#include "services/payments/errors.hpp"
#include "services/payments/payments/handlers.hpp"
#include "services/payments/payments/reactions.hpp"
#include "services/payments/refunds/handlers.hpp"

// START HERE: everything that the Payment Service serves, hears, does by the clock and keeps.
namespace backline::payments {

namespace {

using security::Access;

const store::CollectionSpec keys_spec = IdempotencyKeys::collection_of("payments");

struct Parts {
    Parts(Backends on, Provider& provider, observe::Log& log, const Config& config)
        : payments(on.store, on.runtime, payments_spec)
        , keys(on.store, on.runtime, keys_spec)
        , worker(on.runtime, payments, provider, log, config) {}

    PaymentCollection payments;
    IdempotencyKeys keys;
    PaymentWorker worker;

    PaymentHandlers requests{payments};
    RefundHandlers refund_requests{payments, keys};
    PaymentReactions saga{worker};
};

http::Routes payment_routes(PaymentHandlers& on) {
    using H = PaymentHandlers;
    const Access read = Access::needs("payments:read");
    const Refusal& unknown = error("payment_unknown");
    return {
        get("/v1/payments", on, &H::list, read, "List payments"),
        get("/v1/payments/{payment_id}", on, &H::show, read, "Show one payment").refuses(unknown),
        get("/v1/payments/{payment_id}/transactions",
            on,
            &H::transactions,
            read,
            "List what the provider did")
            .refuses(unknown),
    };
}

http::Routes refund_routes(RefundHandlers& on) {
    using H = RefundHandlers;
    return {
        post(
            "/v1/payments/{payment_id}/refunds",
            on,
            &H::ask_for,
            Access::needs("payments:refund"),
            "Give captured money back"
        )
            .idempotent()
            .refuses(
                error("refund_of_nothing"),
                error("refund_currency_differs"),
                error("payment_unknown"),
                error("payment_needs_attention"),
                error("payment_not_captured"),
                error("refund_exceeds_captured"),
                error("refunds_too_many")
            ),
        get("/v1/payments/{payment_id}/refunds/{refund_id}",
            on,
            &H::show,
            Access::needs("payments:read"),
            "Show one refund")
            .refuses(error("payment_unknown"), error("refund_unknown")),
    };
}

std::vector<Reaction> reactions(Parts& on) {
    return {
        backline::on(on.saga, &PaymentReactions::payment_requested),
        backline::on(on.saga, &PaymentReactions::capture_requested),
        backline::on(on.saga, &PaymentReactions::payment_close_requested),
    };
}

std::vector<Timer> timers(Parts& on, const Config& config) {
    return {
        when_due(
            "payments.due",
            on.payments,
            payments_by_due_at,
            on.worker,
            &PaymentWorker::payment_due,
            config.look_every
        ),
        {"payments.notices",
         config.look_every,
         [&on](const bool&) { return on.worker.read_notices(); }},
    };
}

/// The provider outlives this service, so it must not hold on to one that is gone.
void listen(Provider& provider, const std::shared_ptr<Parts>& parts) {
    provider.on_notice([weak = std::weak_ptr<Parts>(parts)](PaymentId id) {
        if (const auto on = weak.lock()) on->worker.notice(id);
    });
}

} // namespace

Service make_service(Backends backends, Provider& provider, observe::Log& log, Config config) {
    auto parts = std::make_shared<Parts>(backends, provider, log, config);
    listen(provider, parts);
    return {
        .name = "payments",
        .collections = {&payments_spec, &keys_spec},
        .routes =
            http::joined({payment_routes(parts->requests), refund_routes(parts->refund_requests)}),
        .reactions = reactions(*parts),
        .timers = timers(*parts, config),
        .refusals = refusals,
        .parts = parts,
    };
}

} // namespace backline::payments
