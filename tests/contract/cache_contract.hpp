#pragma once

#include "platform/async/runtime.hpp"
#include "platform/cache/cache.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

/// The cache's contract: instantiate `CacheContract` over an adapter with a `CacheSetup` of its own.
namespace backline::contract {

/// A cache that is empty at the beginning of each test, and what it runs on. An adapter implements it once.
class CacheSetup {
public:
    CacheSetup() = default;
    CacheSetup(const CacheSetup&) = delete;
    CacheSetup& operator=(const CacheSetup&) = delete;
    virtual ~CacheSetup() = default;

    virtual Runtime& runtime() = 0;
    virtual cache::Cache& cache() = 0;

    /// Turns the adapter's loop until the task has finished, and throws what it threw.
    virtual void run(Task<> task) = 0;
};

/// Null where the test has been skipped for want of a server (`test_server`).
using MakeCacheSetup = std::unique_ptr<CacheSetup> (*)();

class CacheContract : public testing::TestWithParam<MakeCacheSetup> {
protected:
    CacheContract() : setup_(GetParam()()) {}

    [[nodiscard]] std::optional<cache::Entry> get(const std::string& key);
    void put(const std::string& key, std::int64_t version, const std::string& bytes);
    void put(const std::string& key, std::int64_t version, const std::string& bytes, Duration ttl);
    void outdate(const std::string& key, std::int64_t version);

    /// Polls, with patience of ten seconds on the adapter's clock.
    bool eventually_gone(const std::string& key);

    void run(Task<> task) { setup_->run(std::move(task)); }

    CacheSetup& setup() { return *setup_; }

private:
    std::unique_ptr<CacheSetup> setup_;
};

} // namespace backline::contract
