#pragma once

#include "platform/async/runtime.hpp"
#include "platform/security/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The limiter's contract: instantiate `LimiterContract` over an adapter with a `LimiterSetup` of its own.
namespace backline::contract {

/// A limiter that has counted nothing yet, and what it runs on. An adapter implements it once.
class LimiterSetup {
public:
    LimiterSetup() = default;
    LimiterSetup(const LimiterSetup&) = delete;
    LimiterSetup& operator=(const LimiterSetup&) = delete;
    virtual ~LimiterSetup() = default;

    virtual Runtime& runtime() = 0;

    /// As a process sees it; there are two, which share what they count if the adapter can.
    virtual security::RateLimiter& limiter(int process) = 0;

    /// Turns the adapter's loop until the task has finished, and throws what it threw.
    virtual void run(Task<> task) = 0;
};

/// Null where the test has been skipped for want of a server (`test_server`).
using MakeLimiterSetup = std::unique_ptr<LimiterSetup> (*)();

class LimiterContract : public testing::TestWithParam<MakeLimiterSetup> {
protected:
    using Limits = std::vector<security::Limit>;

    LimiterContract() : setup_(GetParam()()) {}

    Duration take(const Limits& limits);
    void give_back(const Limits& limits);
    void clear(const security::Limit& limit);
    bool knows(const security::Limit& limit);

    /// How many of so many tries at once, through two processes, go ahead.
    int through_at_once(const Limits& limits, int tries);

    /// How many tries go ahead at once, one after the other.
    int through(const Limits& limits);

    void wait(Duration duration);

private:
    std::unique_ptr<LimiterSetup> setup_;
};

} // namespace backline::contract
