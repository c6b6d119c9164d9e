#include "adapters/rabbitmq/rabbit_bus.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/problem.hpp"
#include "platform/bus/attempt.hpp"

#include <algorithm>

namespace backline::rabbitmq {

using bus::EventRecord;
using bus::Subscription;

namespace {

constexpr Duration start_turn{5};

/// Runs what blocks away from the loop; its trouble is that the broker could not be asked.
template <class Work> auto ask(Runtime& aside, Work work) -> Task<std::invoke_result_t<Work&>> {
    std::string why;
    try {
        co_return co_await offloaded(aside, std::move(work));
    } catch (const Trouble& trouble) {
        why = trouble.what();
    }
    throw Unavailable(Unavailable::Outcome::not_done, why);
}

} // namespace

RabbitBus::RabbitBus(Runtime& runtime, LoopPoster& poster, Runtime& aside, Settings settings)
    : runtime_(runtime)
    , poster_(poster)
    , aside_(aside)
    , settings_(std::move(settings))
    , topology_(settings_.prefix, settings_.retry_after, settings_.queue_bytes_max) {}

RabbitBus::~RabbitBus() = default;

bool RabbitBus::wanted(const std::string& type, bool shared) const {
    return std::ranges::any_of(members_, [&](const Member& member) {
        return member.shared() == shared && member.names(type);
    });
}

// --- start and stop -------------------------------------------------------------------------------------------------

void RabbitBus::subscribe(Subscription subscription) {
    INVARIANT(!publisher_, "all subscriptions come before the start");
    members_.emplace_back(runtime_, std::move(subscription));
}

Task<> RabbitBus::start() {
    std::vector<Queue> queues;
    for (const Member& member : members_) {
        if (!member.shared()) continue;
        std::ranges::move(topology_.shared(member.subscription), std::back_inserter(queues));
    }
    const auto on_state = [this](const std::string& state) { publisher_is(state); };
    publisher_.emplace(runtime_, poster_, settings_, topology_.exchange(), queues, on_state);
    deliveries_.emplace(
        runtime_,
        poster_,
        settings_,
        topology_,
        members_,
        *publisher_,
        std::move(queues),
        [this](const std::string& state) { consumer_is(state); }
    );
    publisher_->start();
    const Monotonic end = runtime_.now().monotonic + settings_.starts_within;
    while (!deliveries_->began() && !stopping_ && runtime_.now().monotonic < end) {
        co_await sleep_for(runtime_, start_turn);
    }
}

/// The queues stand once the publisher is connected; then they can be consumed.
void RabbitBus::publisher_is(const std::string& state) {
    if (state.empty() && !queues_stand_ && !stopping_) {
        queues_stand_ = true;
        deliveries_->start();
    }
    publisher_trouble_ = state;
    tell_trouble();
}

void RabbitBus::consumer_is(const std::string& state) {
    consumer_trouble_ = state;
    tell_trouble();
}

void RabbitBus::tell_trouble() {
    const std::string& now = publisher_trouble_.empty() ? consumer_trouble_ : publisher_trouble_;
    if (now == told_) return;
    told_ = now;
    if (settings_.on_trouble) settings_.on_trouble(told_);
}

void RabbitBus::stop() {
    stopping_ = true;
    if (deliveries_) deliveries_->stop();
}

Task<> RabbitBus::join() {
    INVARIANT(stopping_, "a bus is stopped before it is joined");
    if (!deliveries_) co_return;
    co_await deliveries_->join();
    deliveries_->close();
    publisher_->stop(true);
}

// --- publish --------------------------------------------------------------------------------------------------------

Task<> RabbitBus::publish(EventRecord event, bool /*redelivered*/) {
    INVARIANT(publisher_, "a bus is started before anything is published");
    const bool mandatory = wanted(event.type, true);
    if (!mandatory && !wanted(event.type, false)) co_return;
    const std::string key = event.type;
    Outgoing outgoing{topology_.exchange(), key, mandatory, to_message({std::move(event)})};
    co_await publisher_->send(std::move(outgoing));
}

// --- what operators ask ---------------------------------------------------------------------------------------------

Task<std::vector<bus::Bus::Depth>> RabbitBus::depths() {
    std::vector<std::vector<std::string>> queues;
    for (const Member& member : members_) {
        if (member.shared()) queues.push_back(topology_.waiting(member.subscription.subscriber));
    }
    const auto count = [settings = settings_, queues] {
        return inspector::count(settings, queues);
    };
    const std::vector<std::int64_t> counts = co_await ask(aside_, count);
    std::vector<Depth> depths;
    for (const Member& member : members_) {
        if (!member.shared()) continue;
        const std::int64_t ready = counts.at(depths.size());
        depths.push_back({member.subscription.subscriber, ready + member.held});
    }
    co_return depths;
}

std::vector<inspector::Lot> RabbitBus::lots() const {
    std::vector<inspector::Lot> lots;
    for (const Member& member : members_) {
        const Subscription& subscription = member.subscription;
        if (!member.shared() || !member.handled_here()) continue;
        lots.push_back({topology_.parking(subscription.subscriber), subscription.subscriber});
    }
    return lots;
}

std::map<std::string, RabbitBus::Marks> RabbitBus::being_parked() const {
    std::map<std::string, Marks> all;
    for (const Member& member : members_) {
        const Marks& marks = member.being_parked;
        all[member.subscription.subscriber].insert(marks.begin(), marks.end());
    }
    return all;
}

/// Nobody hears of a message before it is acked where it came from: until then it may come again and be handled.
Task<std::vector<store::Parked>> RabbitBus::parked(std::size_t limit) {
    std::map<std::string, Marks> unsure = being_parked();
    const auto list = [settings = settings_, lots = lots()] {
        return inspector::list(settings, lots);
    };
    std::vector<store::Parked> found = co_await ask(aside_, list);
    std::erase_if(found, [&](const store::Parked& one) {
        return unsure[one.subscriber].contains({one.event.id, one.parked_at});
    });
    if (found.size() > limit) found.resize(limit);
    co_return found;
}

Member& RabbitBus::handler_of(const std::string& subscriber) {
    const auto found = std::ranges::find_if(members_, [&](const Member& member) {
        const Subscription& subscription = member.subscription;
        return member.shared() && member.handled_here() && subscription.subscriber == subscriber;
    });
    if (found != members_.end()) return *found;
    throw Unavailable(Unavailable::Outcome::not_done, "nobody here subscribes as " + subscriber);
}

Task<> RabbitBus::replay(std::string event_id, std::string subscriber) {
    Member& member = handler_of(subscriber);
    const inspector::Lot lot{topology_.parking(subscriber), subscriber};
    const auto take = [settings = settings_, lot, event_id] {
        return inspector::take(settings, lot, event_id);
    };
    const std::shared_ptr<inspector::Taken> taken = co_await ask(aside_, take);
    if (!taken) {
        throw Unavailable(Unavailable::Outcome::not_done, "nothing is parked under " + event_id);
    }
    const auto failure = co_await deliveries_->try_now(member, taken->parked().event);
    const bool handled = failure == nullptr;
    const auto finish = [taken, handled] {
        if (handled) {
            taken->remove();
        } else {
            taken->give_back();
        }
        return handled;
    };
    co_await ask(aside_, finish);
    if (failure) std::rethrow_exception(failure);
}

} // namespace backline::rabbitmq
