// At stake: a popular SKU is one document that everybody wants at once; no decision may be lost, doubled or mixed up.
// How: many updates of one document at the same moment, with refusals, taken keys and exceptions between them, in one
// process and in several on one disk.
#include "tests/contract/collection_contract.hpp"

namespace backline::contract {
namespace {

using Decisions = std::vector<Counters::Decide>;
using Texts = std::vector<std::string>;

std::vector<std::int64_t> one_to(std::int64_t last) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t i = 1; i <= last; ++i) numbers.push_back(i);
    return numbers;
}

Task<> note_under(Counters& counters, store::Terms terms, std::string& outcome) {
    outcome = co_await outcome_of(counters, "hot", count_up, std::move(terms));
}

Task<> count_up_often(Counters& counters, int times) {
    for (int i = 0; i < times; ++i) {
        const std::string outcome = co_await outcome_of(counters, "hot", count_up);
        EXPECT_TRUE(std::isdigit(outcome.at(0))) << outcome;
    }
}

Task<> workers(std::vector<Counters*> replicas, int count, int times) {
    TaskGroup group = strict_group();
    for (int i = 0; i < count; ++i) {
        group.spawn(count_up_often(*replicas[static_cast<std::size_t>(i) % replicas.size()], times)
        );
    }
    co_await group.join();
}

Decided count_up_quietly(const Counter* current) {
    Decided decided = count_up(current);
    std::erase_if(decided->events, [](const RaisedEvent& raised) {
        return raised.info == &CounterNow::event;
    });
    return decided;
}

TEST_P(CollectionContract, counts_every_step_of_twenty_workers_in_fewer_commits_than_steps) {
    Bench bench(store(), setup().runtime());
    run(workers({&bench.counters}, 20, 10));
    const auto found = find_counter(bench, "hot");
    EXPECT_EQ(found->count, 200);
    EXPECT_EQ(bench.store.commits(), found.version);
    EXPECT_LT(bench.store.commits(), 100);
    EXPECT_EQ(bench.store.conflicts(), 0);
}

TEST_P(CollectionContract, raises_every_fact_and_entry_of_twenty_workers_once_and_in_order) {
    Bench bench(store(), setup().runtime());
    update_together(bench, "hot", Decisions(20, count_up_quietly));
    EXPECT_EQ(sequences(Counted::event), one_to(20));
    std::int64_t count = 0;
    for (const store::Store::Pending& one : pending()) {
        EXPECT_EQ(one.event.data, "{\"count\":" + std::to_string(++count) + "}");
    }
    EXPECT_TRUE(eventually([&] {
        return run(bench.counters.log(std::string("hot"), 0, 99)).size() == 20;
    }));
}

TEST_P(CollectionContract, sends_only_the_newest_state_of_a_commit) {
    Bench bench(store(), setup().runtime());
    update_together(bench, "hot", Decisions(20, count_up));
    EXPECT_EQ(sequences(CounterNow::event).size(), static_cast<std::size_t>(bench.store.commits()));
    EXPECT_EQ(sequences(Counted::event).size(), 20U);
    EXPECT_EQ(pending().back().event.data, "{\"count\":20}");
    std::vector<std::int64_t> all;
    for (const store::Store::Pending& one : pending()) all.push_back(one.event.sequence);
    EXPECT_EQ(all, one_to(static_cast<std::int64_t>(all.size())));
}

Counters::Decide append(char letter) {
    return [letter](const Counter* current) {
        Decided decided = count_up(current);
        decided->next->note += letter;
        return decided;
    };
}

TEST_P(CollectionContract, serves_first_in_first_out) {
    Bench bench(store(), setup().runtime());
    Decisions decisions;
    for (char letter = 'a'; letter <= 'z'; ++letter) decisions.push_back(append(letter));
    update_together(bench, "hot", std::move(decisions));
    EXPECT_EQ(find_counter(bench, "hot")->note, "abcdefghijklmnopqrstuvwxyz");
}

TEST_P(CollectionContract, counts_every_step_of_four_processes_on_one_disk) {
    if (store().exclusive()) GTEST_SKIP() << "one process has this store to itself";
    Bench one(store(), setup().runtime());
    Bench two(setup().add_replica(), setup().runtime());
    Bench three(setup().add_replica(), setup().runtime());
    Bench four(setup().add_replica(), setup().runtime());
    run(workers({&one.counters, &two.counters, &three.counters, &four.counters}, 20, 10));
    EXPECT_EQ(find_counter(one, "hot")->count, 200);
    EXPECT_EQ(find_counter(four, "hot")->count, 200);
    const int commits =
        one.store.commits() + two.store.commits() + three.store.commits() + four.store.commits();
    EXPECT_EQ(find_counter(two, "hot").version, commits);
    EXPECT_GT(one.store.conflicts() + two.store.conflicts(), 0); // They did meet.
    EXPECT_EQ(sequences(Counted::event).size(), 200U);
}

TEST_P(CollectionContract, decides_again_on_what_another_process_wrote) {
    if (store().exclusive()) GTEST_SKIP() << "one process has this store to itself";
    Bench here(store(), setup().runtime());
    Bench there(setup().add_replica(), setup().runtime());
    EXPECT_EQ(update(here, "a", count_up), "1");
    EXPECT_EQ(update(there, "a", count_up), "2");
    EXPECT_EQ(update(here, "a", count_up), "3"); // Its copy was of version 1.
    EXPECT_EQ(here.store.conflicts(), 1);
    EXPECT_EQ(find_counter(there, "a")->count, 3);
}

Decided only_at_one(const Counter* current) {
    if (current == nullptr || current->count != 1) return refuse_to_count(current);
    return Change<Counter>::nothing();
}

TEST_P(CollectionContract, refuses_only_on_what_is_true_now) {
    if (store().exclusive()) GTEST_SKIP() << "one process has this store to itself";
    Bench here(store(), setup().runtime());
    Bench there(setup().add_replica(), setup().runtime());
    update(here, "a", count_up);
    update(there, "a", count_up);
    EXPECT_EQ(update(here, "a", only_at_one), "refused not_now");
    update(there, "b", count_up);
    EXPECT_EQ(update(here, "b", only_at_one), "1");
}

TEST_P(CollectionContract, begins_from_a_copy_and_trusts_none_that_is_old) {
    if (store().exclusive()) GTEST_SKIP() << "one process has this store to itself";
    Bench here(store(), setup().runtime());
    Bench there(setup().add_replica(), setup().runtime());
    update(here, "a", count_up);
    const auto first = here.counters.copy_of(std::string("a"));
    ASSERT_TRUE(first.has_value());
    const auto from_first = [&](Bench& bench, Counters::Decide decide) {
        return run(outcome_of(bench.counters, "a", std::move(decide), {.copy = first}));
    };
    EXPECT_EQ(from_first(there, count_up), "2");
    EXPECT_EQ(there.store.finds(), 0);
    EXPECT_EQ(there.store.conflicts(), 0);
    EXPECT_EQ(from_first(here, count_up), "3") << "decided again on what lies in the store";
    Bench third(setup().add_replica(), setup().runtime());
    EXPECT_EQ(from_first(third, only_at_one), "refused not_now");
    EXPECT_EQ(from_first(third, count_up), "4");
    EXPECT_EQ(
        sequences(Counted::event), (std::vector<std::int64_t>{1, 3, 5, 7})
    ); // Two events a step.
    EXPECT_FALSE(third.counters.copy_of(std::string("unknown")).has_value());
}

TEST_P(CollectionContract, remembers_what_it_saw_last_and_asks_nobody) {
    if (store().exclusive()) GTEST_SKIP() << "one process has this store to itself";
    Bench here(store(), setup().runtime());
    Bench there(setup().add_replica(), setup().runtime());
    const std::string id = "a";
    EXPECT_FALSE(here.counters.recent(id));
    update(here, id, count_up);
    update(there, id, count_up);
    const int finds = here.store.finds();
    EXPECT_EQ(here.counters.recent(id).version, 1);
    EXPECT_EQ(here.store.finds(), finds);
    EXPECT_EQ(find_counter(here, id)->count, 2);
    EXPECT_EQ(here.counters.recent(id).version, 2);
}

TEST_P(CollectionContract, lets_a_refusal_touch_nobody_else) {
    Bench bench(store(), setup().runtime());
    const Texts outcomes = update_together(
        bench, "hot", {count_up, count_up, refuse_to_count, count_up, refuse_to_count, count_up}
    );
    const Texts expected{"1", "4", "refused not_now", "4", "refused not_now", "4"};
    EXPECT_EQ(outcomes, expected);
    EXPECT_EQ(sequences(Counted::event).size(), 4U);
    EXPECT_LE(bench.store.commits(), 2);
}

TEST_P(CollectionContract, lets_a_taken_key_touch_nobody_else) {
    Bench bench(store(), setup().runtime());
    update(bench, "owner", take_email("x@example.com"));
    const Texts outcomes = update_together(
        bench,
        "hot",
        {count_up, count_up, take_email("x@example.com"), count_up, take_email("y@example.com")}
    );
    EXPECT_EQ(outcomes, (Texts{"1", "2", "refused taken", "4", "4"}));
    EXPECT_EQ(find_counter(bench, "hot")->email, "y@example.com");
    EXPECT_EQ(sequences(Counted::event).size(), 5U);
}

Decided throw_up(const Counter*) {
    throw std::runtime_error("a bug");
}

TEST_P(CollectionContract, lets_a_decision_that_throws_touch_nobody_else) {
    Bench bench(store(), setup().runtime());
    const Texts outcomes =
        update_together(bench, "hot", {count_up, count_up, throw_up, count_up, throw_up, count_up});
    EXPECT_EQ(outcomes, (Texts{"1", "4", "threw a bug", "4", "threw a bug", "4"}));
    EXPECT_EQ(find_counter(bench, "hot")->count, 4);
    EXPECT_EQ(update(bench, "hot", throw_up), "threw a bug");
    EXPECT_EQ(update(bench, "hot", count_up), "5");
}

/// An event that cannot be written: RFC 3339 ends with the year 9999.
struct Endless {
    static constexpr EventInfo event{"backline.contract.endless.v1", EventKind::fact};

    Instant until{};
};
BOOST_DESCRIBE_STRUCT(Endless, (), (until))

Decided raise_what_cannot_be_written(const Counter* current) {
    Decided decided = count_up(current);
    decided->raise(Endless{Instant{std::chrono::hours(24 * 366 * 9'000)}});
    return decided;
}

TEST_P(CollectionContract, lets_an_event_that_cannot_be_written_touch_nobody_else) {
    Bench bench(store(), setup().runtime());
    Texts outcomes =
        update_together(bench, "hot", {count_up, count_up, raise_what_cannot_be_written, count_up});
    EXPECT_TRUE(outcomes.at(2).starts_with("threw")) << outcomes.at(2);
    outcomes.erase(outcomes.begin() + 2);
    EXPECT_EQ(outcomes, (Texts{"1", "2", "3"}));
    EXPECT_EQ(sequences(Counted::event).size(), 3U);
}

Task<Result<void>> guard_that_is_away() {
    throw Unavailable(Unavailable::Outcome::not_done, "the other collection is away");
    co_return Result<void>{};
}

Task<Result<void>> guard_that_refuses() {
    co_return std::unexpected(refuse_to_count(nullptr).error());
}

Task<> guarded_and_not(Counters& counters, std::vector<std::string>& outcomes) {
    TaskGroup group = strict_group();
    group.spawn(note_under(counters, {}, outcomes.at(0)));
    group.spawn(note_under(counters, {}, outcomes.at(1)));
    group.spawn(note_under(counters, {guard_that_refuses}, outcomes.at(2)));
    group.spawn(note_under(counters, {guard_that_is_away}, outcomes.at(3)));
    group.spawn(note_under(counters, {}, outcomes.at(4)));
    co_await group.join();
}

TEST_P(CollectionContract, lets_a_guard_that_refuses_or_fails_touch_nobody_else) {
    Bench bench(store(), setup().runtime());
    Texts outcomes(5);
    run(guarded_and_not(bench.counters, outcomes));
    EXPECT_EQ(outcomes, (Texts{"1", "3", "refused not_now", "not_done", "3"}));
}

Task<> edits_of_one_version(Counters& counters, std::vector<std::string>& outcomes) {
    TaskGroup group = strict_group();
    for (std::string& outcome : outcomes) {
        group.spawn(note_under(counters, {.version = 1}, outcome));
    }
    co_await group.join();
}

TEST_P(CollectionContract, makes_one_of_many_edits_of_one_version) {
    Bench bench(store(), setup().runtime());
    update(bench, "hot", count_up);
    Texts outcomes(20);
    run(edits_of_one_version(bench.counters, outcomes));
    EXPECT_EQ(std::ranges::count(outcomes, "2"), 1);
    EXPECT_EQ(std::ranges::count(outcomes, "refused version_stale"), 19);
    EXPECT_EQ(find_counter(bench, "hot")->count, 2);
}

TEST_P(CollectionContract, lets_a_thousand_wait_and_refuses_the_rest_at_once) {
    Bench bench(store(), setup().runtime());
    const Texts outcomes = update_together(bench, "hot", Decisions(1'100, count_up));
    EXPECT_EQ(std::ranges::count(outcomes, "not_done"), 76);
    EXPECT_EQ(find_counter(bench, "hot")->count, 1'024);
    EXPECT_LE(bench.store.commits(), 20);
    EXPECT_EQ(update(bench, "hot", count_up), "1025");
}

Task<> hot_and_cold(Counters& counters, std::vector<std::string>& outcomes, Bench& bench) {
    TaskGroup group = strict_group();
    bench.store.hold_next_find();
    group.spawn(note_under(counters, {}, outcomes.at(0)));
    const std::string cold = co_await outcome_of(counters, "cached", count_up);
    EXPECT_EQ(cold, "2");
    EXPECT_TRUE(outcomes.at(0).empty());
    bench.store.release();
    co_await group.join();
}

TEST_P(CollectionContract, lets_no_document_wait_for_another) {
    if (!store().exclusive()) GTEST_SKIP() << "needs a document that need not be read";
    Bench bench(store(), setup().runtime());
    update(bench, "cached", count_up);
    Texts outcomes(1);
    run(hot_and_cold(bench.counters, outcomes, bench));
    EXPECT_EQ(outcomes, Texts{"1"});
}

} // namespace
} // namespace backline::contract
