#pragma once

#include "adapters/rabbitmq/broker_test.hpp"
#include "adapters/rabbitmq/rabbit_bus.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"
#include "tests/contract/real_loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace backline::rabbitmq {

inline constexpr const char* placed = "backline.test.placed.v1";

inline bus::EventRecord event_of(const std::string& id, const std::string& type = placed) {
    bus::EventRecord event;
    event.id = id;
    event.source = "test";
    event.type = type;
    event.subject = id;
    event.sequence = 1;
    event.data = "{}";
    return event;
}

/// A process on the bus, and what its subscribers saw. It ends in good order.
class Process final {
public:
    Process(contract::RealLoop& loop, Settings settings)
        : loop_(loop)
        , bus(loop, loop, loop, told(std::move(settings))) {}

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    ~Process() {
        bus.stop();
        for (auto& [id, signal] : gates_) signal->notify();
        held_.clear();
        loop_.run(bus.join());
    }

    using Handle = std::function<Task<>(bus::EventRecord)>;

    /// Declares a shared subscriber of `placed` and handles it here: notes each event, then does as `held_`, `failing_`
    /// say.
    bus::Subscription subscriber(const std::string& name) {
        bus::Subscription made;
        made.subscriber = name;
        made.types = {placed};
        made.attempts_max = 3;
        made.handle = [this](bus::EventRecord event) { return note(std::move(event)); };
        return made;
    }

    void start(std::vector<bus::Subscription> subscriptions) {
        for (bus::Subscription& one : subscriptions) bus.subscribe(std::move(one));
        loop_.run(bus.start());
    }

    /// Every handling of this event fails from now on, or no longer.
    void fail(const std::string& id, bool fails = true) { failing_[id] = fails; }

    /// Every handling of this event waits until `release`.
    void hold(const std::string& id) {
        gates_.emplace(id, std::make_unique<Signal>(loop_));
        held_[id] = true;
    }

    void release(const std::string& id) {
        held_[id] = false;
        gates_.at(id)->notify();
    }

    /// Empty if the broker took it; else what was thrown, `not_done: ...` or `unknown: ...`.
    std::string publish(const bus::EventRecord& event) {
        try {
            loop_.run(bus.publish(event, false));
        } catch (const Unavailable& away) {
            const bool not_done = away.outcome() == Unavailable::Outcome::not_done;
            return (not_done ? "not_done: " : "unknown: ") + std::string(away.what());
        }
        return "";
    }

    std::string replay(const std::string& id, const std::string& subscriber) {
        try {
            loop_.run(bus.replay(id, subscriber));
        } catch (const std::exception& failure) {
            return failure.what();
        }
        return "";
    }

    std::vector<store::Parked> parked(std::size_t limit = 100) {
        std::vector<store::Parked> found;
        loop_.run(keep(bus.parked(limit), found));
        return found;
    }

    std::int64_t depth(const std::string& subscriber) {
        std::vector<bus::Bus::Depth> depths;
        loop_.run(keep(bus.depths(), depths));
        for (const bus::Bus::Depth& one : depths) {
            if (one.subscriber == subscriber) return one.events;
        }
        return -1;
    }

    [[nodiscard]] int tries(const std::string& id) const {
        return static_cast<int>(std::ranges::count(tried, id));
    }

    [[nodiscard]] int times_handled(const std::string& id) const {
        return static_cast<int>(std::ranges::count(handled, id));
    }

    [[nodiscard]] bool told_of(const std::string& words) const {
        return std::ranges::any_of(troubles, [&](const std::string& one) {
            return one.find(words) != std::string::npos;
        });
    }

    std::vector<std::string> tried;
    std::vector<std::string> handled;
    std::vector<Monotonic> tried_at;
    std::vector<std::string> troubles; ///< What the bus told of its connections.
    std::vector<store::Parked> given_up;

private:
    template <class T> static Task<> keep(Task<T> task, T& kept) { kept = co_await task; }

    Settings told(Settings settings) {
        settings.on_trouble = [this](const std::string& state) { troubles.push_back(state); };
        settings.on_parked = [this](const store::Parked& one) { given_up.push_back(one); };
        return settings;
    }

    Task<> note(bus::EventRecord event) {
        tried.push_back(event.id);
        tried_at.push_back(loop_.now().monotonic);
        while (held_[event.id]) co_await *gates_.at(event.id);
        co_await turn(loop_);
        if (failing_[event.id]) throw std::runtime_error("cannot handle " + event.id);
        handled.push_back(event.id);
    }

    contract::RealLoop& loop_;
    std::map<std::string, bool> failing_;
    std::map<std::string, bool> held_;
    std::map<std::string, std::unique_ptr<Signal>> gates_;

public:
    RabbitBus bus; ///< Last: its frames use everything above.
};

/// A virtual host and a loop for a test's processes.
class RabbitBusTest : public testing::Test {
public:
    void SetUp() override { broker = TestBroker::make(); }

    bool eventually(const std::function<bool()>& holds) {
        const Monotonic until = loop.now().monotonic + std::chrono::seconds{20};
        while (!holds()) {
            if (loop.now().monotonic > until) return false;
            wait(Duration{2});
        }
        return true;
    }

    void wait(Duration duration) { loop.run(sleep(duration)); }

    std::unique_ptr<TestBroker> broker;
    contract::RealLoop loop;

private:
    Task<> sleep(Duration duration) { co_await sleep_for(loop, duration); }
};

} // namespace backline::rabbitmq
