#include "tests/contract/limiter_contract.hpp"

#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

namespace backline::contract {

using security::Limit;
using security::RateLimiter;

namespace {

template <class T> Task<> keep(Task<T> task, T& value) {
    value = co_await task;
}

Task<> try_once(RateLimiter& limiter, std::vector<Limit> limits, int& through) {
    const Duration wait = co_await limiter.take(std::move(limits));
    through += wait == Duration{0} ? 1 : 0;
}

Task<> try_at_once(LimiterSetup& setup, std::vector<Limit> limits, int tries, int& through) {
    TaskGroup group;
    for (int i = 0; i < tries; ++i) {
        group.spawn(try_once(setup.limiter(i % 2), limits, through));
    }
    co_await group.join();
}

Task<> sleep(Runtime& runtime, Duration duration) {
    co_await sleep_for(runtime, duration);
}

} // namespace

Duration LimiterContract::take(const Limits& limits) {
    Duration wait{-1};
    setup_->run(keep(setup_->limiter(0).take(limits), wait));
    return wait;
}

void LimiterContract::give_back(const Limits& limits) {
    setup_->run(setup_->limiter(0).give_back(limits));
}

void LimiterContract::clear(const Limit& limit) {
    setup_->run(setup_->limiter(0).clear(limit));
}

bool LimiterContract::knows(const Limit& limit) {
    bool known = false;
    setup_->run(keep(setup_->limiter(0).knows(limit), known));
    return known;
}

int LimiterContract::through_at_once(const Limits& limits, int tries) {
    int through = 0;
    setup_->run(try_at_once(*setup_, limits, tries, through));
    return through;
}

int LimiterContract::through(const Limits& limits) {
    int count = 0;
    while (take(limits) == Duration{0}) ++count;
    return count;
}

void LimiterContract::wait(Duration duration) {
    setup_->run(sleep(setup_->runtime(), duration));
}

} // namespace backline::contract
