#include "adapters/redis/redis_cache.hpp"

#include <charconv>
#include <string_view>

namespace backline::redis {

namespace {

// What lies under a key: a letter, the version in 20 digits, the bytes. The digits are of the version moved up by 2^63,
// so that they compare as text, in Lua too, which has no integers of that size.
constexpr char kept = 'v';
constexpr char outdated = 'o';
constexpr std::size_t digits = 20;
constexpr std::size_t head_bytes = 1 + digits;
constexpr std::uint64_t moved_by = 1ULL << 63U;

/// KEYS[1]; ARGV: the new value, how long it stays, and the version (in digits) that must not be surpassed by what is
/// there. The script goes along with every call: a server that was started again has forgotten it, and to find that
/// out costs more.
constexpr const char* put_script = R"(
local there = redis.pcall('GETRANGE', KEYS[1], 0, 20)
if type(there) == 'string' and #there == 21 and there:find('^[vo]%d+$') then
    if there:sub(2) > ARGV[3] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)";

std::string digits_of(std::uint64_t number) {
    std::string text = std::to_string(number);
    return std::string(digits - text.size(), '0') + text;
}

std::uint64_t moved(std::int64_t version) {
    return static_cast<std::uint64_t>(version) + moved_by;
}

std::optional<cache::Entry> entry_of(const std::string& text) {
    if (text.size() < head_bytes || text.front() != kept) return std::nullopt;
    std::uint64_t number = 0;
    const char* const end = text.data() + head_bytes;
    const auto [stop, failed] = std::from_chars(text.data() + 1, end, number);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return cache::Entry{static_cast<std::int64_t>(number - moved_by), text.substr(head_bytes)};
}

} // namespace

Task<std::optional<cache::Entry>> RedisCache::get(std::string key) {
    Command ask{"GET", prefix_ + key};
    const std::optional<Reply> reply = co_await connection_.call(std::move(ask));
    if (!reply || reply->kind != Reply::Kind::text) co_return std::nullopt;
    co_return entry_of(reply->text);
}

Task<> RedisCache::put(std::string key, cache::Entry entry, Duration ttl) {
    if (entry.bytes.size() > value_bytes_max_) return outdate(std::move(key), entry.version);
    const std::string version = digits_of(moved(entry.version));
    const Duration stays = cache::jittered(ttl, runtime_.random());
    return place(std::move(key), kept + version + entry.bytes, stays, version);
}

Task<> RedisCache::outdate(std::string key, std::int64_t version) {
    const std::uint64_t number = moved(version);
    const std::uint64_t older = number == 0 ? 0 : number - 1;
    return place(
        std::move(key), outdated + digits_of(number), cache::outdated_for, digits_of(older)
    );
}

/// Whatever the answer is, an entry that could not be put is one that is not there.
Task<> RedisCache::place(
    std::string key, std::string value, Duration stays, std::string version_max
) {
    Command set{
        "EVAL",
        put_script,
        "1",
        prefix_ + key,
        std::move(value),
        std::to_string(stays.count()),
        std::move(version_max)
    };
    co_await connection_.call(std::move(set));
}

} // namespace backline::redis
