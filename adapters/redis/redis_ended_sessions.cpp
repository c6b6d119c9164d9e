#include "adapters/redis/redis_ended_sessions.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace backline::redis {

namespace {

using security::EndedSession;

/// No session's id begins like that. Each restoration has a mark of its own, by which a reader of several pages sees
/// that they are of one list.
constexpr char mark_begins = '!';
constexpr const char* behind_all = "inf";

/// KEYS: the list, and what was staged. ARGV: how many were, the mark, now.
constexpr const char* restore_script = R"(
if redis.call('ZCARD', KEYS[2]) ~= tonumber(ARGV[1]) then return 0 end
if type(redis.pcall('ZCARD', KEYS[1])) == 'table' then redis.call('DEL', KEYS[1]) end
redis.call('ZUNIONSTORE', KEYS[1], 2, KEYS[1], KEYS[2], 'AGGREGATE', 'MAX')
redis.call('DEL', KEYS[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 'inf', 'inf')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
redis.call('ZADD', KEYS[1], 'inf', ARGV[2])
return 1
)";

std::string text_of(Instant instant) {
    return std::to_string(instant.time_since_epoch().count());
}

bool says_yes(const std::optional<Reply>& reply) {
    return reply && reply->kind == Reply::Kind::integer && reply->integer == 1;
}

std::optional<EndedSession> ended_session(const Reply& session, const Reply& until) {
    Duration::rep count = 0;
    const char* const end = until.text.data() + until.text.size();
    const auto [stop, failed] = std::from_chars(until.text.data(), end, count);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return EndedSession{session.text, Instant{Duration{count}}};
}

} // namespace

std::string RedisEndedSessions::now() const {
    return text_of(runtime_.now().utc);
}

Task<bool> RedisEndedSessions::publish(EndedSession ended) {
    Command add{"ZADD", key_, "GT", text_of(ended.until), ended.session};
    const std::optional<Reply> added = co_await connection_.call(std::move(add));
    const bool done = added && added->kind == Reply::Kind::integer;
    Command forget{"ZREMRANGEBYSCORE", key_, "-inf", "(" + now()};
    if (done) co_await connection_.call(std::move(forget));
    co_return done;
}

/// Staged under a name of its own first: a flush in the middle takes it away, and the list is not marked.
Task<bool> RedisEndedSessions::restore(std::vector<EndedSession> all) {
    std::map<std::string, Instant> once;
    for (EndedSession& each : all) {
        Instant& until = once[std::move(each.session)];
        until = std::max(until, each.until);
    }
    const std::string mark = mark_begins + std::to_string(runtime_.random());
    const std::string staged = key_ + ":" + mark;
    std::vector<EndedSession> some;
    for (const auto& [session, until] : once) {
        some.push_back({session, until});
        if (some.size() < page_) continue;
        const bool done = co_await stage(staged, std::exchange(some, {}));
        if (!done) co_return false;
    }
    const bool done = co_await stage(staged, std::move(some));
    if (!done) co_return false;
    Command restore{
        "EVAL", restore_script, "2", key_, staged, std::to_string(once.size()), mark, now()
    };
    const std::optional<Reply> restored = co_await connection_.call(std::move(restore));
    co_return says_yes(restored);
}

Task<bool> RedisEndedSessions::stage(std::string key, std::vector<EndedSession> some) {
    if (some.empty()) co_return true;
    Command add{"ZADD", key};
    for (const EndedSession& each : some) {
        add.push_back(text_of(each.until));
        add.push_back(each.session);
    }
    const std::optional<Reply> added = co_await connection_.call(std::move(add));
    if (!added || added->kind != Reply::Kind::integer) co_return false;
    Command limit{"EXPIRE", std::move(key), "60"};
    const std::optional<Reply> limited = co_await connection_.call(std::move(limit));
    co_return says_yes(limited);
}

Task<bool> RedisEndedSessions::whole() {
    Command count{"ZCOUNT", key_, behind_all, behind_all};
    const std::optional<Reply> marks = co_await connection_.call(std::move(count));
    co_return says_yes(marks);
}

/// From the end, where the mark stands, to what matters no more: what is forgotten meanwhile moves nothing that is to
/// be read yet, and what is added makes something be read twice.
Task<std::optional<std::vector<EndedSession>>> RedisEndedSessions::all() {
    std::vector<EndedSession> all;
    std::string mark;
    std::size_t offset = 0;
    bool more = true;
    while (more) {
        const std::optional<Items> page = co_await read_page(offset);
        if (!page) co_return std::nullopt;
        const bool marked = !page->empty() && page->front().text.starts_with(mark_begins);
        if (offset == 0 && !marked) co_return std::nullopt;
        if (offset == 0) mark = page->front().text;
        for (std::size_t i = 0; i + 1 < page->size(); i += 2) {
            const auto ended = ended_session((*page)[i], (*page)[i + 1]);
            if (ended) all.push_back(*ended);
        }
        offset += page_;
        more = page->size() == 2 * page_;
    }
    const bool one_list = co_await still_marked(std::move(mark));
    if (!one_list) co_return std::nullopt;
    co_return all;
}

Task<std::optional<RedisEndedSessions::Items>> RedisEndedSessions::read_page(std::size_t offset) {
    Command range{
        "ZRANGE",
        key_,
        behind_all,
        now(),
        "BYSCORE",
        "REV",
        "LIMIT",
        std::to_string(offset),
        std::to_string(page_),
        "WITHSCORES"
    };
    std::optional<Reply> reply = co_await connection_.call(std::move(range));
    if (!reply || reply->kind != Reply::Kind::array) co_return std::nullopt;
    co_return std::move(reply->items);
}

Task<bool> RedisEndedSessions::still_marked(std::string mark) {
    Command score{"ZSCORE", key_, std::move(mark)};
    const std::optional<Reply> reply = co_await connection_.call(std::move(score));
    co_return reply && reply->kind == Reply::Kind::text && reply->text == behind_all;
}

} // namespace backline::redis
