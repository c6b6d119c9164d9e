// At stake: checkouts that get slower unseen, because one step more commits, or writes more, than it must.
// How: one customer buys in the real embedded shop, at full durability; what the store did for one purchase is counted.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "apps/backline/demo.hpp"
#include "apps/backline/shop.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/invariant.hpp"
#include "platform/schema/json.hpp"
#include "services/orders/carts/api.hpp"
#include "services/orders/checkout/api.hpp"
#include "services/users/sessions/api.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace backline::system_tests {
namespace {

using app::Shop;
using asio_runtime::AsioRuntime;
using http::Method;
using Skus = std::vector<std::string>;

constexpr int checkouts = 8;

/// What one checkout costs. Commits, events and rows are exact. How many bytes they take depends on how the pages lie
/// and on what happens to share a transaction, so that ceiling stands a sixth above what was seen; more than a quarter
/// below it is a gain to be kept. One customer is the worst case: of many at once, one transaction writes the pages.
struct Work {
    std::int64_t commits;
    std::int64_t events;
    std::int64_t rows;
    std::int64_t wal_bytes;
};

/// A customer who registered and buys, again and again.
class Customer final {
public:
    Customer(Shop& shop, AsioRuntime& runtime) : shop_(shop), runtime_(runtime) {}

    Task<> register_and_log_in() {
        const std::string account =
            R"("email":"ada@example.com","password":"seventeen amplifiers")";
        co_await ask(Method::post, "/v1/users", "{" + account + R"(,"name":"Ada"})");
        staff_ = co_await log_in(
            R"({"email":"staff@example.com","password":")" + std::string(app::demo_password) + "\"}"
        );
        bearer_ = co_await log_in("{" + account + "}");
        co_await everything_handled();
        co_await everything_sent();
    }

    /// One unit of each, until the order is confirmed, its mail has been sent and nothing is left to handle. Answers
    /// what the store had done when the cart had been made.
    Task<sqlite::Counters> buy(Skus skus) {
        const std::string made = co_await ask(Method::post, "/v1/carts");
        const sqlite::Counters begun = shop_.work();
        const std::string cart = read<orders::CartView>(made).id.text();
        const std::string path = "/v1/carts/" + cart;
        for (const std::string& sku : skus) {
            co_await ask(Method::put, path + "/lines/" + sku, R"({"quantity":1})");
        }
        const std::string address =
            R"({"name":"Ada","street":"Road 1","postal_code":"10115","city":"Berlin","country":"DE"})";
        co_await ask(Method::put, path + "/shipping_address", address);
        const std::string order = R"({"cart":")" + cart + R"(","payment_token":"tok_ok"})";
        const std::string placed = co_await ask(Method::post, "/v1/orders", order, cart);
        co_await confirmed(read<orders::PlacedOrder>(placed).id);
        co_await everything_handled();
        co_await everything_sent();
        co_return begun;
    }

private:
    template <class T> static T read(const std::string& answer) {
        return unwrap(schema::read<T>(answer, schema::Reading::tolerant));
    }

    Task<std::string> log_in(std::string credentials) {
        const std::string answer =
            co_await ask(Method::post, "/v1/sessions", std::move(credentials));
        co_return read<users::Tokens>(answer).access_token;
    }

    Task<std::string> ask(
        Method method, std::string target, std::string body = {}, std::string key = {}
    ) {
        http::Request request = http::Request::to(method, target, std::move(body));
        request.headers.set("Content-Type", "application/json");
        const std::string& bearer = target.starts_with("/v1/notifications") ? staff_ : bearer_;
        if (!bearer.empty()) request.headers.set("Authorization", "Bearer " + bearer);
        if (!key.empty()) request.headers.set("Idempotency-Key", std::move(key));
        const http::Response response = co_await shop_.handle(std::move(request));
        INVARIANT(response.status < 300, target + " answers " + response.body);
        co_return response.body;
    }

    Task<> confirmed(orders::OrderId id) {
        std::int64_t version = 0;
        for (int news = 0; news < 20; ++news) {
            const std::string answer = co_await ask(
                Method::get,
                "/v1/orders/" + id.text() + "?wait=5&after_version=" + std::to_string(version)
            );
            const auto order = read<orders::OrderView>(answer);
            if (order.status == orders::OrderStatus::confirmed) co_return;
            version = order.version;
        }
        invariant_broken("confirmed", "an order with a good card is confirmed");
    }

    Task<> everything_handled() {
        for (int tries = 0; tries < 5000 && shop_.backlog() > 0; ++tries) {
            co_await sleep_for(runtime_, Duration{1});
        }
        INVARIANT(shop_.backlog() == 0, "what was raised is handled");
    }

    /// Whoever handles an event leaves a message, and its mail goes out beside, or as soon as there is its template.
    Task<> everything_sent() {
        for (int tries = 0; tries < 30'000; ++tries) {
            const std::string answer = co_await ask(Method::get, "/v1/notifications?limit=50");
            const std::size_t unsent =
                std::min(answer.find(R"("sending")"), answer.find(R"("waiting")"));
            if (unsent == std::string::npos) co_return;
            co_await sleep_for(runtime_, Duration{1});
        }
        invariant_broken("sent", "a mail goes out soon");
    }

    Shop& shop_;
    AsioRuntime& runtime_;
    std::string bearer_;
    std::string staff_;
};

/// Buys until a purchase costs what the next one costs, too, then counts. Events leave the outbox with the first commit
/// of the next purchase, so a purchase is counted from the end of its first commit to that of the next one's.
Task<Work> count_checkouts(Customer& customer, Skus skus) {
    co_await customer.buy(skus);
    const sqlite::Counters before = co_await customer.buy(skus);
    sqlite::Counters after;
    for (int i = 0; i < checkouts; ++i) after = co_await customer.buy(skus);
    Work spent{};
    spent.commits = after.commits - before.commits;
    spent.events = after.events - before.events;
    spent.rows = after.rows - before.rows;
    spent.wal_bytes = (after.wal_bytes - before.wal_bytes) / checkouts;
    std::printf(
        "%zu lines: %.3f commits in %.1f transactions, %.3f events, %.3f rows, %.1f KB of WAL\n",
        skus.size(),
        static_cast<double>(spent.commits) / checkouts,
        static_cast<double>(after.transactions - before.transactions) / checkouts,
        static_cast<double>(spent.events) / checkouts,
        static_cast<double>(spent.rows) / checkouts,
        static_cast<double>(spent.wal_bytes) / 1000
    );
    co_return spent;
}

/// One line, then three: the mails of a new shop are a while on their way, which is waited for once.
Task<> count_both(Shop& shop, AsioRuntime& runtime, Work& one, Work& three) {
    co_await shop.start();
    Customer customer(shop, runtime);
    co_await customer.register_and_log_in();
    const Skus one_line{"CBL-XLR-5"};
    const Skus three_lines{"CBL-XLR-5", "MIC-V58", "LGT-PAR64"};
    one = co_await count_checkouts(customer, one_line);
    three = co_await count_checkouts(customer, three_lines);
    co_await shop.stop();
}

std::filesystem::path new_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "backline-XXXXXX").string();
    return mkdtemp(name.data());
}

void expect(const Work& spent, const Work& ceiling) {
    EXPECT_EQ(spent.commits, ceiling.commits * checkouts) << "less is good: lower the ceiling";
    EXPECT_EQ(spent.events, ceiling.events * checkouts) << "less is good: lower the ceiling";
    EXPECT_EQ(spent.rows, ceiling.rows * checkouts) << "less is good: lower the ceiling";
    EXPECT_LE(spent.wal_bytes, ceiling.wal_bytes);
    EXPECT_GE(spent.wal_bytes, ceiling.wal_bytes / 4 * 3) << "good: lower the ceiling";
}

class CheckoutWorkTest : public testing::Test {
protected:
    void TearDown() override { std::filesystem::remove_all(data); }

    std::filesystem::path data = new_directory();
};

TEST_F(CheckoutWorkTest, is_what_it_was) {
    app::Config config;
    config.data = Text<1, 1000>::of(data.string());
    config.demo = true;
    config.server.port = config.operations.port = app::Port::of(0);
    AsioRuntime runtime;
    Shop shop(runtime, config);
    Work one{};
    Work three{};
    runtime.run(count_both(shop, runtime, one, three));
    expect(one, {.commits = 20, .events = 9, .rows = 42, .wal_bytes = 350'000});
    expect(three, {.commits = 26, .events = 9, .rows = 52, .wal_bytes = 430'000});
}

} // namespace
} // namespace backline::system_tests
