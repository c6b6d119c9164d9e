#include "adapters/redis/redis_limiter.hpp"

#include "platform/security/digest.hpp"

namespace backline::redis {

namespace {

using security::Limit;
using security::Patience;

// Under each key lies a hash: `failures`, and `at`, when the last one was. What is no such hash is taken for none.
// The scripts go along with every call: a server that was started again has forgotten them. The rules are
// `security::Failures`', which `tests/contract` compares them with.

constexpr const char* take_script = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest = 0
local failures = {}
for i, key in ipairs(KEYS) do
    local free, first, most, max, forgotten = unpack(ARGV, i * 5 - 4, i * 5)
    forgotten = tonumber(forgotten)
    local known = redis.pcall('HMGET', key, 'failures', 'at')
    if known.err then
        redis.call('DEL', key)
        known = {}
    end
    local count = tonumber(known[1]) or 0
    local at = math.min(tonumber(known[2]) or 0, now)
    if now >= at + forgotten then count = 0 end
    local pause = 0
    if count >= tonumber(max) then
        pause = forgotten
    elseif count >= tonumber(free) then
        pause = math.min(first * 2 ^ math.min(count - free, 20), tonumber(most))
    end
    longest = math.max(longest, at + pause - now)
    failures[i] = count
end
if longest > 0 then return longest end
for i, key in ipairs(KEYS) do
    redis.call('HSET', key, 'failures', failures[i] + 1, 'at', now)
    local forgotten = tonumber(ARGV[i * 5])
    if redis.call('PTTL', key) < forgotten then redis.call('PEXPIRE', key, forgotten) end
end
return 0
)";

constexpr const char* give_back_script = R"(
for _, key in ipairs(KEYS) do
    local count = tonumber(redis.pcall('HGET', key, 'failures'))
    if count and count > 0 then redis.call('HINCRBY', key, 'failures', -1) end
end
return 0
)";

/// Whom it let in is known for a month, though failures are forgotten sooner.
constexpr const char* clear_script = R"(
local time = redis.call('TIME')
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'failures', 0, 'at', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('PEXPIRE', KEYS[1], 2592000000)
return 0
)";

} // namespace

Task<Duration> RedisLimiter::take(std::vector<Limit> limits) {
    Command command = run_on(take_script, limits);
    for (const Limit& limit : limits) {
        const Patience& patience = limit.rule->patience;
        command.push_back(std::to_string(patience.free));
        command.push_back(std::to_string(patience.first.count()));
        command.push_back(std::to_string(patience.longest.count()));
        command.push_back(std::to_string(patience.failures_max));
        command.push_back(std::to_string(patience.forgotten_after.count()));
    }
    const auto wait = co_await ask(std::move(command));
    if (wait) co_return Duration{*wait};
    co_return co_await local_.take(std::move(limits));
}

Task<> RedisLimiter::give_back(std::vector<Limit> limits) {
    const auto done = co_await ask(run_on(give_back_script, limits));
    if (!done) co_await local_.give_back(std::move(limits));
}

Task<> RedisLimiter::clear(Limit limit) {
    const std::vector<Limit> limits{limit};
    const auto done = co_await ask(run_on(clear_script, limits));
    if (!done) co_await local_.clear(std::move(limit));
}

Task<bool> RedisLimiter::knows(Limit limit) {
    Command command{"HEXISTS", key_of(limit), "at"};
    const auto known = co_await ask(std::move(command));
    if (known) co_return *known == 1;
    co_return co_await local_.knows(std::move(limit));
}

std::string RedisLimiter::key_of(const Limit& limit) const {
    return connection_.prefix() + "limit:" + std::string(limit.rule->name) + ":" +
           security::digest(limit.key);
}

Command RedisLimiter::run_on(const char* script, const std::vector<Limit>& limits) const {
    Command command{"EVAL", script, std::to_string(limits.size())};
    for (const Limit& limit : limits) command.push_back(key_of(limit));
    return command;
}

/// The number that the server answered with; nothing if it did not.
Task<std::optional<std::int64_t>> RedisLimiter::ask(Command command) {
    const std::optional<Reply> reply = co_await connection_.call(std::move(command));
    if (!reply || reply->kind != Reply::Kind::integer) co_return std::nullopt;
    co_return reply->integer;
}

} // namespace backline::redis
