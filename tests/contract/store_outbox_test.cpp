// At stake: a committed event that is never sent is an order that nobody packs; a log entry that is lost is money.
// How: commits with events and entries, read back in pages, settled, and read again after a restart.
#include "platform/async/wait.hpp"
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

using store::Commit;
using store::CommitResult;
using store::EventRecord;
using store::LogEntry;
using store::Store;
using Ids = std::vector<std::string>;

std::string event_id(const std::string& id, int sequence) {
    return "contract.things/" + id + "/" + std::to_string(sequence);
}

Ids ids_of(const std::vector<Store::Pending>& pending) {
    Ids ids;
    for (const Store::Pending& one : pending) ids.push_back(one.event.id);
    return ids;
}

Ids sorted(Ids ids) {
    std::ranges::sort(ids);
    return ids;
}

TEST_P(StoreContract, keeps_an_event_to_the_last_field) {
    Commit made = commit_of(things(), {.id = "a"}, {}, {.events = 1});
    made.events[0].epoch = 3;
    const EventRecord sent = made.events[0];
    EXPECT_EQ(commit(std::move(made)).kind, CommitResult::Kind::committed);
    restart();
    const std::vector<Store::Pending> kept = pending();
    ASSERT_EQ(kept.size(), 1U);
    const EventRecord& event = kept[0].event;
    EXPECT_EQ(event.id, sent.id);
    EXPECT_EQ(event.source, sent.source);
    EXPECT_EQ(event.type, sent.type);
    EXPECT_EQ(event.subject, sent.subject);
    EXPECT_EQ(event.epoch, sent.epoch);
    EXPECT_EQ(event.sequence, sent.sequence);
    EXPECT_EQ(event.time, sent.time);
    EXPECT_EQ(event.traceparent, sent.traceparent);
    EXPECT_EQ(event.data, sent.data);
}

TEST_P(StoreContract, keeps_an_event_without_a_trace) {
    Commit made = commit_of(things(), {.id = "a"}, {}, {.events = 1});
    made.events[0].traceparent.clear();
    EXPECT_EQ(commit(std::move(made)).kind, CommitResult::Kind::committed);
    EXPECT_EQ(pending().at(0).event.traceparent, "");
}

TEST_P(StoreContract, hands_out_events_of_one_aggregate_in_their_sequence) {
    Ids expected;
    for (int i = 0; i < 6; ++i) {
        put({.id = "a"}, {.events = 2});
        expected.push_back(event_id("a", 2 * i + 1));
        expected.push_back(event_id("a", 2 * i + 2));
    }
    EXPECT_EQ(pending_ids(), expected);
    restart();
    EXPECT_EQ(pending_ids(), expected);
}

TEST_P(StoreContract, hands_out_the_events_of_every_collection) {
    put({.id = "a"}, {.events = 1});
    EXPECT_EQ(
        commit(commit_of(other_things(), {.id = "a"}, {}, {.events = 1})).kind,
        CommitResult::Kind::committed
    );
    EXPECT_EQ(sorted(pending_ids()), (Ids{"contract.other_things/a/1", event_id("a", 1)}));
}

TEST_P(StoreContract, pages_through_what_is_pending) {
    for (int i = 0; i < 10; ++i) put({.id = std::to_string(i)}, {.events = 1});
    const Ids all = pending_ids();
    EXPECT_EQ(all.size(), 10U);
    Ids walked;
    std::string after;
    for (std::vector<Store::Pending> page = pending("", 3); !page.empty();
         page = pending(after, 3)) {
        EXPECT_LE(page.size(), 3U);
        for (const Store::Pending& one : page) walked.push_back(one.event.id);
        after = page.back().place;
    }
    EXPECT_EQ(walked, all);
}

TEST_P(StoreContract, never_hands_out_an_event_that_was_settled) {
    put({.id = "a"}, {.events = 3});
    store().settle({event_id("a", 2)});
    EXPECT_EQ(pending_ids(), (Ids{event_id("a", 1), event_id("a", 3)}));
    put({.id = "b"}, {.events = 1});
    store().settle({event_id("a", 1), event_id("a", 3)});
    EXPECT_EQ(pending_ids(), Ids{event_id("b", 1)});
}

TEST_P(StoreContract, fills_a_page_although_events_before_it_are_settled) {
    Ids settled;
    for (int i = 0; i < 20; ++i) {
        put({.id = std::to_string(i)}, {.events = 1});
        if (i < 10) settled.push_back(event_id(std::to_string(i), 1));
    }
    store().settle(settled);
    EXPECT_EQ(ids_of(pending("", 5)).size(), 5U);
}

TEST_P(StoreContract, goes_on_after_a_place_whose_event_was_settled) {
    for (int i = 0; i < 4; ++i) put({.id = std::to_string(i)}, {.events = 1});
    const Ids all = pending_ids();
    const std::vector<Store::Pending> page = pending("", 2);
    store().settle({page[0].event.id, page[1].event.id});
    EXPECT_EQ(ids_of(pending(page[1].place, 10)), (Ids{all[2], all[3]}));
}

TEST_P(StoreContract, may_settle_twice_and_what_it_never_had) {
    put({.id = "a"}, {.events = 1});
    store().settle({"nobody/knows/1", event_id("a", 1), event_id("a", 1)});
    store().settle({event_id("a", 1)});
    store().settle({});
    EXPECT_TRUE(pending().empty());
    put({.id = "a"}, {.events = 1});
    EXPECT_EQ(pending_ids(), Ids{event_id("a", 2)});
}

TEST_P(StoreContract, keeps_what_is_not_settled_across_a_restart) {
    for (int i = 0; i < 4; ++i) put({.id = std::to_string(i)}, {.events = 1});
    store().settle({event_id("1", 1)});
    put({.id = "4"}, {.events = 1}); // Settling is durable with the next commit.
    restart();
    const Ids kept{event_id("0", 1), event_id("2", 1), event_id("3", 1), event_id("4", 1)};
    EXPECT_EQ(sorted(pending_ids()), kept);
}

TEST_P(StoreContract, numbers_events_on_after_a_restart) {
    put({.id = "a"}, {.events = 2});
    store().settle({event_id("a", 1), event_id("a", 2)});
    restart();
    put({.id = "a"}, {.events = 1});
    const Ids ids = pending_ids();
    EXPECT_EQ(ids.back(), event_id("a", 3));
}

TEST_P(StoreContract, counts_its_backlog) {
    EXPECT_EQ(store().backlog(), 0U);
    for (int i = 0; i < 3; ++i) put({.id = std::to_string(i)}, {.events = 2});
    EXPECT_TRUE(eventually([this] { return store().backlog() == 6; }));
    store().settle({event_id("0", 1), event_id("0", 2), "nobody/knows/1"});
    EXPECT_TRUE(eventually([this] { return store().backlog() == 4; }));
    put({.id = "x"});
    restart();
    EXPECT_TRUE(eventually([this] { return store().backlog() >= 4; }));
    store().settle({event_id("0", 1), event_id("0", 2)}); // Unless it was durable before the crash.
    EXPECT_TRUE(eventually([this] { return store().backlog() == 4; }));
}

TEST_P(StoreContract, tells_of_each_commit_once) {
    std::vector<Ids> told;
    store().on_committed([&](std::vector<EventRecord> events) {
        Ids& ids = told.emplace_back();
        for (const EventRecord& event : events) ids.push_back(event.id);
    });
    put({.id = "a"}, {.events = 2});
    put({.id = "a"});
    put({.id = "a"}, {.events = 1});
    EXPECT_TRUE(eventually([&] { return told.size() == 2; }));
    const std::vector<Ids> expected{{event_id("a", 1), event_id("a", 2)}, {event_id("a", 3)}};
    EXPECT_EQ(told, expected);
}

TEST_P(StoreContract, tells_of_no_commit_that_it_refused) {
    int told = 0;
    put({.id = "a", .email = "a@example.com"});
    store().on_committed([&](const std::vector<EventRecord>&) { ++told; });
    commit(commit_of(things(), {.id = "a"}, {}, {.events = 1}));
    commit(commit_of(things(), {.id = "b", .email = "a@example.com"}, {}, {.events = 1}));
    put({.id = "c"}, {.events = 1});
    EXPECT_TRUE(eventually([&] { return told > 0; }));
    EXPECT_EQ(told, 1);
}

TEST_P(StoreContract, tells_of_a_commit_only_when_it_is_durable) {
    std::vector<std::int64_t> seen;
    std::vector<std::string> asked;
    store().on_committed([&](const std::vector<EventRecord>& events) {
        for (const EventRecord& event : events) asked.push_back(event.id);
    });
    put({.id = "a"}, {.events = 1});
    EXPECT_TRUE(eventually([&] { return !asked.empty(); }));
    restart(); // At once: nothing else was written that could have carried it.
    EXPECT_EQ(pending_ids(), asked);
    EXPECT_EQ(find("a")->version, 1);
}

Task<> commit_one(Store& store, Commit commit) {
    co_await store.commit(std::move(commit));
}

Task<> commit_together(Store& store) {
    TaskGroup group = strict_group();
    for (int i = 0; i < 50; ++i) {
        const Thing thing{.id = "t" + std::to_string(i)};
        group.spawn(commit_one(store, commit_of(things(), thing, {}, {.events = 2})));
    }
    co_await group.join();
}

TEST_P(StoreContract, tells_of_commits_made_together_one_by_one) {
    std::vector<std::size_t> told;
    store().on_committed([&](const std::vector<EventRecord>& events) {
        told.push_back(events.size());
    });
    run(commit_together(store()));
    EXPECT_TRUE(eventually([&] { return told.size() == 50; }));
    EXPECT_EQ(told, std::vector<std::size_t>(50, 2));
    EXPECT_EQ(pending().size(), 100U);
}

// --- the log --------------------------------------------------------------------------------------------------------

std::vector<std::int64_t> numbers(const std::vector<LogEntry>& entries) {
    std::vector<std::int64_t> found;
    for (const LogEntry& entry : entries) found.push_back(entry.number);
    return found;
}

TEST_P(StoreContract, keeps_log_entries_in_the_order_of_their_numbers) {
    for (int i = 0; i < 4; ++i) put({.id = "a"}, {.entries = 3});
    EXPECT_TRUE(eventually([this] { return log("a", 0, 100).size() == 12; }));
    const std::vector<LogEntry> entries = log("a", 0, 100);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(entries[i].number, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(entries[i].aggregate, "a");
        EXPECT_EQ(entries[i].type, "Moved");
        EXPECT_EQ(entries[i].body, "{\"by\":" + std::to_string(i + 1) + "}");
    }
}

TEST_P(StoreContract, pages_through_a_log) {
    put({.id = "a"}, {.entries = 12});
    EXPECT_TRUE(eventually([this] { return log("a", 0, 100).size() == 12; }));
    EXPECT_EQ(numbers(log("a", 0, 3)), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(numbers(log("a", 9, 5)), (std::vector<std::int64_t>{10, 11, 12}));
    EXPECT_TRUE(log("a", 12, 5).empty());
}

TEST_P(StoreContract, keeps_logs_of_different_aggregates_and_collections_apart) {
    put({.id = "a"}, {.entries = 1});
    put({.id = "ab"}, {.entries = 2});
    commit(commit_of(other_things(), {.id = "a"}, {}, {.entries = 3}));
    EXPECT_TRUE(eventually([this] { return log("ab", 0, 9).size() == 2; }));
    EXPECT_EQ(log("a", 0, 9).size(), 1U);
    EXPECT_TRUE(eventually([this] {
        return run(store().log(other_things(), "a", 0, 9)).size() == 3;
    }));
    EXPECT_TRUE(log("b", 0, 9).empty());
}

TEST_P(StoreContract, keeps_logs_across_a_restart) {
    put({.id = "a"}, {.entries = 2});
    restart();
    put({.id = "a"}, {.entries = 1});
    EXPECT_TRUE(eventually([this] { return log("a", 0, 9).size() == 3; }));
    EXPECT_EQ(numbers(log("a", 0, 9)), (std::vector<std::int64_t>{1, 2, 3}));
}

} // namespace
} // namespace backline::contract
