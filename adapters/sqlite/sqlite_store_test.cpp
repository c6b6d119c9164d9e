// At stake: every promise of the store that the shared contract suite cannot see from outside.
// How: a real store on a real directory; the file layer counts fsyncs and holds them back where a test wants to look.
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace backline::sqlite {
namespace {

using store::CommitResult;
using testing::ElementsAre;
using testing::IsEmpty;

class SqliteStoreTest : public testing::Test, protected StoreFixture {
protected:
    SqliteStoreTest() { start(); }

    /// Commits `count` new documents at once, the first of them alone in its group.
    static Task<> commit_one(SqliteStore& store, store::Commit commit, int& answered) {
        const CommitResult result = co_await store.commit(std::move(commit));
        if (result.kind == CommitResult::Kind::committed) ++answered;
    }
};

TEST_F(SqliteStoreTest, answers_only_when_the_fsync_has_returned) {
    int answered = 0;
    TaskGroup group([](std::exception_ptr) { ADD_FAILURE(); });
    faults_.set_hung(true);
    group.spawn(commit_one(*store_, commit_of("a", 1), answered));
    while (!faults_.is_hanging()) std::this_thread::yield();
    loop_.run_for(std::chrono::milliseconds{50});
    EXPECT_EQ(answered, 0);
    EXPECT_FALSE(find("a")) << "a read sees only what is durable";
    faults_.set_hung(false);
    loop_.run_until([&] { return group.running() == 0; });
    EXPECT_EQ(answered, 1);
    EXPECT_TRUE(find("a"));
}

TEST_F(SqliteStoreTest, commits_what_gathered_during_an_fsync_as_one_group) {
    int answered = 0;
    TaskGroup group([](std::exception_ptr) { ADD_FAILURE(); });
    const Counters before = store_->counters();
    faults_.set_hung(true);
    group.spawn(commit_one(*store_, commit_of("first", 1), answered));
    while (!faults_.is_hanging()) std::this_thread::yield();
    const int syncs = faults_.syncs();
    for (int i = 0; i < 100; ++i) {
        group.spawn(commit_one(*store_, commit_of("doc" + std::to_string(i), 1), answered));
    }
    faults_.set_hung(false);
    loop_.run_until([&] { return group.running() == 0; });
    EXPECT_EQ(answered, 101);
    EXPECT_EQ(faults_.syncs() - syncs, 3) << "1, then 64, then the other 36";
    EXPECT_EQ(store_->counters().transactions - before.transactions, 3);
    EXPECT_EQ(store_->counters().commits - before.commits, 101);
}

TEST_F(SqliteStoreTest, one_refused_item_leaves_the_rest_of_its_group_alone) {
    EXPECT_EQ(commit(commit_of("a", 1)).kind, CommitResult::Kind::committed);
    int answered = 0;
    TaskGroup group([](std::exception_ptr) { ADD_FAILURE(); });
    faults_.set_hung(true);
    group.spawn(commit_one(*store_, commit_of("b", 1), answered));
    while (!faults_.is_hanging()) std::this_thread::yield();
    store::Commit stale = commit_of("a", 1);
    stale.operation = "another";
    store::Commit taken = commit_of("c", 1);
    taken.keys[0] = {std::string("a")};
    group.spawn(commit_one(*store_, commit_of("d", 1), answered));
    group.spawn(commit_one(*store_, std::move(stale), answered));
    group.spawn(commit_one(*store_, std::move(taken), answered));
    group.spawn(commit_one(*store_, commit_of("e", 1), answered));
    faults_.set_hung(false);
    loop_.run_until([&] { return group.running() == 0; });
    EXPECT_EQ(answered, 3) << "b, d and e";
    EXPECT_TRUE(find("e"));
    EXPECT_FALSE(find("c"));
}

TEST_F(SqliteStoreTest, an_item_that_breaks_an_invariant_fails_alone) {
    store::Commit broken = commit_of("a", 1);
    broken.keys.pop_back();
    EXPECT_THROW(commit(std::move(broken)), InvariantBroken);
    EXPECT_EQ(commit(commit_of("a", 1)).kind, CommitResult::Kind::committed);
    EXPECT_EQ(fatal_, "");
}

TEST_F(SqliteStoreTest, the_same_operation_is_committed_once) {
    EXPECT_EQ(commit(commit_of("a", 1, "{}", 1)).kind, CommitResult::Kind::committed);
    EXPECT_EQ(commit(commit_of("a", 1, "{}", 1)).kind, CommitResult::Kind::committed);
    EXPECT_EQ(store_->backlog(), 1);
    EXPECT_EQ(store_->counters().commits, 1);
}

TEST_F(SqliteStoreTest, settling_rides_with_the_next_commit) {
    commit(commit_of("a", 1, "{}", 1));
    const int syncs = faults_.syncs();
    const std::int64_t rows = store_->counters().rows;
    store_->settle({"shop.things/a/1"});
    EXPECT_EQ(store_->backlog(), 0);
    EXPECT_THAT(pending(), IsEmpty()) << "settled, though its row is still there";
    commit(commit_of("b", 1));
    EXPECT_EQ(faults_.syncs() - syncs, 1);
    EXPECT_EQ(store_->counters().rows - rows, 2) << "the document's insert and the event's delete";
}

TEST_F(SqliteStoreTest, settling_is_written_alone_when_nothing_else_comes) {
    commit(commit_of("a", 1, "{}", 1));
    const std::int64_t transactions = store_->counters().transactions;
    store_->settle({"shop.things/a/1"});
    while (store_->counters().transactions == transactions) std::this_thread::yield();
    EXPECT_EQ(store_->counters().transactions, transactions + 1);
}

TEST_F(SqliteStoreTest, settling_is_written_before_the_store_closes) {
    commit(commit_of("a", 1, "{}", 2));
    store_->settle({"shop.things/a/1"});
    restart();
    EXPECT_THAT(pending(), ElementsAre("shop.things/a/2"));
    EXPECT_EQ(store_->backlog(), 1);
}

TEST_F(SqliteStoreTest, settling_what_it_does_not_know_changes_nothing) {
    commit(commit_of("a", 1, "{}", 1));
    store_->settle({"shop.things/a/9", "shop.things/a/1"});
    store_->settle({"shop.things/a/1"});
    EXPECT_EQ(store_->backlog(), 0);
}

TEST_F(SqliteStoreTest, pending_fills_its_limit_past_settled_rows) {
    commit(commit_of("a", 1, "{}", 6));
    store_->settle({"shop.things/a/1", "shop.things/a/2", "shop.things/a/4"});
    const std::vector<store::Store::Pending> first = loop_.run(store_->pending("", 2));
    ASSERT_EQ(first.size(), 2);
    EXPECT_EQ(first[0].event.sequence, 3);
    EXPECT_EQ(first[1].event.sequence, 5);
    const std::vector<store::Store::Pending> rest = loop_.run(store_->pending(first[1].place, 2));
    ASSERT_EQ(rest.size(), 1);
    EXPECT_EQ(rest[0].event.sequence, 6);
}

TEST_F(SqliteStoreTest, tells_of_events_in_the_order_of_commits_before_callers_go_on) {
    std::vector<std::string> heard;
    store_->on_committed([&](std::vector<store::EventRecord> events) {
        for (const store::EventRecord& event : events) heard.push_back(event.id);
    });
    commit(commit_of("a", 1, "{}", 2));
    EXPECT_THAT(heard, ElementsAre("shop.things/a/1", "shop.things/a/2"));
}

TEST_F(SqliteStoreTest, places_go_on_rising_when_the_outbox_ran_empty) {
    commit(commit_of("a", 1, "{}", 1));
    const std::string place = loop_.run(store_->pending("", 1)).at(0).place;
    store_->settle({"shop.things/a/1"});
    commit(commit_of("b", 1));
    commit(commit_of("c", 1, "{}", 1));
    EXPECT_GT(loop_.run(store_->pending(place, 1)).at(0).place, place);
}

TEST_F(SqliteStoreTest, what_was_answered_survives_a_restart) {
    commit(commit_of("a", 1, R"({"a":1})", 1));
    commit(commit_of("a", 2, R"({"a":2})", 1));
    loop_.run(store_->note_attempts("shop.things/a/2", "orders", 3));
    loop_.run(store_->park({event_of("a", 2), "orders", 8, "it broke"}));
    restart();
    EXPECT_EQ(find("a")->body, R"({"a":2})");
    EXPECT_THAT(pending(), ElementsAre("shop.things/a/1", "shop.things/a/2"));
    EXPECT_EQ(loop_.run(store_->attempts("shop.things/a/2", "orders")), 3);
    EXPECT_EQ(loop_.run(store_->parked(10)).at(0).reason, "it broke");
    EXPECT_EQ(commit(commit_of("a", 3)).kind, CommitResult::Kind::committed);
}

TEST_F(SqliteStoreTest, notes_on_attempts_go_with_their_event) {
    commit(commit_of("a", 1, "{}", 1));
    loop_.run(store_->note_attempts("shop.things/a/1", "orders", 3));
    store_->settle({"shop.things/a/1"});
    restart();
    EXPECT_EQ(loop_.run(store_->attempts("shop.things/a/1", "orders")), 0);
    stop();
    EXPECT_EQ(number_in_file("SELECT COUNT(*) FROM attempts"), 0);
}

TEST_F(SqliteStoreTest, an_index_is_written_only_when_its_key_changes) {
    commit(commit_of("a", 1));
    const std::int64_t before = store_->counters().wal_bytes;
    commit(commit_of("a", 2));
    EXPECT_EQ(store_->counters().wal_bytes - before, 4120) << "one page: the document's";
    store::Commit moved = commit_of("a", 3);
    moved.keys[1] = {std::int64_t{2}};
    commit(std::move(moved));
    EXPECT_EQ(store_->counters().wal_bytes - before, 3 * 4120) << "and that of one index";
}

TEST_F(SqliteStoreTest, folds_its_wal_when_idle_and_leaves_none_behind) {
    commit(commit_of("a", 1));
    const std::int64_t before = store_->counters().checkpoints;
    while (store_->counters().checkpoints == before) std::this_thread::yield();
    stop();
    EXPECT_FALSE(std::filesystem::exists(directory_.database().string() + "-wal"));
    EXPECT_EQ(number_in_file("SELECT COUNT(*) FROM shop__things"), 1);
    EXPECT_EQ(
        number_in_file("SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
        1
    );
}

TEST_F(SqliteStoreTest, folds_its_wal_under_load_in_steps) {
    const std::string body = "\"" + std::string(60'000, 'x') + "\"";
    for (int i = 0; i < 300; ++i) commit(commit_of("doc" + std::to_string(i), 1, body));
    EXPECT_GE(store_->counters().checkpoints, 3);
    const auto wal = std::filesystem::file_size(directory_.database().string() + "-wal");
    EXPECT_LT(wal, 6'000'000) << "18 MB went through it";
}

TEST_F(SqliteStoreTest, nobody_else_can_read_its_files) {
    commit(commit_of("a", 1));
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
        struct stat facts{};
        ASSERT_EQ(stat(entry.path().c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777, 0600) << entry.path();
    }
}

TEST_F(SqliteStoreTest, text_keeps_every_byte) {
    const std::string odd("\"zero\0, high \xC3\xBF\"", 16);
    commit(commit_of(odd, 1, odd));
    ASSERT_TRUE(find(odd));
    EXPECT_EQ(find(odd)->body, odd);
}

} // namespace
} // namespace backline::sqlite
