#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "services/orders/carts/store.hpp"
#include "services/orders/prices/store.hpp"

#include <functional>

/// Requests about carts. Everything is done by the owner, a user or a guest; to others a cart does not exist.
namespace backline::orders {

class CartHandlers final {
public:
    CartHandlers(CartCollection& carts, PriceCollection& prices, const Config& config)
        : carts_(carts)
        , prices_(prices)
        , config_(config) {}

    Task<http::Created<CartView>> create(http::Context& ctx);
    Task<CartView> show(http::Context& ctx, CartId id);

    /// Puts so many of a SKU into the cart. Whether it is for sale is looked at when the order is placed.
    Task<CartView> set_quantity(http::Context& ctx, CartId id, catalog::Sku sku, SetLine body);
    Task<CartView> remove(http::Context& ctx, CartId id, catalog::Sku sku);
    Task<CartView> ship_to(http::Context& ctx, CartId id, Address body);

private:
    using Edit = std::function<Result<Change<Cart>>(const Cart&)>;

    Task<CartView> edit(http::Context& ctx, CartId id, Edit edit);
    Task<CartView> view_of(store::Versioned<Cart> cart);

    CartCollection& carts_;
    PriceCollection& prices_;
    const Config& config_;
};

/// The customer that a request speaks for.
[[nodiscard]] users::CustomerId customer_of(const http::Context& ctx);

} // namespace backline::orders
