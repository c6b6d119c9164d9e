#include "tests/contract/bus_contract.hpp"

#include "platform/async/wait.hpp"

namespace backline::contract {

using bus::EventRecord;
using bus::Subscription;

namespace {

struct Forever {
    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<>) const noexcept {}

    void await_resume() const noexcept {}
};

int count(
    const std::vector<Diary::Line>& lines, const std::string& subscriber, const std::string& event
) {
    return static_cast<int>(std::ranges::count_if(lines, [&](const Diary::Line& line) {
        return line.subscriber == subscriber && line.event == event;
    }));
}

Task<> sleep(Runtime& runtime, Duration duration) {
    co_await sleep_for(runtime, duration);
}

Task<> commit_one(store::Store& store, store::Commit commit) {
    const store::CommitResult done = co_await store.commit(std::move(commit));
    EXPECT_EQ(done.kind, store::CommitResult::Kind::committed);
}

Task<> commit_all(store::Store& store, std::vector<store::Commit> commits) {
    TaskGroup group = strict_group();
    for (store::Commit& commit : commits) group.spawn(commit_one(store, std::move(commit)));
    co_await group.join();
}

bool wants(const Subscription& subscription, const std::string& type) {
    return subscription.kind == Subscription::Kind::shared &&
           std::ranges::find(subscription.types, type) != subscription.types.end();
}

bool is_parked(
    const std::vector<store::Parked>& parked,
    const std::string& subscriber,
    const std::string& event
) {
    return std::ranges::any_of(parked, [&](const store::Parked& one) {
        return one.subscriber == subscriber && one.event.id == event;
    });
}

} // namespace

int Diary::tries(const std::string& subscriber, const std::string& event) const {
    return count(lines, subscriber, event);
}

int Diary::handled(const std::string& subscriber, const std::string& event) const {
    return count(done, subscriber, event);
}

std::size_t Diary::handled_by(const std::string& subscriber) const {
    const auto found = handled_events.find(subscriber);
    return found == handled_events.end() ? 0 : found->second.size();
}

std::string event_id(const std::string& id, int sequence) {
    return "contract.things/" + id + "/" + std::to_string(sequence);
}

BusContract::BusContract() : setup_(GetParam()()) {}

BusContract::~BusContract() {
    if (setup_) setup_->crash();
}

Subscription BusContract::subscriber(std::string name, Handle handle) {
    Subscription made;
    made.subscriber = name;
    made.types = {placed, paid};
    made.attempts_max = 4;
    made.handle = [this, name, handle](EventRecord event) {
        return note(name, handle, std::move(event));
    };
    return made;
}

Subscription BusContract::observer(std::string name, Handle handle) {
    Subscription made = subscriber(std::move(name), std::move(handle));
    made.kind = Subscription::Kind::observed;
    return made;
}

bus::Relay::Settings BusContract::quick() {
    return {.sweep_every = Duration{20}};
}

void BusContract::start(std::vector<Subscription> subscriptions, bus::Relay::Settings relay) {
    running_ = subscriptions;
    setup_->start(std::move(subscriptions), relay);
}

void BusContract::restart(std::vector<Subscription> subscriptions, bus::Relay::Settings relay) {
    setup_->crash();
    diary.inside = 0;
    start(std::move(subscriptions), relay);
}

void BusContract::commit(const std::string& id, int events, const std::string& type) {
    const Cargo cargo{.events = events, .type = type};
    commit(commit_of(things(), {.id = id}, {}, cargo));
}

void BusContract::commit(store::Commit commit) {
    std::ranges::copy(commit.events, std::back_inserter(committed_));
    run(commit_one(setup_->store(), std::move(commit)));
}

void BusContract::commit_many(int count) {
    std::vector<store::Commit> commits;
    for (int i = 0; i < count; ++i) {
        const Cargo cargo{.events = 1, .type = placed};
        commits.push_back(commit_of(things(), {.id = std::to_string(i)}, {}, cargo));
        std::ranges::copy(commits.back().events, std::back_inserter(committed_));
    }
    run(commit_all(setup_->store(), std::move(commits)));
}

bool BusContract::eventually(const std::function<bool()>& holds) {
    const Monotonic until = setup_->runtime().now().monotonic + std::chrono::seconds{30};
    while (!holds()) {
        if (setup_->runtime().now().monotonic > until) return false;
        wait(Duration{1});
    }
    return true;
}

void BusContract::wait(Duration duration) {
    run(sleep(setup_->runtime(), duration));
}

bool BusContract::settled() {
    if (setup_->store().backlog() > 0) return false;
    std::optional<std::vector<store::Parked>> known;
    for (const Subscription& subscription : running_) {
        const std::string& name = subscription.subscriber;
        for (const EventRecord& event : committed_) {
            if (!wants(subscription, event.type) || diary.handled(name, event.id) > 0) continue;
            if (!known) known = parked();
            if (!is_parked(*known, name, event.id)) return false;
        }
    }
    return true;
}

std::int64_t BusContract::depth(const std::string& subscriber) {
    for (const bus::Bus::Depth& one : run(setup_->bus().depths())) {
        if (one.subscriber == subscriber) return one.events;
    }
    return -1;
}

std::string BusContract::replay(const std::string& event, const std::string& subscriber) {
    try {
        run(setup_->bus().replay(event, subscriber));
    } catch (const std::exception& failure) {
        return failure.what();
    }
    return "";
}

Task<> BusContract::note(std::string name, Handle handle, EventRecord event) {
    const std::string id = event.id;
    diary.lines.push_back({name, id, setup_->runtime().now().monotonic});
    diary.most_inside = std::max(diary.most_inside, ++diary.inside);
    std::exception_ptr failure;
    try {
        if (handle) co_await handle(std::move(event));
    } catch (...) { // Thrown again below.
        failure = std::current_exception();
    }
    --diary.inside;
    if (failure) std::rethrow_exception(failure);
    diary.done.push_back({name, id, setup_->runtime().now().monotonic});
    diary.handled_events[name].insert(id);
}

Task<> BusContract::never_returns(EventRecord) {
    co_await Forever{};
}

Task<> BusContract::returns_after(Duration pause, EventRecord) {
    co_await sleep_for(setup_->runtime(), pause);
}

Task<> BusContract::throws_on(std::string event, EventRecord thrown_on) {
    co_await turn(setup_->runtime());
    if (thrown_on.id == event) throw std::runtime_error("cannot handle " + event);
}

Task<> BusContract::dies_of(std::string event, EventRecord died_of) {
    co_await turn(setup_->runtime());
    if (died_of.id == event) co_await Forever{};
}

} // namespace backline::contract
