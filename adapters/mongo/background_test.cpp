// At stake: what is done behind everybody's back: log entries that move, operations that are forgotten, events that go.
// How: readers that look at every moment of a move, and what another program finds on the server afterwards.
#include "adapters/mongo/documents.hpp"
#include "adapters/mongo/server_test.hpp"

namespace backline::mongo {
namespace {

class MongoBackground : public ServerFixture {
protected:
    /// The elements of a list in the document `id`.
    std::int64_t length_of(const char* list, const std::string& id) {
        Bson filter;
        filter.text("_id", id);
        Bson command;
        command.text("find", things().name).document("filter", filter);
        const Bson reply = ask(command);
        const auto found = View(reply).inside("cursor").inside("firstBatch").find("0");
        std::int64_t length = 0;
        if (found) found->inside().inside(list).each([&](const Element&) { ++length; });
        return length;
    }

    /// Documents with something in their outbox, as another program sees them.
    std::int64_t pending_elsewhere() {
        Bson filter;
        Bson exists;
        exists.flag("$exists", true);
        filter.document("outbox.id", exists);
        Bson command;
        command.text("count", things().name).document("query", filter);
        return View(ask(command)).number("n");
    }

    std::int64_t count(const std::string& collection) {
        Bson command;
        command.text("count", collection);
        return View(ask(command)).number("n");
    }
};

Task<> put_one(MongoStore& store, int i) {
    const Thing thing{.id = std::to_string(i)};
    co_await store.commit(commit_of(things(), thing, {}, {.events = 1}));
}

Task<> put_all(MongoStore& store, int count) {
    TaskGroup group = contract::strict_group();
    for (int i = 0; i < count; ++i) group.spawn(put_one(store, i));
    co_await group.join();
}

Task<> write_entries(MongoStore& store, int commits, bool& done) {
    for (int i = 0; i < commits; ++i) {
        const std::optional<store::Stored> now = co_await store.find(things(), "a");
        store::Commit commit = commit_of(things(), {.id = "a"}, now, {.entries = 3});
        co_await store.commit(std::move(commit));
    }
    done = true;
}

/// Counts the answers that are no gapless beginning of the log, or shorter than an earlier one.
Task<> read_entries(MongoStore& store, const bool& done, int& wrong) {
    std::size_t longest = 0;
    while (!done) {
        const std::vector<store::LogEntry> entries = co_await store.log(things(), "a", 0, 1'000);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (entries[i].number != static_cast<std::int64_t>(i) + 1) ++wrong;
        }
        if (entries.size() < longest) ++wrong;
        longest = std::max(longest, entries.size());
    }
}

Task<> write_and_read(MongoStore& one, MongoStore& two, int& wrong) {
    bool done = false;
    TaskGroup group = contract::strict_group();
    group.spawn(write_entries(one, 100, done));
    group.spawn(read_entries(one, done, wrong));
    group.spawn(read_entries(two, done, wrong));
    co_await group.join();
}

TEST_F(MongoBackground, moves_log_entries_so_that_no_reader_sees_it) {
    MongoStore& other = process().add_store();
    process().run(other.open(things()));
    int wrong = 0;
    process().run(write_and_read(store(), other, wrong));
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(process().run(other.log(things(), "a", 0, 1'000)).size(), 300U);
    EXPECT_TRUE(eventually([this] { return length_of("log", "a") == 0; }));
    EXPECT_EQ(count("things.log"), 300);
    EXPECT_EQ(process().run(store().log(things(), "a", 290, 5)).at(4).number, 295);
}

TEST_F(MongoBackground, moves_log_entries_although_it_cannot_at_first) {
    put({.id = "a"});
    const FailPoint fails(settings(), "insert", 3, error(not_writable_primary));
    put({.id = "a"}, {.entries = 3}); // An update.
    EXPECT_TRUE(eventually([this] { return length_of("log", "a") == 0; }));
    EXPECT_EQ(count("things.log"), 3);
}

TEST_F(MongoBackground, remembers_a_bounded_number_of_operations) {
    for (int i = 0; i < operations_max + 10; ++i) put({.id = "a"});
    EXPECT_EQ(length_of("ops", "a"), operations_max);
}

TEST_F(MongoBackground, takes_settled_events_out_and_stops) {
    for (int i = 0; i < 5; ++i) put({.id = std::to_string(i)}, {.events = 2});
    std::vector<std::string> ids = pending_ids();
    ids.erase(ids.begin());
    store().settle(ids);
    process().run(store().stop());
    EXPECT_EQ(length_of("outbox", "0"), 1);
    for (int i = 1; i < 5; ++i) EXPECT_EQ(length_of("outbox", std::to_string(i)), 0);
    EXPECT_EQ(find("4")->version, 1); // Settling is no commit.
}

/// Pulls nothing by itself before it stops.
class MongoPatient : public MongoBackground {
protected:
    void adjust(Settings& settings) override { settings.gathers_for = std::chrono::hours{1}; }

    void SetUp() override {
        MongoBackground::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        put({.id = "a"}, {.events = 2});
        store().settle({"contract.things/a/1"});
    }
};

TEST_F(MongoPatient, takes_settled_events_out_with_the_next_commit_of_their_document) {
    put({.id = "a"});
    EXPECT_EQ(length_of("outbox", "a"), 1);
    store().settle({"contract.things/a/2"});
    put({.id = "a"}, {.events = 1});
    EXPECT_EQ(length_of("outbox", "a"), 1);
    EXPECT_EQ(pending_ids(), std::vector<std::string>{"contract.things/a/3"});
    EXPECT_TRUE(eventually([this] { return store().backlog() == 1; }));
}

TEST_F(MongoPatient, forgets_no_settled_event_of_a_commit_that_does_not_take_place) {
    const std::optional<store::Stored> stale = find("a");
    EXPECT_EQ(put({.id = "b"}), "committed");
    EXPECT_EQ(commit(commit_of(things(), {.id = "a"}, stale)), "committed");
    store().settle({"contract.things/a/2"});
    EXPECT_EQ(commit(commit_of(things(), {.id = "a"}, stale)), "conflict");
    {
        const FailPoint fails(settings(), "update", 1, error(unauthorized));
        EXPECT_EQ(put({.id = "a"}), "not_done");
    }
    EXPECT_EQ(length_of("outbox", "a"), 1);
    EXPECT_EQ(pending_ids(), std::vector<std::string>{});
    process().run(store().stop());
    EXPECT_EQ(length_of("outbox", "a"), 0);
}

TEST_F(MongoPatient, takes_settled_events_out_with_a_commit_whose_reply_was_lost) {
    {
        const FailPoint fails(settings(), "update", 3, closed_connection());
        EXPECT_EQ(put({.id = "a"}), "committed");
    }
    EXPECT_EQ(length_of("outbox", "a"), 1);
    EXPECT_EQ(pending_ids(), std::vector<std::string>{"contract.things/a/2"});
}

/// More than one command takes.
TEST_F(MongoBackground, takes_out_any_number_of_settled_events) {
    constexpr int count = 1'200;
    process().run(put_all(store(), count));
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back("contract.things/" + std::to_string(i) + "/1");
    store().settle(ids);
    EXPECT_TRUE(eventually([this] { return pending_elsewhere() == 0; }));
}

class MongoForgetful : public MongoBackground {
protected:
    void adjust(Settings& settings) override { settings.remembers_operations_for = Duration{0}; }
};

TEST_F(MongoForgetful, forgets_operations_that_are_older_than_any_deadline) {
    for (int i = 0; i < 20; ++i) put({.id = "a"});
    EXPECT_LT(length_of("ops", "a"), 3);
}

class MongoCrowded : public MongoBackground {
protected:
    void adjust(Settings& settings) override {
        settings.connections = 1;
        settings.waiting_max = 5;
    }
};

Task<> try_to_find(MongoStore& store, int& found, int& refused) {
    try {
        co_await store.find(things(), "a");
        ++found;
    } catch (const Unavailable& away) {
        if (away.outcome() == Unavailable::Outcome::not_done) ++refused;
    }
}

Task<> find_together(MongoStore& store, int& found, int& refused) {
    TaskGroup group = contract::strict_group();
    for (int i = 0; i < 20; ++i) group.spawn(try_to_find(store, found, refused));
    co_await group.join();
}

TEST_F(MongoCrowded, lets_a_few_wait_and_refuses_the_rest_at_once) {
    process().run(store().stop()); // Or it would wait in the same line.
    int found = 0;
    int refused = 0;
    process().run(find_together(store(), found, refused));
    EXPECT_EQ(found, 6);
    EXPECT_EQ(refused, 14);
}

class MongoCounts : public MongoBackground {
protected:
    void adjust(Settings& settings) override {
        settings.on_counted = [this](const FullestOutbox& counted) { fullest = counted; };
    }

    FullestOutbox fullest;
};

TEST_F(MongoCounts, tell_how_full_the_fullest_outbox_is) {
    put({.id = "a"}, {.events = 3});
    put({.id = "b"}, {.events = 1});
    EXPECT_TRUE(eventually([&] { return fullest.events == 3; }));
    EXPECT_EQ(fullest.collection, "contract.things");
    EXPECT_GT(fullest.bytes, 100);
    EXPECT_LT(fullest.bytes, 5'000);
    store().settle({"contract.things/a/1", "contract.things/a/2", "contract.things/a/3"});
    EXPECT_TRUE(eventually([&] { return fullest.events == 1; }));
    store().settle({"contract.things/b/1"});
    EXPECT_TRUE(eventually([&] { return fullest.events == 0 && fullest.bytes == 0; }));
}

} // namespace
} // namespace backline::mongo
