// At stake: somebody who may do what nobody allowed them.
// Tested by the permissions of every set of roles, and by what an owner may change.

#include "services/users/accounts/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace backline::users {

namespace {

constexpr Instant start{Duration{1'700'000'000'000}};

User ada() {
    const NewUser asked{
        Email::of("Ada@Example.com"), Secret<std::string>("-"), PersonName::of("Ada")
    };
    return *new_user(UserId::from_parts(start, 1, 2), asked, "hash", start).next;
}

} // namespace

TEST(Roles, customers_have_no_permission_at_all) {
    EXPECT_TRUE(permissions_of({Role::customer}).empty());
}

TEST(Roles, admins_may_do_all_that_staff_may_and_more) {
    const auto staff = permissions_of({Role::staff});
    const auto admin = permissions_of({Role::admin});
    EXPECT_TRUE(std::ranges::includes(admin, staff));
    EXPECT_GT(admin.size(), staff.size());
    EXPECT_EQ(std::ranges::find(staff, "users:assign_roles"), staff.end());
}

TEST(Accounts, two_spellings_of_a_mailbox_are_one) {
    EXPECT_EQ(ada().email_key, "ada@example.com");
    EXPECT_EQ(ada().email.text(), "Ada@Example.com");
}

TEST(Accounts, the_address_stays) {
    const EditProfile other{PersonName::of("Ada L."), Email::of("eve@example.com")};
    EXPECT_FALSE(edit(ada(), other).has_value());
    const EditProfile same{PersonName::of("Ada L."), std::nullopt};
    EXPECT_EQ(edit(ada(), same)->next->name.text(), "Ada L.");
}

} // namespace backline::users
