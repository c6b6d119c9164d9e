#include "tests/contract/collection_contract.hpp"

namespace backline::contract {

namespace {

constexpr Refusal taken{"taken", 409, "Somebody else has it.", "Choose another."};
constexpr Refusal not_now{"not_now", 409, "Not now.", "Try later."};

Task<> note_outcome(
    Counters& in,
    std::string id,
    Counters::Decide decide,
    std::vector<std::string>& outcomes,
    std::size_t place
) {
    std::string outcome = co_await outcome_of(in, std::move(id), std::move(decide));
    outcomes.at(place) = std::move(outcome);
}

Task<> all_together(
    Counters& in,
    std::string id,
    std::vector<Counters::Decide> decisions,
    std::vector<std::string>& outcomes
) {
    TaskGroup group = strict_group();
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        group.spawn(note_outcome(in, id, std::move(decisions[i]), outcomes, i));
    }
    co_await group.join();
}

} // namespace

const store::CollectionSpec& counters() {
    static const store::CollectionSpec spec{
        .service = "contract",
        .name = "counters",
        .indexes = {{"by_email", {"email"}, true, &taken}, {"by_count", {"count"}}},
    };
    return spec;
}

Decided count_up(const Counter* current) {
    Counter next = current ? *current : Counter{};
    ++next.count;
    const std::int64_t count = next.count;
    return Change<Counter>::to(std::move(next))
        .raise(Counted{count})
        .raise(CounterNow{count})
        .record(CounterStep{count});
}

Counters::Decide take_email(std::string email) {
    return [email](const Counter* current) {
        Decided decided = count_up(current);
        decided->next->email = email;
        return decided;
    };
}

Decided refuse_to_count(const Counter*) {
    return refuse(not_now, "It is late.");
}

Task<std::string> outcome_of(
    Counters& in, std::string id, Counters::Decide decide, store::Terms terms
) {
    try {
        const Result<store::Versioned<Counter>> done =
            co_await in.update(id, std::move(decide), {}, std::move(terms));
        if (!done) co_return "refused " + std::string(done.error().refusal->code);
        co_return *done ? std::to_string((*done)->count) : "nothing";
    } catch (const Unavailable& away) {
        const bool not_done = away.outcome() == Unavailable::Outcome::not_done;
        co_return not_done ? "not_done" : "unknown";
    } catch (const std::exception& failure) {
        co_return std::string("threw ") + failure.what();
    }
}

void CollectionContract::SetUp() {
    StoreFixture::SetUp();
    run(store().open(counters()));
}

void CollectionContract::restart() {
    StoreFixture::restart();
    run(store().open(counters()));
}

std::vector<std::string> CollectionContract::update_together(
    Bench& bench, const std::string& id, std::vector<Counters::Decide> decisions
) {
    std::vector<std::string> outcomes(decisions.size());
    run(all_together(bench.counters, id, std::move(decisions), outcomes));
    return outcomes;
}

std::vector<std::int64_t> CollectionContract::sequences(const EventInfo& info) {
    std::vector<std::int64_t> found;
    for (const store::Store::Pending& one : pending("", 10'000)) {
        if (one.event.type == info.type) found.push_back(one.event.sequence);
    }
    return found;
}

} // namespace backline::contract
