// At stake: every service changes its documents through here; what a decision raised must be stored, once, in order.
// How: counters that raise a fact, a state and a log entry for each step, read back through the port.
#include "tests/contract/collection_contract.hpp"

namespace backline::contract {
namespace {

using store::LogEntry;
using store::Versioned;
using Texts = std::vector<std::string>;

TEST_P(CollectionContract, inserts_and_updates_and_answers_what_is_then_there) {
    Bench bench(store(), setup().runtime());
    EXPECT_FALSE(find_counter(bench, "a"));
    EXPECT_EQ(update(bench, "a", count_up), "1");
    EXPECT_EQ(update(bench, "a", count_up), "2");
    const Versioned<Counter> found = find_counter(bench, "a");
    EXPECT_EQ(found->count, 2);
    EXPECT_EQ(found.version, 2);
}

TEST_P(CollectionContract, creates_without_looking_first) {
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(create(bench, "a", count_up), "1");
    EXPECT_EQ(bench.store.finds(), 0);
    EXPECT_EQ(find_counter(bench, "a").version, 1);
}

TEST_P(CollectionContract, creates_nothing_over_what_is_there_after_all) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    EXPECT_EQ(create(bench, "a", count_up), "2");
    Bench other(store(), setup().runtime());
    EXPECT_EQ(create(other, "a", count_up), "3");
    EXPECT_EQ(sequences(Counted::event), (std::vector<std::int64_t>{1, 3, 5}));
}

Decided refuse_if_absent(const Counter* current) {
    return current == nullptr ? refuse_to_count(current) : Change<Counter>::nothing();
}

TEST_P(CollectionContract, believes_no_decision_that_neither_looked_nor_wrote) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    Bench other(store(), setup().runtime());
    EXPECT_EQ(create(other, "a", refuse_if_absent), "1");
    EXPECT_EQ(create(other, "b", refuse_if_absent), "refused not_now");
}

TEST_P(CollectionContract, hands_a_refusal_back_and_writes_nothing) {
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(update(bench, "a", refuse_to_count), "refused not_now");
    EXPECT_FALSE(find_counter(bench, "a"));
    EXPECT_EQ(update(bench, "a", count_up), "1");
    EXPECT_EQ(update(bench, "a", refuse_to_count), "refused not_now");
    EXPECT_EQ(find_counter(bench, "a").version, 1);
}

Decided change_nothing(const Counter*) {
    return Change<Counter>::nothing();
}

TEST_P(CollectionContract, commits_nothing_when_nothing_changes) {
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(update(bench, "a", change_nothing), "nothing");
    EXPECT_EQ(update(bench, "a", count_up), "1");
    EXPECT_EQ(update(bench, "a", change_nothing), "1");
    EXPECT_EQ(bench.store.commits(), 1);
}

Decided raise_and_change_nothing(const Counter*) {
    return Change<Counter>::nothing().raise(Counted{1});
}

TEST_P(CollectionContract, takes_an_event_without_a_change_for_a_bug_instead_of_losing_it) {
    Bench bench(store(), setup().runtime());
    EXPECT_TRUE(update(bench, "a", raise_and_change_nothing).starts_with("threw"));
}

TEST_P(CollectionContract, numbers_events_and_names_them_after_their_aggregate) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    update(bench, "a", count_up);
    update(bench, "b", count_up);
    EXPECT_EQ(
        pending_ids(),
        (Texts{
            "contract.counters/a/1",
            "contract.counters/a/2",
            "contract.counters/a/3",
            "contract.counters/a/4",
            "contract.counters/b/1",
            "contract.counters/b/2"
        })
    );
    const store::EventRecord event = pending().at(2).event;
    EXPECT_EQ(event.source, "contract");
    EXPECT_EQ(event.type, "backline.contract.counted.v1");
    EXPECT_EQ(event.subject, "a");
    EXPECT_EQ(event.data, "{\"count\":2}");
    EXPECT_EQ(event.sequence, 3);
}

TEST_P(CollectionContract, carries_the_trace_of_the_cause_into_the_events) {
    Bench bench(store(), setup().runtime());
    const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const auto done = run(bench.counters.update(std::string("a"), count_up, store::Cause{trace}));
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(pending().at(0).event.traceparent, trace);
}

TEST_P(CollectionContract, refuses_an_edit_of_another_version_and_only_after_the_decision) {
    Bench bench(store(), setup().runtime());
    const auto edit = [&](std::int64_t version, Counters::Decide decide) {
        return run(outcome_of(bench.counters, "a", std::move(decide), {.version = version}));
    };
    EXPECT_EQ(edit(1, count_up), "refused version_stale"); // There is none yet.
    EXPECT_EQ(edit(0, count_up), "1");
    EXPECT_EQ(edit(1, count_up), "2");
    EXPECT_EQ(edit(1, count_up), "refused version_stale");
    EXPECT_EQ(edit(1, change_nothing), "refused version_stale");
    EXPECT_EQ(edit(1, refuse_to_count), "refused not_now");
    EXPECT_EQ(find_counter(bench, "a")->count, 2);
}

TEST_P(CollectionContract, numbers_log_entries_from_one) {
    Bench bench(store(), setup().runtime());
    for (int i = 0; i < 3; ++i) update(bench, "a", count_up);
    EXPECT_TRUE(eventually([&] {
        return run(bench.counters.log(std::string("a"), 0, 9)).size() == 3;
    }));
    const std::vector<LogEntry> entries = run(bench.counters.log(std::string("a"), 1, 9));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].number, 2);
    EXPECT_EQ(entries[0].type, "CounterStep");
    EXPECT_EQ(entries[1].body, "{\"to\":3}");
}

TEST_P(CollectionContract, refuses_a_taken_key_in_the_words_of_its_declaration) {
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(update(bench, "a", take_email("x@example.com")), "1");
    EXPECT_EQ(update(bench, "b", take_email("x@example.com")), "refused taken");
    EXPECT_FALSE(find_counter(bench, "b"));
    EXPECT_EQ(update(bench, "b", take_email("y@example.com")), "1");
}

TEST_P(CollectionContract, finds_by_a_unique_key_and_by_no_other) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", take_email("x@example.com"));
    update(bench, "b", count_up);
    const auto by_email = [&](store::Value email) {
        return run(bench.counters.find_by(counter_by_email, {std::move(email)}));
    };
    EXPECT_EQ(by_email("x@example.com")->email, "x@example.com");
    EXPECT_FALSE(by_email("y@example.com"));
    EXPECT_FALSE(by_email(store::Value{})); // Nobody is found by what he does not have.
}

TEST_P(CollectionContract, goes_on_where_it_was_after_a_restart) {
    {
        Bench bench(store(), setup().runtime());
        update(bench, "a", count_up);
        restart();
    }
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(update(bench, "a", count_up), "2");
    EXPECT_EQ(sequences(Counted::event), (std::vector<std::int64_t>{1, 3}));
}

TEST_P(CollectionContract, keeps_fields_that_only_a_newer_program_knows) {
    store::Commit newer;
    newer.collection = &counters();
    newer.document = {.id = "a", .version = 1, .body = R"({"count":5,"note":"","colour":"red"})"};
    newer.keys = {{store::Value{}}, {5}};
    newer.operation = "newer";
    EXPECT_EQ(commit(newer).kind, store::CommitResult::Kind::committed);
    Bench bench(store(), setup().runtime());
    EXPECT_EQ(update(bench, "a", count_up), "6");
    EXPECT_EQ(update(bench, "a", count_up), "7");
    const std::string body = run(store().find(counters(), "a"))->body;
    EXPECT_NE(body.find("\"colour\":\"red\""), std::string::npos) << body;
}

// --- pages ----------------------------------------------------------------------------------------------------------

Texts ids_of_counters(const std::vector<Versioned<Counter>>& items) {
    Texts notes;
    for (const Versioned<Counter>& item : items) notes.push_back(item->note);
    return notes;
}

Counters::Decide write_note(std::string note) {
    return [note](const Counter* current) {
        Decided decided = count_up(current);
        decided->next->note = note;
        return decided;
    };
}

TEST_P(CollectionContract, hands_out_pages_that_follow_each_other) {
    Bench bench(store(), setup().runtime());
    Texts expected;
    for (const char* id : {"a", "b", "c", "d", "e"}) {
        update(bench, id, write_note(id));
        expected.emplace_back(id);
    }
    Texts walked;
    store::Range range{.index = counter_by_count, .limit = 2};
    for (int pages = 1;; ++pages) {
        const auto page = run(bench.counters.page(range));
        ASSERT_TRUE(page.has_value());
        for (std::string& note : ids_of_counters(page->items)) walked.push_back(std::move(note));
        if (!page->next) break;
        ASSERT_LE(pages, 3);
        range.after = *page->next;
    }
    EXPECT_EQ(walked, expected);
}

TEST_P(CollectionContract, ends_on_a_page_that_is_just_full) {
    Bench bench(store(), setup().runtime());
    for (const char* id : {"a", "b"}) update(bench, id, count_up);
    const auto page = run(bench.counters.page({.index = counter_by_count, .limit = 2}));
    EXPECT_EQ(page->items.size(), 2U);
    EXPECT_FALSE(page->next.has_value());
}

TEST_P(CollectionContract, accepts_every_cursor_that_it_gave_out) {
    Bench bench(store(), setup().runtime());
    const std::string long_id(1'000, 'i');
    update(bench, long_id + "1", take_email(std::string(1'500, 'm') + "1"));
    update(bench, long_id + "2", take_email(std::string(1'500, 'm') + "2"));
    const auto first = run(bench.counters.page({.index = counter_by_email, .limit = 1}));
    ASSERT_TRUE(first->next.has_value());
    const store::Range range{.index = counter_by_email, .limit = 1, .after = *first->next};
    const auto second = run(bench.counters.page(range));
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->items.size(), 1U);
}

TEST_P(CollectionContract, refuses_a_cursor_that_it_never_gave_out) {
    Bench bench(store(), setup().runtime());
    for (const char* after :
         {"x", "t", "i1", "i1.", ".", "i1.i1", "i1.t6", "i1.i1.t61", "i99999999999999999999.t61"}) {
        const store::Range range{.index = counter_by_count, .after = after};
        const auto page = run(bench.counters.page(range));
        ASSERT_FALSE(page.has_value()) << after;
        EXPECT_EQ(page.error().refusal->code, "invalid");
    }
}

TEST_P(CollectionContract, shows_the_latest_commit_on_a_page) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", write_note("old"));
    const auto before = run(bench.counters.page({.index = counter_by_count}));
    EXPECT_EQ(ids_of_counters(before->items), Texts{"old"});
    update(bench, "a", write_note("new"));
    const auto page = run(bench.counters.page({.index = counter_by_count}));
    EXPECT_EQ(ids_of_counters(page->items), Texts{"new"});
    EXPECT_EQ(page->items[0].version, 2);
}

TEST_P(CollectionContract, takes_a_page_without_a_length_for_a_bug) {
    Bench bench(store(), setup().runtime());
    update(bench, "a", count_up);
    EXPECT_THROW(
        std::ignore = run(bench.counters.page({.index = counter_by_count, .limit = 0})),
        InvariantBroken
    );
    const auto longest = run(bench.counters.page({.index = counter_by_count, .limit = 1'000}));
    EXPECT_EQ(longest->items.size(), 1U);
}

} // namespace
} // namespace backline::contract
