#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/text.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

namespace backline::users {

/// Every knob of the User Service.
struct Config {
    static constexpr std::string_view schema_name = "UsersConfig";

    Text<1, 60> shop_name = Text<1, 60>::of("Backline"); ///< No password may be made of it.
    /// How long a session lives however much it is used.
    Bounded<int, 1, 365> session_days = Bounded<int, 1, 365>::of(30);
};
BOOST_DESCRIBE_STRUCT(Config, (), (shop_name, session_days))

} // namespace backline::users
