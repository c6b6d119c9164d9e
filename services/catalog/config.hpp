#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/money.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

namespace backline::catalog {

/// Every knob of the Catalog Service.
struct Config {
    static constexpr std::string_view schema_name = "CatalogConfig";

    Currency currency = Currency("EUR"); ///< Of every price.
    /// How long a SKU stays claimed by a product that is not stored with it; then another may have it.
    Bounded<int, 0, 86'400'000> sku_claim_ms = Bounded<int, 0, 86'400'000>::of(60'000);
};
BOOST_DESCRIBE_STRUCT(Config, (), (currency, sku_claim_ms))

} // namespace backline::catalog
