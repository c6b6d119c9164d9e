#include "tests/simulation/shoppers.hpp"

#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"
#include "services/orders/checkout/api.hpp"
#include "services/orders/checkout/model.hpp"
#include "services/payments/refunds/api.hpp"
#include "tests/simulation/customers.hpp"
#include "tests/simulation/goods.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/staff.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace backline::simulation {

using http::Method;
using orders::OrderView;

namespace {

/// What the sandbox's cards do, and how often each is tried.
constexpr std::array tokens{
    std::string_view("tok_ok"),
    std::string_view("tok_ok"),
    std::string_view("tok_ok"),
    std::string_view("tok_declined"),
    std::string_view("tok_insufficient_funds"),
    std::string_view("tok_timeout_after_charge"),
    std::string_view("tok_timeout_before_charge"),
    std::string_view("tok_late"),
    std::string_view("tok_twice"),
    std::string_view("tok_unavailable"),
    std::string_view("tok_processing"),
};

/// One customer, and how they are known.
struct Shopper {
    World& world;
    std::string bearer;
    std::string customer;
    std::string cart{};
    int number = 0;
};

Task<> fill_cart(Shopper& me) {
    auto& random = me.world.loop().random();
    const http::Response made = co_await me.world.insist(Method::post, "/v1/carts", {}, me.bearer);
    me.cart = read<orders::CartView>(made).id.text();
    const std::uint64_t lines = 1 + random.below(3);
    for (std::uint64_t i = 0; i < lines; ++i) {
        const Good& good = goods[random.below(goods.size())];
        orders::SetLine line;
        line.quantity = orders::Quantity::of(1 + random.below(3));
        co_await me.world.insist(
            Method::put,
            fmt::format("/v1/carts/{}/lines/{}", me.cart, good.sku),
            schema::write_json(line),
            me.bearer
        );
    }
    const orders::Address address{
        Text<1, 120>::of("Ada"),
        Text<1, 200>::of("Stage Road 1"),
        Text<1, 20>::of("10115"),
        Text<1, 120>::of("Berlin"),
        orders::Country::of("DE")
    };
    co_await me.world.insist(
        Method::put,
        "/v1/carts/" + me.cart + "/shipping_address",
        schema::write_json(address),
        me.bearer
    );
}

Task<http::Response> place(Shopper& me, std::string token, std::string key) {
    orders::PlaceOrder body;
    body.cart = *orders::CartId::parse(me.cart);
    body.payment_token = orders::PaymentToken::of(token);
    const Instant now = me.world.outside().now().utc;
    me.world.journal().placements.try_emplace(key, Attempted{me.customer, me.cart, now});
    http::Response response = co_await me.world.insist(
        Method::post, "/v1/orders", schema::write_json(body), me.bearer, key
    );
    me.world.journal().placements.at(key).answers.push_back(response);
    co_return response;
}

/// The second click of a double click, or the other tab.
Task<> place_again(Shopper me, std::string token, std::string key) {
    co_await sleep_for(me.world.outside(), me.world.fate().between(0, 300));
    co_await place(me, std::move(token), std::move(key));
}

Task<OrderView> track(Shopper& me, std::string order, std::int64_t after) {
    const http::Response response = co_await me.world.insist(
        Method::get,
        fmt::format("/v1/orders/{}?wait=5&after_version={}", order, after),
        {},
        me.bearer
    );
    co_return read<OrderView>(response);
}

/// Whoever has waited for long comes back later and later.
Task<OrderView> wait_until_settled(Shopper& me, std::string order) {
    constexpr Duration patience{60'000};
    const Instant began = me.world.outside().now().utc;
    OrderView view = co_await track(me, order, 0);
    while (!orders::settled(view.status)) {
        const Duration waited = me.world.outside().now().utc - began;
        if (waited > patience) co_await sleep_for(me.world.outside(), waited / 4);
        view = co_await track(me, order, view.version);
    }
    co_return view;
}

Task<> cancel(Shopper& me, std::string order, std::string when) {
    const http::Response response =
        co_await me.world.insist(Method::post, "/v1/orders/" + order + "/cancel", {}, me.bearer);
    if (response.status == 202) me.world.tally().count(when);
}

/// Staff give a part of the money back, perhaps all of it, perhaps too much.
Task<> refund(World& world, OrderView order, int number) {
    payments::NewRefund body;
    const std::int64_t percent = static_cast<std::int64_t>(10 + world.loop().random().below(110));
    body.amount = {order.paid.amount * percent / 100, order.paid.currency};
    body.reason = Text<3, 200>::of("goodwill");
    const auto payment = payments::PaymentId::from_bytes(order.id.bytes());
    const std::string key = fmt::format("refund-{:04}", number);
    const http::Response response = co_await world.insist(
        Method::post,
        "/v1/payments/" + payment.text() + "/refunds",
        schema::write_json(body),
        std::string(staff),
        key
    );
    world.journal().refunds[key].answers.push_back(response);
    world.tally().count(fmt::format("refunds answered {}", response.status));
}

Task<> cancel_soon(Shopper me, std::string order) {
    co_await sleep_for(me.world.outside(), me.world.fate().between(0, 4'000));
    co_await cancel(me, std::move(order), "cancelled on its way");
}

/// What happens to confirmed orders: most stay, some are refunded, some cancelled, some both at once.
Task<> live_with(Shopper& me, OrderView order) {
    auto& random = me.world.loop().random();
    TaskGroup hands([&me](std::exception_ptr thrown) { me.world.fail(thrown); });
    if (random.chance(250)) {
        hands.spawn(refund(me.world, order, me.number));
        // A colleague who does not know of it.
        if (random.chance(300)) hands.spawn(refund(me.world, order, me.number + 5'000));
    }
    if (random.chance(150)) {
        co_await cancel(me, order.id.text(), "cancelled after confirmation");
    }
    co_await hands.join();
}

} // namespace

Task<> shop(World& world, int number) {
    auto& random = world.loop().random();
    co_await sleep_for(world.outside(), world.fate().between(0, 60'000));
    const std::string customer = co_await arrive(world);
    Shopper me{world, customer, customer, {}, number};
    const bool late = random.chance(200);
    if (!late) co_await leave_address(world, customer);
    co_await fill_cart(me);
    const std::string token(tokens[random.below(tokens.size())]);
    const std::string key = fmt::format("order-{:04}", number);
    TaskGroup hands([&world](std::exception_ptr thrown) { world.fail(thrown); });
    if (random.chance(200)) hands.spawn(place_again(me, token, key));
    if (random.chance(100)) hands.spawn(place_again(me, token, key + "-tab"));
    const http::Response placed = co_await place(me, token, key);
    if (placed.status == 201) {
        const std::string order = read<orders::PlacedOrder>(placed).id.text();
        if (random.chance(200)) hands.spawn(cancel_soon(me, order));
        const OrderView view = co_await wait_until_settled(me, order);
        world.tally().count(fmt::format("orders {}", name_of(view.status)));
        if (view.status == orders::OrderStatus::confirmed) co_await live_with(me, view);
    } else {
        world.tally().count(fmt::format("placements answered {}", placed.status));
    }
    if (late) co_await leave_address(world, customer);
    co_await hands.join();
}

} // namespace backline::simulation
