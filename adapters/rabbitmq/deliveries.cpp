#include "adapters/rabbitmq/deliveries.hpp"

#include "adapters/rabbitmq/verdict.hpp"
#include "platform/base/problem.hpp"

namespace backline::rabbitmq {

namespace {

constexpr Duration look_turn{100};
constexpr Duration look_every{1'000};
constexpr Duration move_again_after{200};

Task<std::exception_ptr> not_for(std::string subscriber, std::string type) {
    const std::runtime_error why("this version of " + subscriber + " does not handle " + type);
    co_return std::make_exception_ptr(why);
}

} // namespace

Task<std::exception_ptr> hand_over(const Member& member, bus::EventRecord event) {
    if (member.names(event.type)) return bus::attempt(member.subscription, std::move(event));
    return not_for(member.subscription.subscriber, event.type);
}

Deliveries::Deliveries(
    Runtime& runtime,
    LoopPoster& poster,
    const Settings& settings,
    const Topology& topology,
    std::deque<Member>& members,
    Publisher& publisher,
    std::vector<Queue> queues,
    std::function<void(const std::string&)> on_state
)
    : runtime_(runtime)
    , settings_(settings)
    , topology_(topology)
    , members_(members)
    , publisher_(publisher)
    , sources_(sources_of(members))
    , moved_(runtime)
    , handlers_(runtime, settings.handles_within)
    , consumer_(
          runtime,
          poster,
          settings,
          topology.exchange(),
          std::move(queues),
          listening(),
          listener(std::move(on_state))
      ) {}

std::vector<Deliveries::Source> Deliveries::sources_of(std::deque<Member>& members) {
    std::vector<Source> sources;
    for (Member& member : members) {
        if (!member.handled_here()) continue;
        sources.push_back({&member});
        if (member.shared()) sources.push_back({&member, true});
    }
    return sources;
}

std::vector<Listening> Deliveries::listening() const {
    std::vector<Listening> all;
    for (const Source& source : sources_) all.push_back(listening(source));
    return all;
}

Listening Deliveries::listening(const Source& source) const {
    const bus::Subscription& subscription = source.member->subscription;
    const std::size_t prefetch = subscription.in_flight_max;
    if (!source.member->shared()) return {topology_.observer(subscription), prefetch};
    if (source.suspects) return {{topology_.suspects(subscription.subscriber)}};
    return {{topology_.queue(subscription.subscriber)}, prefetch};
}

Consumer::Listener Deliveries::listener(std::function<void(const std::string&)> on_state) {
    return {
        [this, on_state] {
            session_began();
            on_state("");
        },
        [this](Delivery delivery) { take(std::move(delivery)); },
        on_state,
    };
}

void Deliveries::stop() {
    stopping_ = true;
    consumer_.cancel();
}

Task<std::exception_ptr> Deliveries::try_now(Member& member, bus::EventRecord event) {
    co_await member.permits.take();
    co_return co_await handlers_.run(member, std::move(event));
}

Task<> Deliveries::join() {
    co_await tasks_.join();
    co_await handlers_.join();
}

Task<> Deliveries::watch_handlers() {
    while (!stopping_) {
        handlers_.give_up_late();
        co_await sleep_for(runtime_, look_turn);
    }
}

// --- observe --------------------------------------------------------------------------------------------------------

/// Events may have been missed since the last connection, or since ever.
void Deliveries::session_began() {
    suspects_wait_ = true;
    if (!began_) {
        tasks_.spawn(try_suspects());
        tasks_.spawn(watch_handlers());
    }
    began_ = true;
    for (Member& member : members_) {
        if (member.shared() || !member.handled_here()) continue;
        member.missed = true;
        if (!member.catching_up) tasks_.spawn(catch_up(member));
    }
}

Task<> Deliveries::catch_up(Member& member) {
    member.catching_up = true;
    while (member.missed && !stopping_) {
        member.missed = false;
        co_await bus::catch_up(member.subscription);
    }
    member.catching_up = false;
    member.caught_up.notify();
}

Task<> Deliveries::observe(Member& member, Delivery delivery) {
    while (member.catching_up) co_await member.caught_up;
    co_await member.permits.take();
    if (stopping_) {
        member.permits.give_back();
    } else {
        const bus::EventRecord event = to_copy(delivery.message).event;
        co_await handlers_.run(member, event);
    }
    consumer_.ack(delivery);
}

// --- handle -------------------------------------------------------------------------------------------------------

void Deliveries::take(Delivery delivery) {
    const Source source = sources_.at(delivery.listening);
    if (source.member->shared()) {
        tasks_.spawn(deliver(source, std::move(delivery)));
    } else {
        tasks_.spawn(observe(*source.member, std::move(delivery)));
    }
}

Task<> Deliveries::deliver(Source source, Delivery delivery) {
    Member& member = *source.member;
    Copy copy = to_copy(delivery.message);
    const Arrival arrival{source.suspects, copy.attempts, deliveries_before(delivery.message)};
    copy.attempts = attempts_of(arrival);
    ++member.held;
    switch (on_arrival(arrival, member.subscription.attempts_max)) {
    case Verdict::handle:
        co_await handle(member, std::move(delivery), std::move(copy));
        break;
    case Verdict::set_aside:
        co_await set_aside(member, std::move(delivery), std::move(copy));
        break;
    case Verdict::retry:
    case Verdict::park:
        if (copy.attempts > arrival.attempts || copy.reason.empty()) {
            copy.reason = "the process ended while it was being handled, again and again";
        }
        co_await park(member, std::move(delivery), std::move(copy));
        break;
    }
    --member.held;
}

Task<> Deliveries::set_aside(Member& member, Delivery delivery, Copy copy) {
    const std::string aside = topology_.suspects(member.subscription.subscriber);
    co_await move(std::move(delivery), aside, std::move(copy));
    suspects_wait_ = true;
}

Task<> Deliveries::handle(Member& member, Delivery delivery, Copy copy) {
    co_await member.permits.take();
    if (stopping_ || !consumer_.holds(delivery)) {
        member.permits.give_back();
        co_return; // It lies in its queue, or comes again by another connection.
    }
    const std::exception_ptr failure = co_await handlers_.run(member, copy.event);
    if (!failure) {
        consumer_.ack(delivery);
        co_return;
    }
    ++copy.attempts;
    copy.reason = bus::reason_of(failure);
    co_await fail(member, std::move(delivery), std::move(copy));
}

Task<> Deliveries::fail(Member& member, Delivery delivery, Copy copy) {
    if (on_failure(copy.attempts, member.subscription.attempts_max) == Verdict::park) {
        co_await park(member, std::move(delivery), std::move(copy));
        co_return;
    }
    const std::string later = topology_.retry(member.subscription.subscriber, copy.attempts);
    co_await move(std::move(delivery), later, std::move(copy));
}

Task<> Deliveries::park(Member& member, Delivery delivery, Copy copy) {
    const std::string subscriber = member.subscription.subscriber;
    const Instant now = runtime_.now().utc;
    copy.parked_at = now;
    const store::Parked parked{copy.event, subscriber, copy.attempts, copy.reason, now};
    const std::string lot = topology_.parking(subscriber);
    const std::pair<std::string, Instant> mark{copy.event.id, now};
    member.being_parked.insert(mark);
    const bool moved = co_await move(std::move(delivery), lot, std::move(copy));
    member.being_parked.erase(mark);
    if (moved && settings_.on_parked) settings_.on_parked(parked);
}

/// Confirmed in the other queue before it is acked in this one: at worst there are two. False if the connection ended
/// or the bus stops before that; then it comes again from where it is.
Task<bool> Deliveries::move(Delivery delivery, std::string queue, Copy copy) {
    const Outgoing outgoing{"", queue, true, to_message(copy)};
    ++moving_;
    bool moved = false;
    while (!moved && consumer_.holds(delivery)) {
        try {
            co_await publisher_.send(outgoing);
            moved = true;
        } catch (const Unavailable&) {
            // The message is still in our hands, and is moved as soon as the broker takes it.
        }
        if (!moved && stopping_) break;
        if (!moved) co_await sleep_for(runtime_, move_again_after);
    }
    if (moved) consumer_.ack(delivery);
    --moving_;
    moved_.notify();
    co_return moved;
}

/// One at a time in this process, of all subscribers, and taken from its queue no sooner than it is tried: so what the
/// broker counts as a delivery is a try, and only the one that was tried is charged when the process ends. Before that,
/// what came back together with it is moved out of our hands.
Task<> Deliveries::try_suspects() {
    while (!stopping_) {
        suspects_wait_ = false;
        for (std::size_t queue = 0; queue < sources_.size(); ++queue) {
            if (!sources_[queue].suspects) continue;
            while (moving_ > 0 && !stopping_) co_await moved_;
            std::optional<Delivery> suspect = co_await consumer_.get(queue);
            if (!suspect) continue;
            suspects_wait_ = true;
            co_await deliver(sources_.at(queue), std::move(*suspect));
        }
        co_await until_suspects_wait();
    }
}

/// Others may set something aside and end; it is found when somebody looks again.
Task<> Deliveries::until_suspects_wait() {
    const Monotonic end = runtime_.now().monotonic + look_every;
    while (!stopping_ && !suspects_wait_ && runtime_.now().monotonic < end) {
        co_await sleep_for(runtime_, look_turn);
    }
}

} // namespace backline::rabbitmq
