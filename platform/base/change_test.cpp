// At stake: what a decision raises and records is all that the rest of the shop and the ledger ever learn of it.
// How: changes built in both styles, and looked into as the store does.
#include "platform/base/change.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

struct Basket {
    std::int64_t apples = 0;
};

struct Picked {
    static constexpr EventInfo event{"test.picked.v1", EventKind::fact};

    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Picked, (), (count))

struct BasketNow {
    static constexpr EventInfo event{"test.basket_now.v1", EventKind::state};

    std::int64_t apples = 0;
};
BOOST_DESCRIBE_STRUCT(BasketNow, (), (apples))

struct Movement {
    std::int64_t by = 0;
};
BOOST_DESCRIBE_STRUCT(Movement, (), (by))

template <class T> const T& inside(const Described& described) {
    EXPECT_EQ(described.type, &type_of<T>());
    return *static_cast<const T*>(described.value.get());
}

TEST(Change, of_nothing_is_empty) {
    const Change<Basket> change = Change<Basket>::nothing();
    EXPECT_FALSE(change.next.has_value());
    EXPECT_TRUE(change.events.empty());
    EXPECT_TRUE(change.entries.empty());
}

TEST(Change, keeps_events_and_entries_in_the_order_in_which_they_were_made) {
    const Change<Basket> change = Change<Basket>::to({3})
                                      .raise(Picked{1})
                                      .record(Movement{10})
                                      .raise(BasketNow{3})
                                      .record(Movement{20})
                                      .raise(Picked{2});
    EXPECT_EQ(change.next->apples, 3);
    ASSERT_EQ(change.events.size(), 3U);
    EXPECT_EQ(inside<Picked>(change.events[0].data).count, 1);
    EXPECT_EQ(inside<BasketNow>(change.events[1].data).apples, 3);
    EXPECT_EQ(inside<Picked>(change.events[2].data).count, 2);
    ASSERT_EQ(change.entries.size(), 2U);
    EXPECT_EQ(inside<Movement>(change.entries[0]).by, 10);
    EXPECT_EQ(inside<Movement>(change.entries[1]).by, 20);
}

TEST(Change, can_be_added_to_step_by_step) {
    Change<Basket> change = Change<Basket>::to({1});
    change.raise(Picked{1}).record(Movement{1});
    change.raise(Picked{2});
    EXPECT_EQ(change.events.size(), 2U);
    EXPECT_EQ(change.entries.size(), 1U);
}

TEST(Change, knows_each_event_by_what_its_struct_says) {
    const Change<Basket> change =
        Change<Basket>::to({}).raise(Picked{}).raise(BasketNow{}).raise(Picked{});
    EXPECT_EQ(change.events[0].info, &Picked::event);
    EXPECT_EQ(change.events[0].info, change.events[2].info);
    EXPECT_EQ(change.events[1].info->type, "test.basket_now.v1");
    EXPECT_EQ(change.events[1].info->kind, EventKind::state);
}

TEST(Change, is_copied_without_copying_what_it_raises) {
    const Change<Basket> change = Change<Basket>::to({}).raise(Picked{5});
    Change<Basket> copy = change;
    copy.raise(Picked{6});
    EXPECT_EQ(copy.events[0].data.value, change.events[0].data.value);
}

} // namespace
} // namespace backline
