// At stake: a mail more than there must be, when a slow sender and whoever followed it both have their say.
// Tested by two senders of one message, in every order of their words.
#include "services/notifications/messages/model.hpp"

#include <gtest/gtest.h>

#include <array>

namespace backline::notifications {

namespace {

constexpr Instant start{Duration{1'700'000'000'000}};
constexpr Duration minute{60'000};

/// Taken by one who is slow, and a minute later by another.
struct Followed {
    Message slow;
    Message quick;

    Followed() {
        Message raised;
        raised.due_at = start;
        slow = *take(raised, start).next;
        quick = *take(slow, start + minute).next;
    }
};

Message noted(const Message& message, const Tried& tried) {
    return note(message, tried, start + minute).next.value_or(message);
}

} // namespace

TEST(Messages, hear_nothing_of_an_older_try_but_that_it_was_sent) {
    const Followed both;
    for (const Outcome outcome : {Outcome::no_contact, Outcome::try_later, Outcome::refused}) {
        const Tried tried{both.slow.attempts, outcome, "too late"};
        EXPECT_FALSE(note(both.quick, tried, start + minute).next.has_value());
    }
    const Message sent = noted(both.quick, {both.slow.attempts, Outcome::sent});
    EXPECT_EQ(sent.status, MessageStatus::sent);
    EXPECT_FALSE(sent.due_at.has_value());
}

TEST(Messages, that_somebody_sent_stay_sent_whoever_speaks_last) {
    const Followed both;
    for (const Outcome outcome : {Outcome::no_contact, Outcome::try_later, Outcome::refused}) {
        const Tried slow{both.slow.attempts, Outcome::sent};
        const Tried quick{both.quick.attempts, outcome, "no"};
        for (const Message& settled :
             {noted(noted(both.quick, slow), quick), noted(noted(both.quick, quick), slow)}) {
            EXPECT_EQ(settled.status, MessageStatus::sent);
            EXPECT_FALSE(settled.due_at.has_value()) << "nobody sends a third mail";
            EXPECT_FALSE(settled.problem.has_value());
        }
    }
}

} // namespace backline::notifications
