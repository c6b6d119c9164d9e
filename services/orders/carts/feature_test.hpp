#pragma once

#include "services/orders/carts/api.hpp"
#include "services/orders/service.hpp"
#include "tests/support/service_bench.hpp"

#include <fmt/core.h>

#include <string>
#include <vector>

/// The Order Service on a bench, with a few goods, two customers and a guest.
namespace backline::orders {

using tests::Answer;
using tests::as;
using tests::Ask;
using tests::ServiceBench;

inline const std::string ada = as("usr_01jd8xw9b2f0aqv1e4m7k3t5nz");
inline const std::string bob = as("usr_01jd8xw9b2f0aqv1e4m7k3t5n0");
inline const std::string guest = as("gst_01jd8xw9b2f0aqv1e4m7k3t5nz");

/// What the catalog says of one SKU, and where in its series.
struct Offer {
    std::int64_t cents = 10'000;
    bool sellable = true;
    std::int64_t sequence = 1;
    std::int64_t epoch = 1;
    Currency currency = Currency("EUR");
};

/// MIC-1 for 100 EUR, MIX-1 for 900 EUR, and OLD-1, which was taken off sale.
struct OrderShop {
    ServiceBench bench;

    explicit OrderShop(Config config = {})
        : bench({[config](Backends on) { return make_service(on, config); }}) {
        price("MIC-1", {});
        price("MIX-1", {.cents = 90'000});
        price("OLD-1", {.sellable = false});
    }

    void price(const std::string& sku, const Offer& offer) {
        catalog::ProductChanged news;
        news.name = catalog::ProductName::of("Name of " + sku);
        news.variants.push_back(
            {catalog::Sku::of(sku),
             catalog::VariantName::of("one"),
             {offer.cents, offer.currency},
             offer.sellable}
        );
        bench.deliver(news, {"prd_" + sku, offer.sequence, offer.epoch});
    }

    /// The address of a new, empty cart.
    std::string new_cart(const std::string& who) {
        const Answer made = bench.call({.method = "POST", .target = "/v1/carts", .as = who});
        return std::string(made.headers.find("location"));
    }

    Answer set_line(
        const std::string& cart, const std::string& sku, int quantity, const std::string& who
    ) {
        return bench.call(line(cart, sku, quantity, who));
    }

    static Ask line(
        const std::string& cart, const std::string& sku, int quantity, const std::string& who
    ) {
        return {"PUT", cart + "/lines/" + sku, fmt::format(R"({{"quantity":{}}})", quantity), who};
    }

    static Ask address(const std::string& cart, const std::string& who) {
        const std::string body =
            R"({"name":"Ada","street":"Kai 1","postal_code":"20457","city":"Hamburg","country":"DE"})";
        return {"PUT", cart + "/shipping_address", body, who};
    }

    /// The address of a cart of two microphones that could be placed.
    std::string full_cart(const std::string& who) {
        std::string cart = new_cart(who);
        set_line(cart, "MIC-1", 2, who);
        bench.call(address(cart, who));
        return cart;
    }

    CartView cart(const std::string& target, const std::string& who) {
        return bench.call({.method = "GET", .target = target, .as = who}).read<CartView>();
    }
};

/// One request and how it must be refused.
struct Refusing {
    Ask ask;
    int status;
    std::string code;
};

} // namespace backline::orders
