#include "platform/base/list.hpp"
#include "platform/base/problem.hpp"
#include "platform/schema/json.hpp"
#include "services/orders/carts/api.hpp"
#include "services/orders/checkout/api.hpp"
#include "services/users/sessions/api.hpp"
#include "tests/http/raw_client.hpp"

#include <CLI/CLI.hpp>
#include <boost/describe/class.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <thread>

// Customers who buy as fast as the shop lets them, each on a thread and a connection of its own: a session, a cart, a
// line, an address, an order, then waiting for news until it is confirmed. Every answer is read, and whatever is not
// what it should be is an error. Prints one JSON object. `./dev bench` runs it.
namespace backline::load {

namespace {

using http_tests::RawClient;
using Clock = std::chrono::steady_clock;

struct Options {
    std::uint16_t port = 0;
    int customers = 1;
    int warm_up_seconds = 1;
    int seconds = 5;
    std::vector<std::string> skus{};
};

struct Trouble {
    std::string what;
    int count = 0;
};
BOOST_DESCRIBE_STRUCT(Trouble, (), (what, count))

/// `placed` and `confirmed` are of the whole run; all others are of what came after the warm-up.
struct Report {
    std::int64_t placed = 0;
    std::int64_t confirmed = 0;
    std::int64_t orders_per_second = 0;
    std::int64_t p50_us = 0;
    std::int64_t p99_us = 0;
    std::int64_t max_us = 0;
    std::vector<Trouble> errors;
};
BOOST_DESCRIBE_STRUCT(
    Report, (), (placed, confirmed, orders_per_second, p50_us, p99_us, max_us, errors)
)

/// What one customer saw.
struct Seen {
    std::int64_t placed = 0;
    std::int64_t confirmed = 0;
    std::vector<std::int64_t> checkouts_us{};
    std::map<std::string, int> errors{};
};

class Customer final {
public:
    Customer(const Options& options, int number, Clock::time_point begins)
        : options_(options)
        , number_(number)
        , turn_(static_cast<std::size_t>(number))
        , counts_from_(begins + std::chrono::seconds(options.warm_up_seconds))
        , ends_(counts_from_ + std::chrono::seconds(options.seconds)) {}

    Seen buy_until_the_end() {
        constexpr int errors_max = 20;
        for (int errors = 0; errors < errors_max && Clock::now() < ends_;) {
            try {
                begin_session();
                while (Clock::now() < ends_) buy();
            } catch (const std::exception& failure) {
                connection_.reset();
                ++seen_.errors[failure.what()];
                ++errors;
            }
        }
        return std::move(seen_);
    }

private:
    void begin_session() {
        bearer_.clear();
        bearer_ = read<users::Tokens>(ask("POST", "/v1/sessions/guest", {}, 201)).access_token;
        const std::string mail = fmt::format("customer-{}@example.com", number_);
        const std::string me = fmt::format(R"({{"name":"Customer","email":"{}"}})", mail);
        ask("PUT", "/v1/me", me, 200);
    }

    void buy() {
        const Clock::time_point begun = Clock::now();
        const orders::PlacedOrder order = place(fill_cart());
        ++seen_.placed;
        wait_until_confirmed(order.id);
        ++seen_.confirmed;
        const Clock::time_point done = Clock::now();
        if (begun < counts_from_ || done > ends_) return;
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(done - begun);
        seen_.checkouts_us.push_back(took.count());
    }

    orders::CartId fill_cart() {
        const orders::CartId cart = read<orders::CartView>(ask("POST", "/v1/carts", {}, 201)).id;
        const std::string path = "/v1/carts/" + cart.text();
        const std::string& sku = options_.skus[turn_++ % options_.skus.size()];
        ask("PUT", path + "/lines/" + sku, R"({"quantity":1})", 200);
        ask("PUT",
            path + "/shipping_address",
            R"({"name":"C","street":"Road 1","postal_code":"10115","city":"Berlin","country":"DE"})",
            200);
        return cart;
    }

    orders::PlacedOrder place(const orders::CartId& cart) {
        const std::string body =
            fmt::format(R"({{"cart":"{}","payment_token":"tok_ok"}})", cart.text());
        return read<orders::PlacedOrder>(ask("POST", "/v1/orders", body, 201, cart.text()));
    }

    void wait_until_confirmed(const orders::OrderId& id) {
        constexpr int news_max = 20;
        std::int64_t version = 1;
        for (int news = 0; news < news_max; ++news) {
            const std::string path =
                fmt::format("/v1/orders/{}?wait=3&after_version={}", id.text(), version);
            const auto order = read<orders::OrderView>(ask("GET", path, {}, 200));
            if (order.status == orders::OrderStatus::confirmed) return;
            if (order.reason) break;
            version = order.version;
        }
        throw std::runtime_error("an order was not confirmed");
    }

    template <class T> static T read(const std::string& body) {
        return unwrap(schema::read<T>(body, schema::Reading::tolerant));
    }

    /// The body of the answer, which must have that status.
    std::string ask(
        const char* method,
        const std::string& target,
        const std::string& body,
        int status,
        const std::string& key = {}
    ) {
        std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: shop\r\n", method, target);
        if (!bearer_.empty()) request += "Authorization: Bearer " + bearer_ + "\r\n";
        if (!key.empty()) request += "Idempotency-Key: " + key + "\r\n";
        if (!body.empty()) {
            request += fmt::format(
                "Content-Type: application/json\r\nContent-Length: {}\r\n", body.size()
            );
        } else if (*method == 'P') {
            request += "Content-Length: 0\r\n";
        }
        if (!connection_) connection_.emplace(options_.port);
        std::string answer = connection_->ask(request + "\r\n" + body);
        if (http_tests::status_of(answer) != status) {
            throw std::runtime_error(
                fmt::format("{} {}: {}", method, target, answer.substr(0, answer.find('\r')))
            );
        }
        const std::size_t end = answer.find("\r\n\r\n") + 4;
        if (http_tests::header_of(answer, "Connection") == "close") connection_.reset();
        return answer.substr(end);
    }

    const Options& options_;
    int number_;
    std::size_t turn_; ///< Of the goods: no two customers begin with the same.
    Clock::time_point counts_from_;
    Clock::time_point ends_;
    std::optional<RawClient> connection_;
    std::string bearer_;
    Seen seen_;
};

std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
    if (sorted.empty()) return 0;
    return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

Report report_of(const std::vector<Seen>& all, const Options& options) {
    Report report;
    std::vector<std::int64_t> checkouts;
    std::map<std::string, int> errors;
    for (const Seen& seen : all) {
        report.placed += seen.placed;
        report.confirmed += seen.confirmed;
        checkouts.insert(checkouts.end(), seen.checkouts_us.begin(), seen.checkouts_us.end());
        for (const auto& [what, count] : seen.errors) errors[what] += count;
    }
    std::ranges::sort(checkouts);
    report.orders_per_second = std::ssize(checkouts) / options.seconds;
    report.p50_us = percentile(checkouts, 50);
    report.p99_us = percentile(checkouts, 99);
    report.max_us = percentile(checkouts, 100);
    for (const auto& [what, count] : errors) report.errors.push_back({what, count});
    return report;
}

Report run(const Options& options) {
    const Clock::time_point begins = Clock::now();
    std::vector<Seen> all(static_cast<std::size_t>(options.customers));
    std::vector<std::jthread> threads;
    for (int number = 0; number < options.customers; ++number) {
        threads.emplace_back([&, number] {
            all[static_cast<std::size_t>(number)] =
                Customer(options, number, begins).buy_until_the_end();
        });
    }
    threads.clear();
    return report_of(all, options);
}

} // namespace
} // namespace backline::load

int main(int argc, char** argv) {
    CLI::App cli("Buys from a running shop on this machine, as fast as it can");
    backline::load::Options options;
    cli.add_option("--port", options.port, "Of the shop")->required();
    cli.add_option("--customers", options.customers, "At once")->check(CLI::Range(1, 256));
    cli.add_option("--warm-up", options.warm_up_seconds, "Seconds that do not count");
    cli.add_option("--seconds", options.seconds, "That count")->check(CLI::Range(1, 600));
    cli.add_option("--sku", options.skus, "What they buy, in turn, one unit each")->required();
    CLI11_PARSE(cli, argc, argv);
    const backline::load::Report report = backline::load::run(options);
    std::printf("%s\n", backline::schema::write_json(report).c_str());
    return report.errors.empty() && report.placed == report.confirmed ? 0 : 1;
}
