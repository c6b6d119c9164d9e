#pragma once

#include "platform/async/task.hpp"
#include "platform/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// The cache port: a place that saves work and that nothing depends on. The truth lies in a service's store; whoever
/// takes something from here for more than a picture of the past has it confirmed there, by the compare-and-swap of a
/// commit. `tests/contract` holds every adapter to this port.
namespace backline::cache {

/// What is kept under a key: bytes, and the version of their source (a document's version, say).
struct Entry {
    std::int64_t version = 0;
    std::string bytes{};

    bool operator==(const Entry&) const = default;
};

/// Loop thread only. Nothing here throws: a cache that is away, full or damaged is an empty one. So an entry may be
/// gone at any time, and what was put or outdated may have got lost.
class Cache {
public:
    Cache() = default;
    Cache(const Cache&) = delete;
    Cache& operator=(const Cache&) = delete;
    virtual ~Cache() = default;

    virtual Task<std::optional<Entry>> get(std::string key) = 0;

    /// Keeps the entry for about `ttl` (see `jittered`), unless one of a newer version is there.
    virtual Task<> put(std::string key, Entry entry, Duration ttl) = 0;

    /// The source has come to `version`: what is older is not found any more, and whoever has just read it from the
    /// source cannot put it back for the next minute.
    virtual Task<> outdate(std::string key, std::int64_t version) = 0;
};

/// How long an outdated key remembers that it is: longer than anybody takes from reading the source to `put`.
inline constexpr Duration outdated_for = std::chrono::minutes{1};

/// `ttl` and up to a tenth more or less, so that what was put together does not go together.
[[nodiscard]] Duration jittered(Duration ttl, std::uint64_t random);

} // namespace backline::cache
