#pragma once

#include "platform/base/money.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

namespace backline::catalog {

/// Every knob of the Catalog Service.
struct Config {
    static constexpr std::string_view schema_name = "CatalogConfig";

    Currency currency = Currency("EUR"); ///< Of every price.
};
BOOST_DESCRIBE_STRUCT(Config, (), (currency))

} // namespace backline::catalog
