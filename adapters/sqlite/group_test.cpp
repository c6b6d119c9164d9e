// At stake: an answer given before its transaction is durable is a lie, and work forgotten in a queue is lost.
// How: the queue with times written out, and groups run against a transaction that only takes notes.
#include "adapters/sqlite/group.hpp"
#include "platform/base/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backline::sqlite {
namespace {

using testing::ElementsAre;

constexpr Monotonic start{Duration{1000}};

Monotonic after(int milliseconds) {
    return start + Duration{milliseconds};
}

Write some_write(std::string subscriber = {}) {
    return Unpark{"event", std::move(subscriber)};
}

std::vector<Ticket> tickets_of(const Group& group) {
    std::vector<Ticket> tickets;
    for (const WriteItem& item : group.items) tickets.push_back(item.ticket);
    return tickets;
}

TEST(GroupQueue, gives_what_has_gathered_at_once_and_in_order) {
    GroupQueue queue;
    queue.add(1, some_write());
    queue.add(2, some_write());
    EXPECT_THAT(tickets_of(queue.take(start)), ElementsAre(1, 2));
    EXPECT_TRUE(queue.take(start).empty());
}

TEST(GroupQueue, leaves_what_is_over_the_limit_for_the_next_group) {
    GroupQueue queue({.items = 2});
    for (Ticket ticket = 1; ticket <= 3; ++ticket) queue.add(ticket, some_write());
    EXPECT_THAT(tickets_of(queue.take(start)), ElementsAre(1, 2));
    EXPECT_THAT(tickets_of(queue.take(start)), ElementsAre(3));
}

TEST(GroupQueue, has_no_room_beyond_its_bound) {
    GroupQueue queue({.waiting = 2});
    queue.add(1, some_write());
    EXPECT_TRUE(queue.has_room());
    queue.add(2, some_write());
    EXPECT_FALSE(queue.has_room());
    EXPECT_FALSE(queue.take(start).empty());
    EXPECT_TRUE(queue.has_room());
}

TEST(GroupQueue, lets_settling_ride_with_the_next_write) {
    GroupQueue queue;
    queue.settle({{7, ""}}, start);
    EXPECT_TRUE(queue.take(start).empty());
    queue.add(1, some_write());
    const Group group = queue.take(start);
    EXPECT_EQ(group.items.size(), 1);
    EXPECT_EQ(group.settled.size(), 1);
    EXPECT_FALSE(queue.lazy_due());
}

TEST(GroupQueue, settles_alone_after_a_while_counted_from_the_first) {
    GroupQueue queue;
    queue.settle({{7, ""}}, start);
    queue.settle({{8, ""}}, after(40));
    EXPECT_EQ(queue.lazy_due(), after(50));
    EXPECT_TRUE(queue.take(after(49)).empty());
    const Group group = queue.take(after(50));
    EXPECT_TRUE(group.items.empty());
    EXPECT_EQ(group.settled.size(), 2);
}

TEST(GroupQueue, settles_at_once_at_the_end) {
    GroupQueue queue;
    queue.settle({{7, ""}}, start);
    EXPECT_EQ(queue.take(start, true).settled.size(), 1);
}

TEST(GroupQueue, settles_the_rest_in_the_next_group) {
    GroupQueue queue({.settled = 1});
    queue.settle({{7, ""}, {8, ""}}, start);
    EXPECT_EQ(queue.take(after(50)).settled.size(), 1);
    EXPECT_EQ(queue.take(after(50)).settled.size(), 1);
    EXPECT_TRUE(queue.take(after(50)).empty());
}

TEST(GroupQueue, keeps_settling_that_did_not_take_place) {
    GroupQueue queue;
    queue.give_back({{7, ""}}, start, Duration{1000});
    EXPECT_TRUE(queue.take(after(999)).empty());
    EXPECT_EQ(queue.take(after(1000)).settled.size(), 1);
}

TEST(GroupQueue, withdraws_only_what_is_not_under_way) {
    GroupQueue queue({.items = 1});
    queue.add(1, some_write());
    queue.add(2, some_write());
    EXPECT_FALSE(queue.take(start).empty());
    EXPECT_FALSE(queue.withdraw(1));
    EXPECT_TRUE(queue.withdraw(2));
    EXPECT_TRUE(queue.take(start).empty());
}

/// Notes what it is asked to do; fails where a test says so.
class Notes final : public Transaction {
public:
    void begin() override { said.emplace_back("begin"); }

    void apply(WriteItem& item) override {
        said.push_back("apply " + std::to_string(item.ticket));
        if (on_apply) on_apply(item);
        item.answer.first_place = 1;
    }

    void settle(const std::vector<Settled>& events) override {
        if (!events.empty()) said.emplace_back("settle");
    }

    void commit() override {
        if (on_commit) on_commit();
        said.emplace_back("commit");
    }

    void rollback() noexcept override { said.emplace_back("rollback"); }

    std::vector<std::string> said;
    std::function<void(WriteItem&)> on_apply;
    std::function<void()> on_commit;
};

Group group_of(std::size_t items) {
    Group group;
    for (Ticket ticket = 1; ticket <= items; ++ticket) {
        group.items.push_back(WriteItem{ticket, some_write()});
    }
    return group;
}

template <class Exception> void expect_all_failed_with(const Group& group) {
    for (const WriteItem& item : group.items) {
        ASSERT_TRUE(item.answer.failure);
        EXPECT_THROW(std::rethrow_exception(item.answer.failure), Exception);
    }
}

Unavailable::Outcome outcome_of(const WriteItem& item) {
    try {
        std::rethrow_exception(item.answer.failure);
    } catch (const Unavailable& failure) {
        return failure.outcome();
    }
}

TEST(RunGroup, is_one_transaction) {
    Notes notes;
    Group group = group_of(2);
    group.settled.push_back({7, ""});
    EXPECT_EQ(run_group(group, notes).end, GroupEnd::durable);
    EXPECT_THAT(notes.said, ElementsAre("begin", "apply 1", "apply 2", "settle", "commit"));
}

TEST(RunGroup, runs_the_others_again_without_an_item_that_failed_alone) {
    Notes notes;
    notes.on_apply = [](WriteItem& item) {
        if (item.ticket == 2) throw std::logic_error("a bug of this item");
    };
    Group group = group_of(3);
    EXPECT_EQ(run_group(group, notes).end, GroupEnd::durable);
    EXPECT_THAT(
        notes.said,
        ElementsAre(
            "begin", "apply 1", "apply 2", "rollback", "begin", "apply 1", "apply 3", "commit"
        )
    );
    EXPECT_FALSE(group.items[0].answer.failure);
    EXPECT_THROW(std::rethrow_exception(group.items[1].answer.failure), std::logic_error);
    EXPECT_FALSE(group.items[2].answer.failure);
}

TEST(RunGroup, refuses_everybody_when_there_is_no_space) {
    Notes notes;
    notes.on_apply = [](WriteItem& item) {
        if (item.ticket == 2) throw NotNow("full");
    };
    Group group = group_of(2);
    const GroupOutcome outcome = run_group(group, notes);
    EXPECT_EQ(outcome.end, GroupEnd::refused);
    EXPECT_EQ(outcome.reason, "full");
    EXPECT_EQ(notes.said.back(), "rollback");
    expect_all_failed_with<Unavailable>(group);
    EXPECT_EQ(outcome_of(group.items[0]), Unavailable::Outcome::not_done);
}

TEST(RunGroup, answers_nobody_with_success_when_commit_failed) {
    Notes notes;
    notes.on_commit = [] { throw StorageFailed("fsync"); };
    Group group = group_of(2);
    EXPECT_EQ(run_group(group, notes).end, GroupEnd::failed);
    expect_all_failed_with<Unavailable>(group);
    EXPECT_EQ(outcome_of(group.items[1]), Unavailable::Outcome::unknown);
    EXPECT_FALSE(group.items[0].answer.first_place);
}

TEST(RunGroup, fails_when_commit_fails_in_a_way_nobody_expected) {
    Notes notes;
    notes.on_commit = [] { throw std::runtime_error("what is this"); };
    Group group = group_of(1);
    EXPECT_EQ(run_group(group, notes).end, GroupEnd::failed);
    EXPECT_EQ(outcome_of(group.items[0]), Unavailable::Outcome::unknown);
}

TEST(RunGroup, commits_a_group_that_only_settles) {
    Notes notes;
    Group group;
    group.settled.push_back({7, ""});
    EXPECT_EQ(run_group(group, notes).end, GroupEnd::durable);
    EXPECT_THAT(notes.said, ElementsAre("begin", "settle", "commit"));
}

} // namespace
} // namespace backline::sqlite
