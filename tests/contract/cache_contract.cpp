#include "tests/contract/cache_contract.hpp"

#include "platform/async/wait.hpp"

namespace backline::contract {

namespace {

Task<> read(cache::Cache& cache, std::string key, std::optional<cache::Entry>& found) {
    found = co_await cache.get(std::move(key));
}

Task<> poll(CacheSetup& setup, std::string key, bool& gone) {
    const Monotonic until = setup.runtime().now().monotonic + std::chrono::seconds{10};
    while (setup.runtime().now().monotonic < until) {
        const auto found = co_await setup.cache().get(key);
        gone = !found;
        if (gone) co_return;
        co_await sleep_for(setup.runtime(), Duration{1});
    }
}

} // namespace

std::optional<cache::Entry> CacheContract::get(const std::string& key) {
    std::optional<cache::Entry> found;
    run(read(setup_->cache(), key, found));
    return found;
}

void CacheContract::put(const std::string& key, std::int64_t version, const std::string& bytes) {
    put(key, version, bytes, std::chrono::hours{1});
}

void CacheContract::put(
    const std::string& key, std::int64_t version, const std::string& bytes, Duration ttl
) {
    run(setup_->cache().put(key, {version, bytes}, ttl));
}

void CacheContract::outdate(const std::string& key, std::int64_t version) {
    run(setup_->cache().outdate(key, version));
}

bool CacheContract::eventually_gone(const std::string& key) {
    bool gone = false;
    run(poll(*setup_, key, gone));
    return gone;
}

} // namespace backline::contract
