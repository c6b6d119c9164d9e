#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/money.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

namespace backline::orders {

/// Every knob of the Order Service.
struct Config {
    static constexpr std::string_view schema_name = "OrdersConfig";

    Currency currency = Currency("EUR");
    /// Per ten thousand, on lines and shipping.
    Bounded<int, 0, 5000> tax_rate = Bounded<int, 0, 5000>::of(1900);
    /// Minor units; for every order below `free_shipping_from`.
    Bounded<std::int64_t, 0, 1'000'000> shipping_fee = Bounded<std::int64_t, 0, 1'000'000>::of(990);
    Bounded<std::int64_t, 0, 1'000'000'000> free_shipping_from =
        Bounded<std::int64_t, 0, 1'000'000'000>::of(50'000);
    /// Events waiting for the bus above which no new order is taken; what is under way always goes on.
    Bounded<int, 1, 10'000'000> backlog_max = Bounded<int, 1, 10'000'000>::of(20'000);
};
BOOST_DESCRIBE_STRUCT(
    Config, (), (currency, tax_rate, shipping_fee, free_shipping_from, backlog_max)
)

} // namespace backline::orders
