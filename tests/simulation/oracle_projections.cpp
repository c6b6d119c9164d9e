#include "services/catalog/availability/store.hpp"
#include "services/catalog/products/store.hpp"
#include "services/inventory/stock/store.hpp"
#include "services/notifications/messages/store.hpp"
#include "services/orders/checkout/store.hpp"
#include "services/orders/prices/store.hpp"
#include "services/users/accounts/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace backline::simulation {

namespace {

using Found = std::vector<std::string>;

/// A price as the catalog told it.
struct Told {
    std::int64_t sequence = 0;
    Instant at{};
    std::optional<Instant> heard_at{}; ///< By orders.
    Money price;
    bool sellable = false;
};

/// By SKU. A SKU stays with its product, so the product's sequence is the price's.
std::map<std::string, std::vector<Told>> told_prices(World& world) {
    std::map<std::string, std::vector<Told>> told;
    for (const auto& [id, event] : world.broker().seen()) {
        if (event.type != catalog::ProductChanged::event.type) continue;
        const auto product =
            unwrap(schema::read<catalog::ProductChanged>(event.data, schema::Reading::tolerant));
        const auto heard_at = world.broker().handled_at("orders", id);
        for (const catalog::VariantOffer& offer : product.variants) {
            told[offer.sku.text()].push_back(
                {event.sequence, event.time, heard_at, offer.price, offer.sellable}
            );
        }
    }
    return told;
}

/// When somebody first asked to place each cart.
std::map<std::string, Instant> asked_at(const Journal& journal) {
    std::map<std::string, Instant> asked;
    for (const auto& [key, attempted] : journal.placements) {
        const auto known = asked.try_emplace(attempted.cart, attempted.asked_at).first;
        known->second = std::min(known->second, attempted.asked_at);
    }
    return asked;
}

/// Invariant 23: a price that the catalog had set before the order stood, and none older than the newest that orders
/// had heard of when it was asked for the order.
bool honest(const Money& price, const std::vector<Told>& told, Instant asked_at, Instant stood_at) {
    std::int64_t newest_heard = 0;
    for (const Told& each : told) {
        const bool heard = each.heard_at && *each.heard_at <= asked_at;
        if (heard) newest_heard = std::max(newest_heard, each.sequence);
    }
    return std::ranges::any_of(told, [&](const Told& each) {
        return each.sellable && each.price == price && each.at <= stood_at &&
               each.sequence >= newest_heard;
    });
}

void check_prices(World& world, Found& found) {
    const auto told = told_prices(world);
    const auto asked = asked_at(world.journal());
    const memory::MemoryDisk& disk = world.process("orders").disk();
    for (const auto& [id, order] : documents<orders::Order>(disk, "orders.orders")) {
        const Instant stood_at = world.broker().seen().at("orders.orders/" + id + "/1").time;
        for (const orders::OrderLine& line : order.lines) {
            const auto& prices = told.at(line.sku.text());
            const bool right =
                honest(line.unit_price, prices, asked.at(order.cart.text()), stood_at);
            if (right) continue;
            found.push_back(
                fmt::format("inv 23: order {} has a wrong price for {}", id, line.sku.text())
            );
        }
    }
}

/// Invariant 41: what others keep of a fact is what its owner says.
void check_availability(World& world, Found& found) {
    const auto kept =
        documents<catalog::Availability>(world.process("catalog").disk(), "catalog.availability");
    const auto stocks =
        documents<inventory::Stock>(world.process("inventory").disk(), "inventory.stock");
    for (const auto& [sku, stock] : stocks) {
        const auto copy = kept.find(sku);
        const int units = copy == kept.end() ? 0 : copy->second.available;
        const int available = inventory::available(stock).value();
        if (catalog::shown(units) == catalog::shown(available)) continue;
        found.push_back(fmt::format("inv 41: {} has {}, the catalog says {}", sku, available, units)
        );
    }
}

void check_offers(World& world, Found& found) {
    const auto kept = documents<orders::Price>(world.process("orders").disk(), "orders.prices");
    const auto products =
        documents<catalog::Product>(world.process("catalog").disk(), "catalog.products");
    for (const auto& [id, product] : products) {
        for (const catalog::EditVariant& variant : product.variants) {
            const auto copy = kept.find(variant.sku.text());
            const bool same = copy != kept.end() && copy->second.unit_price == variant.price &&
                              copy->second.sellable == variant.sellable;
            if (same) continue;
            found.push_back(
                fmt::format("inv 41: orders has another price of {}", variant.sku.text())
            );
        }
    }
}

void check_contacts(World& world, Found& found) {
    const auto kept = documents<notifications::Contact>(
        world.process("notifications").disk(), "notifications.contacts"
    );
    const auto expect = [&](const std::string& customer, const std::optional<Email>& email) {
        const auto copy = kept.find(customer);
        if (copy != kept.end() && copy->second.email == email) return;
        found.push_back(fmt::format("inv 41: notifications has another address of {}", customer));
    };
    const memory::MemoryDisk& people = world.process("users").disk();
    for (const auto& [id, user] : documents<users::User>(people, "users.users")) {
        expect(id, user.email);
    }
    for (const auto& [id, guest] : documents<users::Guest>(people, "users.guests")) {
        expect(id, guest.email);
    }
}

} // namespace

std::vector<std::string> check_projections(World& world) {
    Found found;
    check_prices(world, found);
    check_availability(world, found);
    check_offers(world, found);
    check_contacts(world, found);
    return found;
}

} // namespace backline::simulation
