#pragma once

#include "services/payments/payments/model.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Requests, payments and answers for the tests of this service.
namespace backline::payments::samples {

inline const Instant noon{Duration{1'700'000'000'000}};
inline const When when{noon, noon + Duration{30'000}};

inline Money euros(std::int64_t cents) {
    return {cents, Currency("EUR")};
}

inline const Money price = euros(10'000);

inline orders::OrderId order(std::uint64_t n = 1) {
    return orders::OrderId::from_parts(noon, n, n * 0x9E3779B97F4A7C15ULL);
}

inline orders::SagaRef ref(orders::OrderId order, orders::Step step, int attempt) {
    return {order, step, orders::Attempt::of(attempt)};
}

inline orders::PaymentRequested payment_asked(
    orders::OrderId order, int attempt = 1, std::string_view token = "tok_ok"
) {
    return {
        ref(order, orders::Step::authorise, attempt),
        users::CustomerId::of("usr_01jd8xw9b2f0aqv1e4m7k3t5nz"),
        price,
        orders::PaymentToken::of(token)
    };
}

inline orders::CaptureRequested capture_asked(orders::OrderId order, int attempt = 1) {
    return {ref(order, orders::Step::capture, attempt)};
}

inline orders::PaymentCloseRequested close_asked(orders::OrderId order, int attempt = 1) {
    return {ref(order, orders::Step::close_payment, attempt)};
}

/// What a provider with these books would answer about a payment over `price`.
inline ProviderPayment truth(ProviderStatus status) {
    ProviderPayment truth{.id = ProviderRef::of("sbx_1"), .status = status, .amount = price};
    const bool authorised =
        status == ProviderStatus::authorised || status == ProviderStatus::captured;
    truth.authorised = authorised ? price : euros(0);
    truth.captured = status == ProviderStatus::captured ? price : euros(0);
    if (status == ProviderStatus::declined) truth.declined_for = DeclineReason::card_expired;
    return truth;
}

inline RefundView refund_asked(const Payment& payment, std::int64_t cents, std::uint64_t n = 1) {
    return {
        RefundId::from_parts(noon, n, n),
        payment.id,
        euros(cents),
        Text<3, 200>::of("A scratch on the case."),
        Text<1, 40>::of("usr_staff"),
        noon
    };
}

/// A payment in every status, by the way that leads there.
inline Payment payment_in(PaymentStatus status) {
    using enum PaymentStatus;
    const auto after = [](PaymentStatus before, auto decide) {
        return *decide(payment_in(before)).next;
    };
    const auto told = [](ProviderStatus theirs) {
        return [theirs](const Payment& payment) { return learn(payment, truth(theirs), when); };
    };
    switch (status) {
    case authorising:
        return *authorise(nullptr, payment_asked(order()), when).next;
    case authorised:
        return after(authorising, told(ProviderStatus::authorised));
    case declined:
        return after(authorising, told(ProviderStatus::declined));
    case capturing:
        return after(authorised, [](const Payment& payment) {
            return capture(&payment, capture_asked(order()), when);
        });
    case captured:
        return after(capturing, told(ProviderStatus::captured));
    case closing:
        return after(authorised, [](const Payment& payment) {
            return close(&payment, close_asked(order()), when);
        });
    case closed:
        return after(closing, told(ProviderStatus::voided));
    case needs_attention:
        return after(authorising, [](const Payment& payment) {
            ProviderPayment wrong = truth(ProviderStatus::authorised);
            wrong.amount.amount += 1;
            return learn(payment, wrong, when);
        });
    }
    return {};
}

/// The events of a change, by their types' last words: `payment_authorised`.
inline std::vector<std::string> events_of(const Change<Payment>& change) {
    std::vector<std::string> names;
    for (const RaisedEvent& event : change.events) {
        const std::string_view type = event.info->type;
        const std::string_view tail = type.substr(std::string_view("backline.payments.").size());
        names.emplace_back(tail.substr(0, tail.size() - std::string_view(".v1").size()));
    }
    return names;
}

inline std::vector<Transaction> transactions_of(const Change<Payment>& change) {
    std::vector<Transaction> transactions;
    for (const Described& entry : change.entries) {
        transactions.push_back(*static_cast<const Transaction*>(entry.value.get()));
    }
    return transactions;
}

} // namespace backline::payments::samples
