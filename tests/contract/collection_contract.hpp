#pragma once

#include "platform/base/change.hpp"
#include "platform/store/collection.hpp"
#include "tests/contract/faulty_store.hpp"
#include "tests/contract/store_contract.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

/// `Collection<T>` over every adapter: instantiate `CollectionContract` beside `StoreContract`.
namespace backline::contract {

struct Counter {
    std::int64_t count = 0;
    std::optional<std::string> email{};
    std::string note{};
};
BOOST_DESCRIBE_STRUCT(Counter, (), (count, email, note))

/// A fact: one for each step.
struct Counted {
    static constexpr EventInfo event{"backline.contract.counted.v1", EventKind::fact};

    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Counted, (), (count))

/// A state: the newest is enough.
struct CounterNow {
    static constexpr EventInfo event{"backline.contract.counter_now.v1", EventKind::state};

    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(CounterNow, (), (count))

/// An entry of a counter's log.
struct CounterStep {
    std::int64_t to = 0;
};
BOOST_DESCRIBE_STRUCT(CounterStep, (), (to))

inline constexpr std::size_t counter_by_email = 0; ///< Unique.
inline constexpr std::size_t counter_by_count = 1;

[[nodiscard]] const store::CollectionSpec& counters();

using Counters = store::Collection<Counter>;
using Decided = Result<Change<Counter>>;

/// One more; raises `Counted` and `CounterNow` and records a `CounterStep`.
[[nodiscard]] Decided count_up(const Counter* current);

/// A decision that counts up and takes an e-mail address.
[[nodiscard]] Counters::Decide take_email(std::string email);

/// A decision that refuses with `not_now`.
[[nodiscard]] Decided refuse_to_count(const Counter* current);

/// Counters behind a store that fails on command; one process.
struct Bench {
    FaultyStore store;
    Counters counters;

    Bench(store::Store& inner, Runtime& runtime)
        : store(inner, runtime)
        , counters(store, runtime, contract::counters()) {}
};

/// How an update ended: `3` (the count), `refused taken`, `not_done`, `unknown`, or `threw ...`.
Task<std::string> outcome_of(
    Counters& in, std::string id, Counters::Decide decide, store::Terms terms = {}
);

class CollectionContract : public StoreFixture {
public:
    void SetUp() override;

    /// Restarts and opens the collection again.
    void restart();

    std::string update(Bench& bench, const std::string& id, Counters::Decide decide) {
        return run(outcome_of(bench.counters, id, std::move(decide)));
    }

    /// An update that expects nothing there.
    std::string create(Bench& bench, const std::string& id, Counters::Decide decide) {
        return run(outcome_of(bench.counters, id, std::move(decide), {.creates = true}));
    }

    /// All of them at the same moment, each its own update of one document; answers how each ended.
    std::vector<std::string> update_together(
        Bench& bench, const std::string& id, std::vector<Counters::Decide> decisions
    );

    store::Versioned<Counter> find_counter(Bench& bench, const std::string& id) {
        return run(bench.counters.find(id));
    }

    /// The sequences of all pending events of one type, as they lie in the outbox.
    std::vector<std::int64_t> sequences(const EventInfo& info);
};

} // namespace backline::contract
