// At stake: a stolen refresh token that lives on beside its owner's.
// Tested by the life of one family: rotation, reuse, the end, and what comes after it.

#include "services/users/sessions/model.hpp"

#include <gtest/gtest.h>

namespace backline::users {

namespace {

constexpr Instant start{Duration{1'700'000'000'000}};
constexpr Instant later = start + Duration{60'000};
constexpr Instant tokens_end = start + Duration{660'000};

Session fresh() {
    const auto customer = CustomerId::of(UserId::from_parts(start, 1, 2).text());
    const SessionId id = SessionId::from_parts(start, 3, 4);
    return *new_session(id, customer, "first", start, std::chrono::days{30}, 0).next;
}

} // namespace

TEST(Session, rotates_its_token) {
    const Session session = fresh();
    const auto change = rotate(&session, "first", "second", later, tokens_end);
    EXPECT_EQ(change->next->token_hash, "second");
    EXPECT_TRUE(change->events.empty());
}

TEST(Session, ends_when_a_used_token_comes_again) {
    Session session = fresh();
    session = *rotate(&session, "first", "second", later, tokens_end)->next;
    const auto change = rotate(&session, "first", "third", later, tokens_end);
    EXPECT_TRUE(over(*change->next, later));
    ASSERT_EQ(change->events.size(), 1U);
    EXPECT_EQ(change->events[0].info->type, SessionEnded::event.type);
}

TEST(Session, takes_no_token_once_it_is_over) {
    const Session session = fresh();
    const Session ended = *end(session, later, tokens_end).next;
    EXPECT_FALSE(rotate(&ended, "first", "second", later, tokens_end).has_value());
    EXPECT_FALSE(rotate(nullptr, "first", "second", later, tokens_end).has_value());
    const Instant too_late = start + std::chrono::days{31};
    EXPECT_FALSE(rotate(&session, "first", "second", too_late, tokens_end).has_value());
}

TEST(Session, ends_once) {
    const Session ended = *end(fresh(), later, tokens_end).next;
    EXPECT_FALSE(end(ended, later, tokens_end).next.has_value());
}

} // namespace backline::users
