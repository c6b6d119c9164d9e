// At stake: a disk that fails must never make the store say something that is not so.
// How: full disks, failed and hanging fsyncs through the file layer; bytes flipped in the file.
#include "adapters/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace backline::sqlite {
namespace {

using store::CommitResult;
using Outcome = Unavailable::Outcome;

class SqliteFaultsTest : public testing::Test, protected StoreFixture {
protected:
    SqliteFaultsTest() { start(); }

    Task<> committing(store::Commit commit) { co_await store_->commit(std::move(commit)); }

    Task<> finding(std::string id) { co_await store_->find(things, std::move(id)); }

    /// Overwrites the first occurrence of a text in the database file.
    void damage(const std::string& text, const std::string& by) {
        std::fstream file(directory_.database(), std::ios::in | std::ios::out | std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(file), {});
        const std::size_t at = bytes.find(text);
        ASSERT_NE(at, std::string::npos);
        file.clear();
        file.seekp(static_cast<std::streamoff>(at));
        file << by;
    }
};

TEST_F(SqliteFaultsTest, a_full_disk_refuses_writes_until_there_is_space) {
    commit(commit_of("a", 1, "{}", 1));
    faults_.set_full(true);
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("b", 1))), Outcome::not_done);
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("b", 1))), Outcome::not_done);
    EXPECT_TRUE(find("a")) << "reads go on";
    faults_.set_full(false);
    EXPECT_EQ(commit(commit_of("b", 1)).kind, CommitResult::Kind::committed);
    EXPECT_EQ(fatal_, "");
}

TEST_F(SqliteFaultsTest, settling_outlives_a_full_disk) {
    commit(commit_of("a", 1, "{}", 1));
    faults_.set_full(true);
    store_->settle({"shop.things/a/1"});
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("b", 1))), Outcome::not_done);
    faults_.set_full(false);
    commit(commit_of("b", 1));
    restart();
    EXPECT_EQ(store_->backlog(), 0);
}

TEST_F(SqliteFaultsTest, a_failed_fsync_ends_the_process_and_answers_nobody_with_success) {
    commit(commit_of("a", 1));
    faults_.fail_next_sync();
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("b", 1))), Outcome::unknown);
    EXPECT_THAT(fatal_, testing::HasSubstr("must not be trusted"));
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("c", 1))), Outcome::not_done);
    EXPECT_FALSE(find("b"));
    restart();
    EXPECT_TRUE(find("a"));
    EXPECT_EQ(commit(commit_of("c", 1)).kind, CommitResult::Kind::committed);
}

TEST_F(SqliteFaultsTest, a_hung_disk_gives_calls_back_at_their_deadline) {
    stop();
    settings_.deadline = Duration{100};
    start();
    faults_.set_hung(true);
    TaskGroup group([](std::exception_ptr) {});
    group.spawn(committing(commit_of("a", 1)));
    while (!faults_.is_hanging()) std::this_thread::yield();
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("b", 1))), Outcome::not_done);
    loop_.run_until([&] { return group.running() == 0; });
    faults_.set_hung(false);
    EXPECT_EQ(commit(commit_of("c", 1)).kind, CommitResult::Kind::committed);
    EXPECT_TRUE(find("a")) << "it was under way: unknown, and done after all";
    EXPECT_FALSE(find("b")) << "it was withdrawn";
}

TEST_F(SqliteFaultsTest, a_commit_under_way_on_a_hung_disk_is_unknown) {
    stop();
    settings_.deadline = Duration{50};
    start();
    faults_.set_hung(true);
    EXPECT_EQ(outcome_of(loop_, committing(commit_of("a", 1))), Outcome::unknown);
    faults_.set_hung(false);
}

TEST_F(SqliteFaultsTest, more_writes_than_may_wait_are_refused) {
    stop();
    settings_.writes_waiting = 2;
    start();
    faults_.set_hung(true);
    int refused = 0;
    TaskGroup group([&](std::exception_ptr) { ++refused; });
    group.spawn(committing(commit_of("a", 1)));
    while (!faults_.is_hanging()) std::this_thread::yield();
    for (const char* id : {"b", "c", "d", "e"}) group.spawn(committing(commit_of(id, 1)));
    EXPECT_EQ(refused, 2);
    faults_.set_hung(false);
    loop_.run_until([&] { return group.running() == 0; });
    EXPECT_TRUE(find("c"));
    EXPECT_FALSE(find("d"));
}

TEST_F(SqliteFaultsTest, a_page_that_goes_bad_while_it_runs_is_never_served) {
    commit(commit_of("a", 1, R"({"price":1000})"));
    restart();
    damage(R"({"price":1000})", R"({"price":9000})");
    EXPECT_EQ(outcome_of(loop_, finding("a")), Outcome::not_done);
    EXPECT_EQ(fatal_, "");
}

TEST_F(SqliteFaultsTest, a_document_that_is_not_what_was_written_is_never_served) {
    commit(commit_of("a", 1, R"({"price":1000})"));
    stop();
    run_in_file(R"(UPDATE shop__things SET body = '{"price":9000}')");
    start();
    EXPECT_EQ(outcome_of(loop_, finding("a")), Outcome::not_done);
}

TEST_F(SqliteFaultsTest, an_event_that_is_not_what_was_written_is_never_sent) {
    commit(commit_of("a", 1, "{}", 1));
    stop();
    run_in_file(R"(UPDATE outbox SET data = '{"total":9000}')");
    start();
    EXPECT_THROW(pending(), Unavailable);
}

} // namespace
} // namespace backline::sqlite
