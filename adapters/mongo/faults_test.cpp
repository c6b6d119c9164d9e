// At stake: replies get lost, members step down, majorities are late; no commit may be lost or made twice.
// How: the server's own fail points, one kind after the other, on inserts and updates that carry an event.
#include "adapters/mongo/server_test.hpp"

namespace backline::mongo {
namespace {

constexpr std::int64_t interrupted = 11602;
constexpr std::int64_t write_concern_timeout = 64;
constexpr Duration answers_within{400};

class MongoFaults : public ServerFixture {
protected:
    void adjust(Settings& settings) override {
        settings.answers_within = answers_within;
        settings.runs_within = Duration{300};
        settings.commits_within = Duration{3000};
    }

    /// Takes place, but nobody can say whether a majority has it.
    static Bson unconfirmed() {
        Bson reason;
        reason.number("code", write_concern_timeout)
            .text("errmsg", "waiting for replication ended early");
        Bson data;
        data.document("writeConcernError", reason);
        return data;
    }

    static Bson blocked(Duration time) {
        Bson data;
        data.flag("blockConnection", true).number("blockTimeMS", time.count());
        return data;
    }

    /// A commit that inserts and one that updates, each of which meets the fault so often.
    void expect_committed(const Bson& fault, std::int64_t times) {
        {
            const FailPoint fails(settings(), "insert", times, copy(fault));
            EXPECT_EQ(put({.id = "a", .note = "one"}, {.events = 1}), "committed");
        }
        {
            const FailPoint fails(settings(), "update", times, copy(fault));
            EXPECT_EQ(put({.id = "a", .note = "two"}, {.events = 1}), "committed");
        }
        EXPECT_EQ(find("a")->version, 2);
        EXPECT_EQ(
            pending_ids(), (std::vector<std::string>{"contract.things/a/1", "contract.things/a/2"})
        );
    }

    static Bson copy(const Bson& original) {
        Bson made;
        bson_concat(made.get(), original.get());
        return made;
    }
};

TEST_F(MongoFaults, commits_once_although_the_primary_steps_down) {
    expect_committed(error(not_writable_primary), 1);
}

TEST_F(MongoFaults, commits_once_although_the_driver_gives_up) {
    expect_committed(error(not_writable_primary), 3);
}

TEST_F(MongoFaults, commits_once_although_the_operation_is_interrupted) {
    expect_committed(error(interrupted), 3);
}

TEST_F(MongoFaults, commits_once_although_connections_are_closed) {
    expect_committed(closed_connection(), 1);
}

TEST_F(MongoFaults, commits_once_although_connections_are_closed_again_and_again) {
    expect_committed(closed_connection(), 3);
}

TEST_F(MongoFaults, finds_that_it_has_committed_what_no_majority_confirmed) {
    expect_committed(unconfirmed(), 1);
}

TEST_F(MongoFaults, commits_once_although_nobody_can_be_asked_at_first) {
    put({.id = "a"});
    for (const std::int64_t version : {2, 4}) {
        const store::Commit next = commit_of(things(), {.id = "a"}, find("a"), {.events = 1});
        const Bson fault = version == 2 ? closed_connection() : error(interrupted);
        {
            const FailPoint fails(settings(), {"update", "find", "aggregate"}, 5, copy(fault));
            EXPECT_EQ(commit(next), "committed");
        }
        EXPECT_EQ(find("a")->version, version);
        put({.id = "a"});
    }
    EXPECT_EQ(pending_ids().size(), 2U);
}

TEST_F(MongoFaults, commits_once_although_a_command_hangs) {
    expect_committed(blocked(2 * answers_within), 1);
}

TEST_F(MongoFaults, commits_once_although_commands_hang) {
    expect_committed(blocked(2 * answers_within), 3);
}

TEST_F(MongoFaults, says_that_nothing_was_done_where_it_has_no_right_to) {
    const FailPoint fails(settings(), "insert", 1, error(unauthorized));
    EXPECT_EQ(put({.id = "a"}, {.events = 1}), "not_done");
    EXPECT_FALSE(find("a").has_value());
}

TEST_F(MongoFaults, tells_a_conflict_after_a_doubtful_attempt) {
    put({.id = "a", .note = "one"});
    const store::Commit late = commit_of(things(), {.id = "a", .note = "late"}, find("a"));
    put({.id = "a", .note = "two"});
    const FailPoint fails(settings(), "update", 3, closed_connection());
    EXPECT_EQ(commit(late), "conflict");
    EXPECT_EQ(find("a")->version, 2);
}

TEST_F(MongoFaults, tells_a_duplicate_after_a_server_said_that_it_is_through) {
    put({.id = "a", .email = "a@example.com"});
    const FailPoint fails(settings(), "insert", 3, error(not_writable_primary));
    EXPECT_EQ(put({.id = "b", .email = "a@example.com"}), "duplicate by_email");
}

TEST_F(MongoFaults, reads_although_the_first_attempt_fails) {
    put({.id = "a"});
    const Bson faults[] = {
        closed_connection(),
        error(not_writable_primary),
        error(interrupted),
        blocked(2 * answers_within)
    };
    for (const Bson& fault : faults) {
        const FailPoint fails(settings(), "find", 1, copy(fault));
        EXPECT_EQ(find("a")->version, 1);
    }
}

TEST_F(MongoFaults, says_that_it_cannot_read) {
    put({.id = "a"});
    const Bson faults[] = {closed_connection(), error(interrupted), error(unauthorized)};
    for (const Bson& fault : faults) {
        const FailPoint fails(settings(), "find", 99, copy(fault));
        EXPECT_THROW(find("a"), Unavailable);
        EXPECT_THROW(pending_ids(), Unavailable);
    }
}

TEST_F(MongoFaults, counts_what_waits_as_soon_as_it_can) {
    put({.id = "a"}, {.events = 2});
    const FailPoint fails(settings(), "aggregate", 6, closed_connection());
    MongoStore& other = process().add_store();
    process().run(other.open(things()));
    EXPECT_TRUE(eventually([&] { return other.backlog() == 2; }));
}

TEST_F(MongoFaults, pulls_again_what_it_could_not_pull) {
    put({.id = "a"}, {.events = 2});
    const FailPoint fails(settings(), "update", 3, closed_connection());
    store().settle({"contract.things/a/1"});
    EXPECT_EQ(pending_ids(), std::vector<std::string>{"contract.things/a/2"});
    MongoStore& other = process().add_store();
    process().run(other.open(things()));
    EXPECT_TRUE(eventually([&] { return process().run(other.pending("", 9)).size() == 1; }));
}

/// Every attempt is blocked for longer than anybody waits; what is blocked still takes place.
class MongoBlocked : public MongoFaults {
protected:
    void adjust(Settings& settings) override {
        MongoFaults::adjust(settings);
        settings.runs_within = 10 * answers_within; // Or the server itself would give up.
        settings.commits_within = Duration{1000};
    }
};

TEST_F(MongoBlocked, says_that_it_does_not_know_and_the_commit_takes_place_at_most_once) {
    put({.id = "a", .note = "one"});
    {
        const FailPoint fails(settings(), "update", 50, blocked(5 * answers_within));
        EXPECT_EQ(put({.id = "a", .note = "two"}, {.events = 1}), "unknown");
    }
    EXPECT_TRUE(eventually([this] { return find("a")->version == 2; }));
    EXPECT_EQ(put({.id = "a", .note = "three"}, {.events = 1}), "committed");
    EXPECT_EQ(find("a")->version, 3);
    EXPECT_EQ(pending_ids().size(), 2U);
}

Task<> count_up(MongoStore& store, int times, int& commits) {
    for (int i = 0; i < times; ++i) {
        const std::optional<store::Stored> now = co_await store.find(things(), "hot");
        store::Commit commit = commit_of(things(), {.id = "hot"}, now, {.events = 1});
        const store::CommitResult done = co_await store.commit(std::move(commit));
        if (done.kind == store::CommitResult::Kind::committed) ++commits;
    }
}

Task<> race(MongoStore& one, MongoStore& two, int& commits) {
    TaskGroup group = contract::strict_group();
    group.spawn(count_up(one, 30, commits));
    group.spawn(count_up(two, 30, commits));
    group.spawn(count_up(one, 30, commits));
    group.spawn(count_up(two, 30, commits));
    co_await group.join();
}

TEST_F(MongoFaults, counts_every_commit_of_two_processes_whose_replies_get_lost) {
    MongoStore& other = process().add_store();
    process().run(other.open(things()));
    const FailPoint fails(settings(), "update", 40, unconfirmed());
    int commits = 0;
    process().run(race(store(), other, commits));
    EXPECT_EQ(find("hot")->version, commits);
    EXPECT_EQ(pending_ids().size(), static_cast<std::size_t>(commits));
}

} // namespace
} // namespace backline::mongo
