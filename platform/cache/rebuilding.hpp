#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"
#include "platform/cache/cache.hpp"

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace backline::cache {

/// A cache, and how to make what is not in it. Of one key one rebuild is under way in this process, whatever the
/// number of those who ask: they wait for it and share what it comes to, an exception too. Whoever asks after that
/// begins anew. Loop thread only; outlives whoever asks.
class Rebuilding final {
public:
    /// Reads the source. What it throws comes out of `cached`.
    using Rebuild = std::function<Task<Entry>()>;

    Rebuilding(Runtime& runtime, Cache& cache) : runtime_(runtime), cache_(cache) {}

    /// What is in the cache, or what `rebuild` makes, which is then put there for about `ttl`.
    Task<Entry> cached(std::string key, Duration ttl, Rebuild rebuild);

    /// As `Cache::outdate`. Whoever asks from now on does not wait for a rebuild that began before.
    Task<> outdate(std::string key, std::int64_t version);

private:
    struct Flight {
        explicit Flight(Runtime& runtime) : landed(runtime) {}

        Signal landed;
        std::optional<Entry> made{};
        std::exception_ptr failure{};
    };

    Task<> fly(const std::string& key, Duration ttl, const Rebuild& rebuild, Flight& flight);

    Runtime& runtime_;
    Cache& cache_;
    std::map<std::string, std::shared_ptr<Flight>> under_way_;
};

} // namespace backline::cache
