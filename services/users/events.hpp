#pragma once

#include "platform/base/change.hpp"
#include "platform/base/id.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What the User Service tells the world, and the names by which others know people.
namespace backline::users {

struct UserTag {
    static constexpr std::string_view prefix = "usr";
};

using UserId = Id<UserTag>;

struct GuestTag {
    static constexpr std::string_view prefix = "gst";
};

using GuestId = Id<GuestTag>;

struct SessionTag {
    static constexpr std::string_view prefix = "ses";
};

using SessionId = Id<SessionTag>;

/// Whoever can own a cart and orders: a user or a guest. The subject of an access token.
struct CustomerRule {
    static constexpr TextRules rules{
        .name = "customer id", .min = 30, .max = 30, .example = "usr_01jd8xw9b2f0aqv1e4m7k3t5nz"
    };

    static bool accepts(std::string_view raw) {
        return UserId::parse(raw).has_value() || GuestId::parse(raw).has_value();
    }
};

using CustomerId = CheckedText<CustomerRule>;

/// One line, since it may stand in the subject of a mail.
struct PersonNameRule {
    static constexpr TextRules rules{
        .name = "name", .min = 1, .max = 120, .example = "Ada Lovelace"
    };

    static bool accepts(std::string_view raw) {
        return raw.find_first_of("\n\t") == std::string_view::npos;
    }
};

using PersonName = CheckedText<PersonNameRule>;

/// How a customer is reached. The only event that carries contact data: an erasure overwrites it with empty fields, and
/// every projection made of it forgets.
struct ContactChanged {
    static constexpr EventInfo event{"backline.users.contact_changed.v1", EventKind::state};

    CustomerId customer;
    std::optional<Email> email;
    std::optional<PersonName> name;
};
BOOST_DESCRIBE_STRUCT(ContactChanged, (), (customer, email, name))

/// An account was made. Business key: the user.
struct UserRegistered {
    static constexpr EventInfo event{"backline.users.user_registered.v1", EventKind::fact};

    UserId user;
    Instant registered_at;
};
BOOST_DESCRIBE_STRUCT(UserRegistered, (), (user, registered_at))

/// An account has other roles than before. Business key: the user and the change.
struct RolesChanged {
    static constexpr EventInfo event{"backline.users.roles_changed.v1", EventKind::fact};

    UserId user;
    std::int64_t change = 0; ///< Rises with every change of roles in the shop.
    Instant changed_at;
};
BOOST_DESCRIBE_STRUCT(RolesChanged, (), (user, change, changed_at))

/// A session ended before its time: logged out, reused refresh token, changed roles. Its access tokens are refused
/// until the last of them has expired. Business key: the session.
struct SessionEnded {
    static constexpr EventInfo event{"backline.users.session_ended.v1", EventKind::fact};

    SessionId session;
    Instant tokens_expire_at; ///< When the last access token of the session is out of date anyway.
};
BOOST_DESCRIBE_STRUCT(SessionEnded, (), (session, tokens_expire_at))

} // namespace backline::users
