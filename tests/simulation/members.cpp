#include "tests/simulation/members.hpp"

#include "platform/async/wait.hpp"
#include "tests/simulation/customers.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace backline::simulation {

using http::Method;
using users::Tokens;

namespace {

struct Member {
    World& world;
    Family& family;
    Tokens tokens; ///< The newest.
    std::vector<std::string> used{};
};

Instant now(Member& me) {
    return me.world.outside().now().utc;
}

void take(Member& me, const Tokens& tokens) {
    me.tokens = tokens;
    me.family.access_tokens.push_back(tokens.access_token);
}

Task<> refresh(Member& me, std::string token) {
    const Instant asked_at = now(me);
    const http::Response answer = co_await me.world.insist(
        Method::post, "/v1/sessions/refresh", fmt::format(R"({{"refresh_token": "{}"}})", token), {}
    );
    me.family.refreshes.push_back({token, asked_at, now(me), answer.status});
    me.world.tally().count(fmt::format("refreshes answered {}", answer.status));
    me.used.push_back(token);
    if (answer.status == 200) take(me, read<Tokens>(answer));
}

Task<> refresh_in_all_tabs(Member& me) {
    TaskGroup tabs([&me](std::exception_ptr thrown) { me.world.fail(thrown); });
    const std::string token = me.tokens.refresh_token;
    for (int i = 0; i < 3; ++i) tabs.spawn(refresh(me, token));
    co_await tabs.join();
    me.world.tally().count("refreshes in several tabs");
}

Task<> refresh_again(Member& me) {
    if (me.used.empty()) co_return;
    me.world.tally().count("refreshes with a used token");
    co_await refresh(me, me.used[me.world.loop().random().below(me.used.size())]);
}

Task<> look(Member& me) {
    const std::string token = me.tokens.access_token;
    const Instant asked_at = now(me);
    const http::Response answer = co_await me.world.insist(Method::get, "/v1/me", {}, token);
    me.family.visits.push_back({token, asked_at, now(me), answer.status});
}

Task<> log_out(Member& me) {
    const http::Response answer =
        co_await me.world.insist(Method::del, "/v1/sessions/current", {}, me.tokens.access_token);
    if (answer.status != 204) co_return;
    me.world.tally().count("log-outs");
    if (!me.family.logged_out_at) me.family.logged_out_at = now(me);
}

Task<> do_something(Member& me) {
    const std::uint64_t what = me.world.loop().random().below(10);
    if (what < 4) {
        co_await refresh(me, me.tokens.refresh_token);
    } else if (what == 4) {
        co_await refresh_in_all_tabs(me);
    } else if (what == 5) {
        co_await refresh_again(me);
    } else if (what == 6) {
        co_await log_out(me);
    } else {
        co_await look(me);
    }
}

} // namespace

Task<> keep_a_session(World& world) {
    co_await sleep_for(world.outside(), world.fate().between(0, 60'000));
    const Tokens first = co_await register_and_log_in(world);
    Member me{world, world.journal().families[first.session.text()], first};
    take(me, first);
    for (int i = 0; i < 8; ++i) {
        co_await sleep_for(world.outside(), world.fate().between(0, 10'000));
        co_await do_something(me);
    }
    co_await look(me);
}

} // namespace backline::simulation
