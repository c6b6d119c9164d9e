#include "services/payments/payments/reactions/worker.hpp"

#include <algorithm>
#include <utility>

namespace backline::payments {

namespace {

/// More than any good path takes; a provider that keeps answering without getting on is asked again later.
constexpr int calls_max = 8;

constexpr std::size_t notices_max = 10'000;

const ProviderPayment* pointer_to(const std::optional<ProviderPayment>& seen) {
    return seen ? &*seen : nullptr;
}

} // namespace

Task<> PaymentWorker::write_then_ask(
    PaymentId id, PaymentCollection::Decide wish, store::Cause cause, store::Terms terms
) {
    const Held payment = co_await commit(id, std::move(wish), cause, std::move(terms));
    if (!payment || waits(*payment)) co_return;
    co_await carry_on(payment, std::nullopt, cause);
}

Task<> PaymentWorker::ask_then_write(
    PaymentId id, PaymentCollection::Decide wish, store::Cause cause
) {
    const Held before = co_await payments_.find(id);
    const Change<Payment> wished = unwrap(wish(before.document.get()));
    const Step step = wished.next ? next_step(*wished.next, nullptr) : Step{};
    if (step.kind != Step::Kind::call) {
        co_await write_then_ask(id, std::move(wish), cause);
        co_return;
    }
    const Answered answered = co_await ask(*step.call);
    const auto decide = [&](const Payment* payment) -> Result<Change<Payment>> {
        return both(unwrap(wish(payment)), *payment, [&](const Payment& next) {
            if (answered.truth) return learn(next, *answered.truth, when());
            return put_off(next, nullptr, retry_at(next, answered.retry_after));
        });
    };
    const Held payment = co_await commit(id, decide, cause);
    if (answered.truth) co_await carry_on(payment, answered.truth, cause);
}

Task<> PaymentWorker::payment_due(Held payment) {
    bool mine = false;
    const auto decide = [&](const Payment* current) -> Result<Change<Payment>> {
        Change<Payment> change = take_up(*current, when());
        mine = change.next.has_value();
        return change;
    };
    const Held taken = co_await commit(payment->id, decide, {});
    if (mine) co_await carry_on(taken, std::nullopt, {});
}

void PaymentWorker::notice(PaymentId id) {
    if (notices_.size() >= notices_max) {
        log_.warning("payment_notice_dropped", {{"payment", id.text()}});
        return;
    }
    notices_.insert(id);
}

/// A notice that could not be read is kept: nobody asks about a payment that is settled as far as we know.
Task<> PaymentWorker::read_notices() {
    const std::set<PaymentId> noticed = notices_;
    for (const PaymentId id : noticed) {
        notices_.erase(id);
        bool read = false;
        try {
            read = co_await read_notice(id);
        } catch (const Unavailable& away) {
            log_.warning("payment_notice_kept", {{"payment", id.text()}, {"cause", away.what()}});
        }
        if (!read) notice(id);
    }
}

/// False if the provider did not answer.
Task<bool> PaymentWorker::read_notice(PaymentId id) {
    const Held payment = co_await payments_.find(id);
    const auto call = payment ? question(*payment) : std::nullopt;
    if (!call) co_return true;
    const Answered answered = co_await ask(*call);
    if (!answered.truth) co_return false;
    const auto decide = [&](const Payment* current) -> Result<Change<Payment>> {
        return learn(*current, *answered.truth, when());
    };
    const Held next = co_await commit(id, decide, {});
    co_await carry_on(next, answered.truth, {});
    co_return true;
}

Task<> PaymentWorker::carry_on(Held payment, Seen seen, store::Cause cause) {
    Duration retry_after{0};
    for (int calls = 0; calls < calls_max; ++calls) {
        const Step step = next_step(*payment, pointer_to(seen));
        if (step.kind == Step::Kind::nothing) co_return;
        if (step.kind == Step::Kind::wait) break;
        const Answered answered = co_await ask(*step.call);
        retry_after = answered.retry_after;
        if (!answered.truth) break;
        seen = answered.truth;
        const auto decide = [&](const Payment* current) -> Result<Change<Payment>> {
            return learn(*current, *seen, when());
        };
        payment = co_await commit(payment->id, decide, cause);
    }
    co_await put_off_until(payment->id, std::move(seen), retry_after, cause);
}

Task<PaymentWorker::Answered> PaymentWorker::ask(ProviderCall call) {
    const std::string key = call.key.text();
    Answered answered;
    try {
        answered.truth = co_await provider_.call(std::move(call));
    } catch (const Unavailable& failure) {
        answered.retry_after = failure.retry_after();
        const bool unknown = failure.outcome() == Unavailable::Outcome::unknown;
        log_.warning("provider_unavailable", {{"key", key}, {"outcome_unknown", unknown}});
    }
    co_return answered;
}

Task<PaymentWorker::Held> PaymentWorker::commit(
    PaymentId id, PaymentCollection::Decide decide, store::Cause cause, store::Terms terms
) {
    const auto committed =
        co_await payments_.update(id, std::move(decide), std::move(cause), std::move(terms));
    Held payment = unwrap(committed);
    if (payment && payment->attention) {
        log_.error("payment_needs_attention", {{"payment", id.text()}});
    }
    co_return payment;
}

Task<> PaymentWorker::put_off_until(
    PaymentId id, Seen seen, Duration retry_after, store::Cause cause
) {
    const auto decide = [&](const Payment* payment) -> Result<Change<Payment>> {
        return put_off(*payment, pointer_to(seen), retry_at(*payment, retry_after));
    };
    co_await commit(id, decide, std::move(cause));
}

When PaymentWorker::when() const {
    const Instant now = runtime_.now().utc;
    return {now, now + config_.takeover_for};
}

Instant PaymentWorker::retry_at(const Payment& payment, Duration at_least) const {
    const int doublings = std::min(payment.tries.value(), 20);
    const Duration doubled = config_.retry_first_for * (std::int64_t{1} << doublings);
    const Duration pause = std::min(doubled, config_.retry_longest_for);
    return runtime_.now().utc + std::max(pause, at_least);
}

/// A question that comes again does not hurry a provider that could not answer just now.
bool PaymentWorker::waits(const Payment& payment) const {
    return payment.tries > Tries::of(0) && payment.due_at > runtime_.now().utc;
}

} // namespace backline::payments
