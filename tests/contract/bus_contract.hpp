#pragma once

#include "platform/bus/bus.hpp"
#include "platform/bus/relay.hpp"
#include "tests/contract/store_contract.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// What holds every bus to its contract, together with the relay that feeds it from an outbox. A bus gives a `BusSetup`
/// in its `<name>_test.cpp` and instantiates `BusContract`.
namespace backline::contract {

/// A process with a store, a bus and a relay between them, on a disk (and a broker, where there is one) of its own.
class BusSetup {
public:
    BusSetup() = default;
    BusSetup(const BusSetup&) = delete;
    BusSetup& operator=(const BusSetup&) = delete;
    virtual ~BusSetup() = default;

    /// Starts the process with these subscriptions. Failing messages are retried within a few milliseconds.
    virtual void start(
        std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay
    ) = 0;

    /// The process dies in the middle of whatever it does, as by `kill -9`.
    virtual void crash() = 0;

    // Of the process that runs now:
    virtual Runtime& runtime() = 0;
    virtual store::Store& store() = 0;
    virtual bus::Bus& bus() = 0;
    virtual bus::Relay& relay() = 0;

    /// Drives the loop until the task has finished, and throws what it threw.
    virtual void run(Task<> task) = 0;

    /// True if the outbox is this bus's queue; false if a broker confirms and keeps what is not handled yet. A broker
    /// may then hold a second copy of what a crash caught before its confirm was heard, and each is tried by itself.
    [[nodiscard]] virtual bool settles_when_handled() const { return true; }
};

/// Null where the test has been skipped for want of a server (`test_server`).
/// Null: the test is skipped (see test_server.hpp).
using MakeBusSetup = std::unique_ptr<BusSetup> (*)();

/// The types of events that the suites send.
inline constexpr const char* placed = "backline.contract.placed.v1";
inline constexpr const char* paid = "backline.contract.paid.v1";

/// What the subscribers saw, of all processes that ran.
struct Diary {
    struct Line {
        std::string subscriber;
        std::string event;
        Monotonic at{};
    };

    std::vector<Line> lines{}; ///< When a handler was called.
    std::vector<Line> done{};  ///< When it had handled the event.
    std::map<std::string, std::set<std::string>> handled_events{}; ///< By subscriber.
    int inside = 0;                                                ///< Handlers at work now.
    int most_inside = 0;

    [[nodiscard]] int tries(const std::string& subscriber, const std::string& event) const;
    [[nodiscard]] int handled(const std::string& subscriber, const std::string& event) const;

    /// How many different events it has handled.
    [[nodiscard]] std::size_t handled_by(const std::string& subscriber) const;
};

class BusContract : public testing::TestWithParam<MakeBusSetup> {
public:
    BusContract();
    ~BusContract() override;

    using Handle = std::function<Task<>(bus::EventRecord)>;

    /// A shared subscriber of both types that behaves as `handle` does; null: just handles.
    bus::Subscription subscriber(std::string name, Handle handle = {});
    bus::Subscription observer(std::string name, Handle handle = {});

    void start(std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay = quick());
    void restart(
        std::vector<bus::Subscription> subscriptions, bus::Relay::Settings relay = quick()
    );

    /// Sweeps often.
    static bus::Relay::Settings quick();

    /// Commits a new document `id` that raises so many events; `id` must be new.
    void commit(const std::string& id, int events = 1, const std::string& type = placed);

    /// Commits `count` documents at once, each with one event: `event_id("0")` and so on.
    void commit_many(int count);

    bool eventually(const std::function<bool()>& holds);

    /// Lets so much time of the loop's clock pass.
    void wait(Duration duration);

    template <class T> T run(Task<T> task) {
        std::optional<T> value;
        setup().run(detail::keep(std::move(task), value));
        return std::move(*value);
    }

    void run(Task<> task) { setup().run(std::move(task)); }

    /// As `commit` does, a commit of the test's own making.
    void commit(store::Commit commit);

    /// True if everything that was committed is settled, and every shared subscriber that runs now has handled each
    /// event that it asks for, or has it parked. A bus may settle an event when that is so, or when it is safe that it
    /// will be.
    bool settled();

    /// True once it is.
    bool drained() {
        return eventually([this] { return settled(); });
    }

    std::vector<store::Parked> parked() { return run(setup().bus().parked(10'000)); }

    /// What waits for one subscriber; -1 if the bus does not count it.
    std::int64_t depth(const std::string& subscriber);

    /// What a replay threw, or nothing.
    std::string replay(const std::string& event, const std::string& subscriber);

    BusSetup& setup() { return *setup_; }

    Diary diary;

    // Ways in which a handler can behave:
    Task<> never_returns(bus::EventRecord event);
    Task<> returns_after(Duration pause, bus::EventRecord event);
    Task<> throws_on(
        std::string event, bus::EventRecord thrown_on
    );                                                           ///< And handles every other one.
    Task<> dies_of(std::string event, bus::EventRecord died_of); ///< Never returns from this one.

private:
    Task<> note(std::string name, Handle handle, bus::EventRecord event);

    std::unique_ptr<BusSetup> setup_;
    std::vector<bus::EventRecord> committed_;
    std::vector<bus::Subscription> running_;
};

/// The id of an event of a document that `commit` made.
[[nodiscard]] std::string event_id(const std::string& id, int sequence = 1);

} // namespace backline::contract
