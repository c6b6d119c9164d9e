// At stake: a process that cannot check tokens yet refuses customers who have done nothing wrong.
// How: a process that fetches its keys on virtual time from a User Service that comes late, or not at all.
#include "adapters/memory/virtual_loop.hpp"
#include "apps/backline/access_keys.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"
#include "platform/security/keys.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace backline::system_tests {
namespace {

/// Nobody answers until `begins`.
class UserService final : public http::Client {
public:
    UserService(Runtime& runtime, Monotonic begins) : runtime_(runtime), begins_(begins) {}

    Task<http::ClientAnswer> send(http::ClientRequest /*request*/) override {
        if (runtime_.now().monotonic < begins_) {
            throw Unavailable(Unavailable::Outcome::not_done, "nobody answers");
        }
        const auto key = security::SigningKey::generate(runtime_);
        co_return http::ClientAnswer{200, security::to_jwks(security::KeyRing(key).public_keys())};
    }

private:
    Runtime& runtime_;
    Monotonic begins_;
};

class AccessKeysTest : public testing::Test {
protected:
    /// How long a process waits whose User Service begins after so long.
    Duration waited(Duration begins_after) {
        const Monotonic begun = runtime_.now().monotonic;
        UserService users(runtime_, begun + begins_after);
        app::Config config;
        config.signing_keys.url = decltype(config.signing_keys.url)::of("http://users/jwks");
        app::AccessKeys keys(runtime_, config, false, users, log_);
        Duration waited{0};
        memory::run(loop_, start(keys, waited));
        EXPECT_EQ(keys.ready(), begins_after < at_most);
        return waited;
    }

private:
    static constexpr Duration at_most{5'000};

    Task<> start(app::AccessKeys& keys, Duration& waited) {
        const Monotonic begun = runtime_.now().monotonic;
        bool stopping = false;
        TaskGroup background;
        background.spawn(keys.fetch_until(stopping));
        co_await keys.wait_until_ready(at_most);
        waited = runtime_.now().monotonic.since_start - begun.since_start;
        stopping = true;
        co_await background.join();
    }

    memory::VirtualLoop loop_{1};
    memory::VirtualRuntime runtime_{loop_};
    http_tests::LinesLog log_;
};

TEST_F(AccessKeysTest, are_waited_for_until_they_have_come) {
    EXPECT_EQ(waited(Duration{0}), Duration{0});
    const Duration late = waited(Duration{2'500});
    EXPECT_GE(late, Duration{2'500});
    EXPECT_LE(late, Duration{3'100});
}

TEST_F(AccessKeysTest, are_not_waited_for_for_ever) {
    EXPECT_LE(waited(Duration{60'000}), Duration{5'010});
}

} // namespace
} // namespace backline::system_tests
