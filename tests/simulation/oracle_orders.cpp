#include "services/orders/carts/store.hpp"
#include "services/orders/checkout/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace backline::simulation {

using orders::Cart;
using orders::Order;
using orders::OrderStatus;

namespace {

using Orders = std::map<std::string, Order>;

bool leads(OrderStatus from, OrderStatus to) {
    for (const orders::Row& row : orders::saga_rows()) {
        if (row.in != from) continue;
        const bool ends = to == OrderStatus::cancelled || to == OrderStatus::rejected;
        if (row.act == orders::Act::go && row.next == to) return true;
        if (row.act == orders::Act::end && ends) return true;
    }
    return false;
}

/// Invariants 15, 17 and 18.
void check_order(const std::string& id, const Order& order, std::vector<std::string>& found) {
    if (!orders::settled(order.status)) {
        found.push_back(fmt::format("inv 18: order {} is still {}", id, name_of(order.status)));
    }
    if (order.history.front().status != OrderStatus::placing) {
        found.push_back(fmt::format("inv 17: order {} did not begin with placing", id));
    }
    for (std::size_t i = 1; i < order.history.size(); ++i) {
        const OrderStatus from = order.history[i - 1].status;
        const OrderStatus to = order.history[i].status;
        if (leads(from, to)) continue;
        found.push_back(
            fmt::format("inv 17: order {} went from {} to {}", id, name_of(from), name_of(to))
        );
    }
    std::int64_t sum = 0;
    for (const orders::OrderLine& line : order.lines) {
        sum += line.unit_price.amount * line.quantity.value();
    }
    const orders::Totals& totals = order.totals;
    const bool adds_up = sum == totals.subtotal.amount &&
                         totals.total.amount == sum + totals.shipping.amount + totals.tax.amount;
    if (!adds_up) found.push_back(fmt::format("inv 15: order {} does not add up", id));
}

/// Invariant 20: an order is what was in its cart.
void check_lines(const Order& order, const Cart& cart, std::vector<std::string>& found) {
    const bool same = std::ranges::equal(
        order.lines,
        cart.lines,
        [](const orders::OrderLine& line, const orders::SkuQuantity& wanted) {
            return line.sku == wanted.sku && line.quantity == wanted.quantity;
        }
    );
    if (!same) {
        found.push_back(fmt::format("inv 20: order {} is not what its cart says", order.id.text()));
    }
}

/// Invariants 20 and 21, from the shoppers' side.
void check_placement(
    const std::string& key,
    const Attempted& attempted,
    const Orders& orders,
    std::vector<std::string>& found
) {
    const http::Response* first = nullptr;
    for (const http::Response& answer : attempted.answers) {
        if (answer.status != 201) continue;
        if (first == nullptr) first = &answer;
        if (answer.body != first->body) {
            found.push_back(fmt::format("inv 21: {} got two different answers", key));
        }
        const auto placed =
            unwrap(schema::read<orders::PlacedOrder>(answer.body, schema::Reading::tolerant));
        const auto order = orders.find(placed.id.text());
        const bool exists = order != orders.end() &&
                            order->second.customer.text() == attempted.customer &&
                            order->second.totals.total == placed.total;
        if (!exists) {
            found.push_back(
                fmt::format("inv 20: {} was told of {}, which is not there", key, placed.id.text())
            );
        }
    }
}

} // namespace

std::vector<std::string> check_orders(World& world) {
    std::vector<std::string> found;
    const auto orders = documents<Order>(world.process("orders").disk(), "orders.orders");
    const auto carts = documents<Cart>(world.process("orders").disk(), "orders.carts");
    std::set<std::string> numbers;
    std::map<std::string, int> of_cart;
    for (const auto& [id, order] : orders) {
        check_order(id, order, found);
        check_lines(order, carts.at(order.cart.text()), found);
        if (!numbers.insert(order.number.text()).second) {
            found.push_back(
                fmt::format("inv 19: two orders have the number {}", order.number.text())
            );
        }
        if (++of_cart[order.cart.text()] > 1) {
            found.push_back(fmt::format("inv 20: cart {} became two orders", order.cart.text()));
        }
    }
    for (const auto& [key, attempted] : world.journal().placements) {
        check_placement(key, attempted, orders, found);
    }
    return found;
}

} // namespace backline::simulation
