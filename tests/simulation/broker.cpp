#include "tests/simulation/broker.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"

namespace backline::simulation {

namespace {

/// Faults of the store may hit one event again and again; that is no reason to park it.
constexpr int attempts_max = 60;

std::exception_ptr unavailable(Unavailable::Outcome outcome, const char* cause) {
    return std::make_exception_ptr(Unavailable(outcome, cause));
}

} // namespace

Broker::Broker(memory::VirtualLoop& loop, Fate& fate)
    : loop_(loop)
    , fate_(fate)
    , runtime_(loop)
    , lot_(runtime_, disk_)
    , bus_(runtime_, lot_, {Duration{100}, Duration{5'000}})
    , tasks_([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {}

void Broker::declare(const bus::Subscription& subscription, Take take) {
    const bool observed = subscription.kind == bus::Subscription::Kind::observed;
    if (!declared_.insert(subscription.subscriber + (observed ? "/observed" : "")).second) return;
    bus::Subscription proxy = subscription;
    proxy.attempts_max = attempts_max;
    proxy.handle = [this, take, consumer = subscription.subscriber](bus::EventRecord event) {
        return hand_over(consumer, take, std::move(event));
    };
    bus_.subscribe(std::move(proxy));
}

Task<> Broker::hand_over(std::string consumer, Take take, bus::EventRecord event) {
    co_await sleep_for(runtime_, fate_.between(1, 10));
    if (fate_.strikes(&Faults::delivered_late)) {
        co_await sleep_for(runtime_, fate_.between(1'000, 60'000));
    }
    const int times = fate_.strikes(&Faults::delivered_twice) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
        loop_.trace(event.id);
        co_await hand_over_once(take, event);
        handled_.try_emplace({consumer, event.id}, runtime_.now().utc);
    }
    if (fate_.strikes(&Faults::ack_lost)) {
        throw Unavailable(Unavailable::Outcome::unknown, "simulated: the acknowledgement is lost");
    }
}

/// What nobody is there to take waits in the queue, and no attempt is counted.
Task<> Broker::hand_over_once(const Take& take, const bus::EventRecord& event) {
    bool taken = false;
    while (!taken) {
        while (fate_.is_away("bus")) co_await sleep_for(runtime_, Duration{1'000});
        const auto answer = std::make_shared<Answer<bool>>(runtime_);
        take(event, answer);
        taken = co_await *answer;
        if (!taken) co_await sleep_for(runtime_, fate_.between(100, 2'000));
    }
}

void Broker::publish(
    bus::EventRecord event, bool redelivered, std::shared_ptr<Answer<bool>> confirm
) {
    tasks_.spawn(carry(std::move(event), redelivered, std::move(confirm)));
}

std::optional<Instant> Broker::handled_at(const std::string& consumer, const std::string& event)
    const {
    const auto found = handled_.find({consumer, event});
    if (found == handled_.end()) return std::nullopt;
    return found->second;
}

Task<> Broker::carry(
    bus::EventRecord event, bool redelivered, std::shared_ptr<Answer<bool>> confirm
) {
    co_await sleep_for(runtime_, fate_.between(1, 10));
    const bool away = fate_.is_away("bus");
    if (away) co_await sleep_for(runtime_, fate_.between(10'000, 60'000));
    if (away || fate_.strikes(&Faults::publish_lost)) {
        confirm->fail(unavailable(Unavailable::Outcome::unknown, "simulated: never arrived"));
        co_return;
    }
    seen_.emplace(event.id, event);
    if (fate_.strikes(&Faults::confirm_lost)) {
        confirm->fail(unavailable(Unavailable::Outcome::unknown, "simulated: no confirm"));
    }
    ++under_way_;
    co_await bus_.publish(std::move(event), redelivered);
    --under_way_;
    confirm->set(true);
}

BusClient::BusClient(Runtime& runtime, Broker& broker, Serve serve)
    : runtime_(runtime)
    , broker_(broker)
    , serve_(std::move(serve)) {}

Task<> BusClient::publish(bus::EventRecord event, bool redelivered) {
    const auto confirm = std::make_shared<Answer<bool>>(runtime_);
    broker_.publish(std::move(event), redelivered, confirm);
    co_await *confirm;
}

Task<std::vector<store::Parked>> BusClient::parked(std::size_t) {
    co_return broker_.parked();
}

Task<> BusClient::replay(std::string, std::string) {
    throw Unavailable(Unavailable::Outcome::not_done, "simulated: nobody replays by hand here");
    co_return;
}

} // namespace backline::simulation
