// At stake: a shop without an admin, or one whose admin nobody made.
// Tested by every interleaving of the steps of changes that run at once, any of which may be cut off anywhere.
#include "services/users/roles/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace backline::users {

namespace {

constexpr Instant start{Duration{1'700'000'000'000}};
const List<Role, 3> customer{Role::customer};
const List<Role, 3> admin{Role::customer, Role::admin};

bool has_admin(const User& user) {
    return std::ranges::find(user.roles, Role::admin) != user.roles.end();
}

/// Accounts and seats as a store would keep them.
struct Shop {
    std::array<User, 3> users{};
    std::optional<Seats> seats;

    Shop() {
        for (std::size_t i = 0; i < users.size(); ++i) {
            users.at(i).id = UserId::from_parts(start, 1, i + 1);
            users.at(i).roles = customer;
        }
    }

    /// Whoever has a taken seat is an admin, and somebody has one.
    [[nodiscard]] bool sound() const {
        bool some = false;
        for (const Seat& seat : seats->seats) {
            const auto user = std::ranges::find(users, seat.user, &User::id);
            if (seat.taken && !has_admin(*user)) return false;
            some = some || seat.taken;
        }
        return some;
    }
};

/// One change on its way through its three steps.
struct Assigning {
    std::size_t user;
    List<Role, 3> roles;
    std::int64_t number = 0;
    int step = 0;

    void go_on(Shop& shop) {
        User& target = shop.users.at(user);
        const Seats* known = shop.seats ? &*shop.seats : nullptr;
        if (step == 0) {
            const auto change = open_change(known, target.id, roles);
            if (change) shop.seats = change->next;
            if (change) number = shop.seats->changes;
            step = change ? 1 : 3;
        } else if (step == 1) {
            const auto change = with_roles(target, roles, number, start);
            if (change.next) target = *change.next;
            step = 2;
        } else {
            const auto change = close_change(*known, target.id, number);
            if (change.next) shop.seats = change.next;
            step = 3;
        }
    }
};

void assign(Shop& shop, std::size_t user, const List<Role, 3>& roles) {
    Assigning change{user, roles};
    while (change.step < 3) change.go_on(shop);
}

/// Every order of the steps of these changes; looks after each step, so that a crash may come after any.
void walk(const Shop& shop, const std::vector<Assigning>& changes, std::size_t& seen) {
    ++seen;
    ASSERT_TRUE(shop.sound());
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].step == 3) continue;
        Shop next = shop;
        std::vector<Assigning> left = changes;
        left[i].go_on(next);
        walk(next, left, seen);
    }
}

} // namespace

TEST(Seats, are_never_empty_and_never_lie_whatever_runs_at_once) {
    std::size_t seen = 0;
    for (int first = 0; first < 6; ++first) {
        for (int second = 0; second < 6; ++second) {
            for (int third = 0; third < 6; ++third) {
                Shop shop;
                assign(shop, 0, admin);
                assign(shop, 1, admin);
                std::vector<Assigning> changes;
                for (const int each : {first, second, third}) {
                    const auto user = static_cast<std::size_t>(each / 2);
                    changes.push_back({user, each % 2 == 0 ? admin : customer});
                }
                walk(shop, changes, seen);
            }
        }
    }
    EXPECT_GT(seen, 100'000U);
}

TEST(Seats, do_not_forget_an_admin_who_is_assigned_without_haste) {
    Shop shop;
    assign(shop, 0, admin);
    assign(shop, 0, customer);
    EXPECT_TRUE(has_admin(shop.users[0])) << "the last one stays";
    assign(shop, 1, admin);
    assign(shop, 0, customer);
    EXPECT_FALSE(has_admin(shop.users[0]));
    assign(shop, 1, customer);
    EXPECT_TRUE(has_admin(shop.users[1]));
}

TEST(Seats, are_completed_by_doing_it_again) {
    Shop shop;
    Assigning cut{0, admin};
    cut.go_on(shop);
    cut.go_on(shop);
    EXPECT_FALSE(shop.sound());
    assign(shop, 0, admin);
    EXPECT_TRUE(shop.sound());
}

TEST(Roles, are_kept_once_each) {
    EXPECT_EQ(
        each_once({Role::staff, Role::customer, Role::staff}),
        (List<Role, 3>{Role::customer, Role::staff})
    );
}

} // namespace backline::users
