#include "platform/bus/attempt.hpp"

#include <string_view>

namespace backline::bus {

namespace {

Task<std::exception_ptr> outcome_of(std::move_only_function<Task<>()> call) {
    std::exception_ptr failure;
    try {
        co_await call();
    } catch (...) { // Whatever a handler throws means that the event was not handled.
        failure = std::current_exception();
    }
    co_return failure;
}

Task<> nothing() {
    co_return;
}

} // namespace

Task<std::exception_ptr> attempt(const Subscription& subscription, EventRecord event) {
    return outcome_of([&subscription, event = std::move(event)]() mutable {
        return subscription.handle(std::move(event));
    });
}

Task<std::exception_ptr> catch_up(const Subscription& subscription) {
    return outcome_of([&subscription] {
        return subscription.resync ? subscription.resync() : nothing();
    });
}

std::string reason_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& known) {
        const std::string_view what = known.what();
        return what.empty() ? "an exception without a word" : std::string(what);
    } catch (...) { // Thrown by a handler; see `outcome_of`.
        return "the handler threw something that is no exception";
    }
}

} // namespace backline::bus
