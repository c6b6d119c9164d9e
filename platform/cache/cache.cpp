#include "platform/cache/cache.hpp"

#include <algorithm>

namespace backline::cache {

Duration jittered(Duration ttl, std::uint64_t random) {
    const Duration::rep tenth = ttl.count() / 10;
    const auto spread = static_cast<std::uint64_t>(2 * tenth + 1);
    const auto moved = static_cast<Duration::rep>(random % spread) - tenth;
    return std::max(Duration{1}, ttl + Duration{moved});
}

} // namespace backline::cache
