#include "tests/simulation/world.hpp"

#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"
#include "services/catalog/service.hpp"
#include "services/inventory/service.hpp"
#include "services/notifications/service.hpp"
#include "services/orders/service.hpp"
#include "services/payments/service.hpp"
#include "services/users/service.hpp"
#include "tests/simulation/coverage.hpp"
#include "tests/simulation/members.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/shoppers.hpp"
#include "tests/simulation/staff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace backline::simulation {

namespace {

constexpr int shoppers = 30;
constexpr int members = 4;
constexpr Duration shopping_for{std::chrono::minutes{4}};
constexpr Duration calm_within{std::chrono::minutes{40}};
constexpr Duration reply_patience{10'000};

std::string service_of(const std::string& target) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> owners{{
        {"/v1/categories", "catalog"},
        {"/v1/products", "catalog"},
        {"/v1/users", "users"},
        {"/v1/sessions", "users"},
        {"/v1/me", "users"},
        {"/v1/stock", "inventory"},
        {"/v1/payments", "payments"},
    }};
    for (const auto& [path, service] : owners) {
        if (target.starts_with(path)) return std::string(service);
    }
    return "orders";
}

} // namespace

World::World(std::uint64_t seed)
    : seed_(seed)
    , loop_(seed)
    , fate_(loop_, Faults::draw(loop_.random()), tally_)
    , outside_(loop_)
    , provider_(outside_, fate_)
    , mail_server_(outside_, fate_)
    , broker_(loop_, fate_)
    , people_([this](std::exception_ptr thrown) { fail(thrown); }) {
    add_processes();
}

void World::add_processes() {
    add_process("users", [this](Backends on) { return make_users(on); });
    add_process("catalog", [](Backends on) { return catalog::make_service(on, {}); });
    add_process("inventory", [](Backends on) { return inventory::make_service(on); });
    add_process("payments", [this](Backends on) {
        return payments::make_service(on, provider_.connect(on.runtime), *log_, {});
    });
    add_process("orders", [this](Backends on) {
        const auto count = [this](const orders::Row& row) { tally_.count(row_name(row)); };
        return orders::make_service(on, {}, count);
    });
    add_process("notifications", [this](Backends on) {
        return notifications::make_service(on, mail_server_.connect(on.runtime));
    });
}

Service World::make_users(Backends on) {
    bearers_.forget_ended();
    auto& hasher = *hashers_.emplace_back(std::make_unique<memory::CheapHasher>(on.runtime));
    const auto ended = [this](std::string session, Instant until) {
        bearers_.end_session(std::move(session), until);
    };
    return users::make_service(
        on, {hasher, bearers_.signer(), {bearers_.public_key()}, ended, *log_}, {}
    );
}

World::~World() {
    for (auto& [name, process] : processes_) process->crash();
}

void World::add_process(const std::string& service, MakeService make) {
    processes_[service] =
        std::make_unique<Process>(loop_, broker_, fate_, bearers_, std::move(make));
    processes_[service]->start();
}

Task<std::optional<http::Response>> World::send(
    http::Method method,
    std::string target,
    std::string body,
    std::string bearer,
    std::string key,
    std::optional<std::int64_t> if_match
) {
    http::Request request = http::Request::to(method, target, std::move(body));
    if (!bearer.empty()) request.headers.set("Authorization", "Bearer " + bearer);
    if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
    if (!key.empty()) request.headers.set("Idempotency-Key", key);
    if (if_match) request.headers.set("If-Match", fmt::format("\"{}\"", *if_match));
    const auto answer = std::make_shared<Answer<http::Response>>(outside_);
    loop_.call_at(loop_.now().monotonic + reply_patience, [answer] {
        answer->fail(std::make_exception_ptr(
            Unavailable(Unavailable::Outcome::unknown, "simulated: no answer in time")
        ));
    });
    co_await sleep_for(outside_, fate_.between(1, 5));
    const bool lost = fate_.strikes(&Faults::request_lost);
    if (!lost) process(service_of(target)).take_request(std::move(request), answer);
    std::optional<http::Response> response;
    try {
        response = co_await *answer;
    } catch (const Unavailable&) {
        tally_.count("requests without an answer");
    }
    if (fate_.strikes(&Faults::response_lost)) response.reset();
    if (response) loop_.trace(fmt::format("{} {}", target, response->status));
    co_return response;
}

/// A refusal is an answer; what a shopper never deserves is "internal error".
Task<http::Response> World::insist(
    http::Method method,
    std::string target,
    std::string body,
    std::string bearer,
    std::string key,
    std::optional<std::int64_t> if_match
) {
    while (true) {
        std::optional<http::Response> response =
            co_await send(method, target, body, bearer, key, if_match);
        if (response && response->status == 500) {
            throw std::runtime_error(fmt::format("{} answered {}", target, response->body));
        }
        if (response && response->status < 500) co_return std::move(*response);
        co_await sleep_for(outside_, fate_.between(100, 2'000));
    }
}

Task<> World::crash_now_and_then() {
    const std::uint64_t mean = fate_.faults().crash_every_s;
    while (mean > 0 && !fate_.healed()) {
        co_await sleep_for(outside_, fate_.between(500, mean * 2'000));
        if (fate_.healed()) co_return;
        auto victim = processes_.begin();
        std::advance(victim, static_cast<long>(loop_.random().below(processes_.size())));
        if (!victim->second->up()) continue;
        // A crash of one who does nothing finds little: wait a moment for work, most of the times.
        for (int i = 0; i < 400 && !victim->second->busy(); ++i) {
            co_await sleep_for(outside_, Duration{5});
        }
        tally_.count(victim->second->busy() ? "crash while busy" : "crash while idle");
        tally_.count("crash of " + victim->first);
        loop_.trace("crash " + victim->first);
        victim->second->crash();
        people_.spawn(restart_later(victim->first));
    }
}

Task<> World::restart_later(std::string service) {
    co_await sleep_for(outside_, fate_.between(100, 5'000));
    if (!fate_.is_away(service)) processes_.at(service)->start();
}

Task<> World::be_away_once() {
    const Absence& absence = fate_.faults().absence;
    if (absence.who.empty()) co_return;
    co_await sleep_for(outside_, absence.begins_after);
    tally_.count(fmt::format("long absence of {}", absence.who));
    loop_.trace(absence.who);
    fate_.send_away(absence.who);
    const auto process = processes_.find(std::string(absence.who));
    if (process != processes_.end()) {
        tally_.count("crash of " + process->first);
        process->second->crash();
    }
    co_await sleep_for(outside_, absence.lasts);
    fate_.send_away({});
    if (process != processes_.end()) process->second->start();
}

bool World::quiet() {
    if (people_.running() > 0 || broker_.under_way() > 0) return false;
    for (const auto& [name, process] : processes_) {
        if (!process->up() || process->busy() || process->disk().backlog() > 0) return false;
    }
    return open_work(*this).empty();
}

/// Why it is not quiet.
std::vector<std::string> World::unrest() {
    std::vector<std::string> found{fmt::format(
        "inv 18, 30: the healed shop does not come to rest: {} people and {} events are under way",
        people_.running(),
        broker_.under_way()
    )};
    for (const auto& [name, process] : processes_) {
        found.push_back(fmt::format(
            "{}: up {}, busy {}, outbox {}",
            name,
            process->up(),
            process->busy(),
            process->disk().backlog()
        ));
    }
    for (const auto look : {open_work, check_events}) {
        for (std::string& sentence : look(*this)) found.push_back(std::move(sentence));
    }
    return found;
}

bool World::run_until_quiet(Duration patience) {
    const Monotonic limit = loop_.now().monotonic + patience;
    while (loop_.now().monotonic < limit) {
        if (failure_) std::rethrow_exception(failure_);
        loop_.run_until(loop_.now().monotonic + Duration{1'000});
        if (quiet()) return true;
    }
    return false;
}

/// What an oracle needs in order to judge may be what a bug has lost.
std::vector<std::string> World::judged_by(std::vector<std::string> (*check)(World&)) {
    try {
        return check(*this);
    } catch (const std::exception& thrown) {
        return {fmt::format("an oracle misses something: {}", thrown.what())};
    }
}

std::vector<std::string> World::run() {
    try {
        loop_.run_until(Monotonic{Duration{1'000}}); // Everybody has subscribed.
        people_.spawn(run_the_catalog(*this));
        for (int i = 0; i < shoppers; ++i) people_.spawn(shop(*this, i));
        for (int i = 0; i < members; ++i) people_.spawn(keep_a_session(*this));
        people_.spawn(tend(*this));
        people_.spawn(crash_now_and_then());
        people_.spawn(be_away_once());
        const Absence& absence = fate_.faults().absence;
        const Duration trouble = absence.begins_after + absence.lasts + Duration{10'000};
        loop_.run_until(Monotonic{std::max(shopping_for, trouble)});
        fate_.heal();
        loop_.trace("healed");
        if (!run_until_quiet(calm_within)) return unrest();
    } catch (const std::exception& thrown) {
        return {fmt::format("a bug was found: {}", thrown.what())};
    }
    constexpr std::array checks{
        check_stock,
        check_money,
        check_orders,
        check_events,
        check_mail,
        check_projections,
        check_sessions
    };
    std::vector<std::string> found;
    for (const auto check : checks) {
        for (std::string& sentence : judged_by(check)) found.push_back(std::move(sentence));
    }
    return found;
}

} // namespace backline::simulation
