// At stake: stores go away, and replies get lost after the commit; nothing may then be lost, doubled or believed stale.
// How: a store that fails on command in front of each real one: before, after and in the middle of folded updates.
#include "tests/contract/collection_contract.hpp"

namespace backline::contract {
namespace {

using Fault = FaultyStore::Fault;
using Decisions = std::vector<Counters::Decide>;
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

TEST_P(CollectionContract, says_that_nothing_was_done_when_nothing_was_done) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::not_done);
    EXPECT_EQ(update(bench, "a", count_up), "not_done");
    EXPECT_FALSE(find_counter(bench, "a"));
    EXPECT_EQ(update(bench, "a", count_up), "1");
    EXPECT_EQ(sequences(Counted::event), Numbers{1});
}

TEST_P(CollectionContract, says_that_it_does_not_know_and_finds_what_took_place) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::lost_after);
    EXPECT_EQ(update(bench, "a", count_up), "unknown");
    EXPECT_EQ(find_counter(bench, "a")->count, 2);
    EXPECT_EQ(update(bench, "a", count_up), "3");
    EXPECT_EQ(sequences(Counted::event), (Numbers{1, 3, 5}));
    EXPECT_EQ(bench.store.conflicts(), 0);
}

TEST_P(CollectionContract, says_that_it_does_not_know_and_finds_that_nothing_took_place) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::lost_before);
    EXPECT_EQ(update(bench, "a", count_up), "unknown");
    EXPECT_EQ(find_counter(bench, "a")->count, 1);
    EXPECT_EQ(update(bench, "a", count_up), "2");
    EXPECT_EQ(sequences(Counted::event), (Numbers{1, 3}));
}

TEST_P(CollectionContract, keeps_the_document_when_the_reply_to_its_insert_is_lost) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::lost_after);
    EXPECT_EQ(update(bench, "a", take_email("x@example.com")), "unknown");
    EXPECT_EQ(find_counter(bench, "a")->count, 1);
    EXPECT_EQ(update(bench, "b", take_email("x@example.com")), "refused taken");
    EXPECT_EQ(update(bench, "a", take_email("x@example.com")), "2");
}

TEST_P(CollectionContract, finds_what_it_created_when_the_reply_was_lost) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::lost_after);
    EXPECT_EQ(create(bench, "a", count_up), "unknown");
    EXPECT_EQ(create(bench, "a", count_up), "2");
    EXPECT_EQ(sequences(Counted::event), (Numbers{1, 3}));
}

TEST_P(CollectionContract, tells_all_whose_decisions_were_folded_that_nothing_was_done) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::none);
    bench.store.fail_next(Fault::not_done);
    const Texts outcomes = update_together(bench, "hot", Decisions(5, count_up));
    EXPECT_EQ(outcomes, (Texts{"1", "not_done", "not_done", "not_done", "not_done"}));
    EXPECT_EQ(update(bench, "hot", count_up), "2");
}

TEST_P(CollectionContract, doubles_nothing_when_the_reply_to_folded_decisions_is_lost) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::none);
    bench.store.fail_next(Fault::lost_after);
    const Texts outcomes = update_together(bench, "hot", Decisions(5, count_up));
    EXPECT_EQ(outcomes, (Texts{"1", "unknown", "unknown", "unknown", "unknown"}));
    EXPECT_EQ(find_counter(bench, "hot")->count, 5);
    EXPECT_EQ(sequences(Counted::event).size(), 5U);
    EXPECT_EQ(update(bench, "hot", count_up), "6");
}

TEST_P(
    CollectionContract, answers_each_for_itself_when_the_store_goes_away_while_a_culprit_is_sought
) {
    Bench bench(store(), setup().runtime());
    update(bench, "owner", take_email("x@example.com"));
    for (const Fault fault : {Fault::none, Fault::none, Fault::none, Fault::not_done}) {
        bench.store.fail_next(fault);
    }
    // The first alone; three together, of whom one takes a key; then each of them alone, and the second fails.
    const Texts outcomes =
        update_together(bench, "hot", {count_up, count_up, count_up, take_email("x@example.com")});
    EXPECT_EQ(outcomes, (Texts{"1", "2", "not_done", "refused taken"}));
    EXPECT_EQ(find_counter(bench, "hot")->count, 2);
}

TEST_P(CollectionContract, serves_those_who_came_later_although_a_batch_failed) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_next(Fault::not_done);
    const Texts outcomes = update_together(bench, "hot", Decisions(3, count_up));
    EXPECT_EQ(outcomes, (Texts{"not_done", "2", "2"}));
}

TEST_P(CollectionContract, tries_again_after_conflicts) {
    Bench bench(store(), setup().runtime());
    for (int i = 0; i < 5; ++i) bench.store.fail_next(Fault::conflict);
    EXPECT_EQ(update(bench, "a", count_up), "1");
    EXPECT_EQ(sequences(Counted::event), Numbers{1});
}

TEST_P(CollectionContract, gives_up_in_bounded_time_when_conflicts_never_end) {
    Bench bench(store(), setup().runtime());
    bench.store.fail_always(Fault::conflict);
    const Monotonic before = setup().runtime().now().monotonic;
    EXPECT_EQ(update(bench, "a", count_up), "not_done");
    EXPECT_LT(setup().runtime().now().monotonic, before + std::chrono::seconds{5});
    bench.store.fail_always(Fault::none);
    EXPECT_EQ(update(bench, "a", count_up), "1");
}

TEST_P(CollectionContract, tells_that_lists_may_have_changed_when_it_does_not_know) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    const std::uint64_t before = bench.counters.generation();
    bench.store.fail_next(Fault::lost_after);
    update(bench, "a", count_up);
    EXPECT_GT(bench.counters.generation(), before);
}

Task<> keep_find(Counters& counters, std::optional<std::int64_t>& version) {
    const store::Versioned<Counter> found = co_await counters.find(std::string("a"));
    version = found.version;
}

/// Reads version 2, and gets it only after a commit of version 3 whose reply is lost.
Task<> read_across_a_lost_reply(Bench& bench) {
    TaskGroup group = strict_group();
    std::optional<std::int64_t> version;
    bench.store.hold_next_find();
    group.spawn(keep_find(bench.counters, version));
    bench.store.fail_next(Fault::lost_after);
    const std::string outcome = co_await outcome_of(bench.counters, "a", count_up);
    EXPECT_EQ(outcome, "unknown");
    bench.store.release();
    co_await group.join();
    EXPECT_EQ(version, 2);
}

TEST_P(CollectionContract, does_not_keep_what_it_read_before_a_commit_whose_reply_was_lost) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::not_done);
    update(bench, "a", count_up); // It forgets its copy, so the next find must read.
    run(read_across_a_lost_reply(bench));
    EXPECT_EQ(find_counter(bench, "a").version, 3);
    EXPECT_EQ(update(bench, "a", count_up), "4");
}

TEST_P(CollectionContract, does_not_keep_what_a_late_commit_may_still_replace) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::late);
    EXPECT_EQ(update(bench, "a", count_up), "unknown");
    EXPECT_EQ(find_counter(bench, "a").version, 1);
    EXPECT_EQ(run(bench.store.commit_late()).kind, store::CommitResult::Kind::committed);
    EXPECT_EQ(find_counter(bench, "a").version, 2);
    EXPECT_EQ(update(bench, "a", count_up), "3");
}

TEST_P(CollectionContract, lets_no_answer_be_kept_while_a_late_commit_may_take_place) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::late);
    update(bench, "a", count_up);
    const std::uint64_t& generation = bench.counters.generation();
    const std::uint64_t read_at = generation;
    find_counter(bench, "a");
    EXPECT_GT(generation, read_at);
    const std::uint64_t listed_at = generation;
    EXPECT_TRUE(run(bench.counters.page({.index = counter_by_count})).has_value());
    EXPECT_GT(generation, listed_at);
    update(bench, "a", count_up); // Now the late one cannot take place any more.
    const std::uint64_t certain_at = generation;
    find_counter(bench, "a");
    EXPECT_EQ(generation, certain_at);
}

TEST_P(CollectionContract, reads_no_document_that_it_knows_to_be_the_newest) {
    if (!store().exclusive()) GTEST_SKIP() << "another process may have a newer one";
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    const int before = bench.store.finds();
    EXPECT_EQ(find_counter(bench, "a").version, 1);
    EXPECT_EQ(update(bench, "a", count_up), "2");
    EXPECT_EQ(bench.store.finds(), before);
    bench.store.fail_next(Fault::late);
    update(bench, "a", count_up);
    update(bench, "a", count_up); // Now the late one cannot take place any more.
    const int after = bench.store.finds();
    EXPECT_EQ(find_counter(bench, "a").version, 3);
    EXPECT_EQ(bench.store.finds(), after);
}

TEST_P(CollectionContract, goes_past_a_commit_that_comes_too_late) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    bench.store.fail_next(Fault::late);
    EXPECT_EQ(update(bench, "a", count_up), "unknown");
    EXPECT_EQ(update(bench, "a", count_up), "2");
    EXPECT_EQ(run(bench.store.commit_late()).kind, store::CommitResult::Kind::conflict);
    EXPECT_EQ(find_counter(bench, "a").version, 2);
    EXPECT_EQ(sequences(Counted::event), (Numbers{1, 3}));
}

Task<> note_version(Counters& counters, std::vector<std::int64_t>& versions) {
    const store::Versioned<Counter> found = co_await counters.find(std::string("a"));
    versions.push_back(found.version);
}

TEST_P(CollectionContract, is_as_new_as_an_event_to_who_handles_it) {
    Bench bench(store(), setup().runtime());
    TaskGroup handlers = strict_group();
    std::vector<std::int64_t> versions;
    bench.store.on_committed([&](const std::vector<store::EventRecord>&) {
        handlers.spawn(note_version(bench.counters, versions));
    });
    for (int i = 0; i < 3; ++i) update(bench, "a", count_up);
    EXPECT_TRUE(eventually([&] { return versions.size() == 3; }));
    // A slow reader may see what was committed since.
    for (std::size_t i = 0; i < versions.size(); ++i) {
        EXPECT_GE(versions[i], static_cast<std::int64_t>(i) + 1);
    }
}

} // namespace
} // namespace backline::contract
