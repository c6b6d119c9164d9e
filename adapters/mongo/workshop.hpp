#pragma once

#include "adapters/mongo/server.hpp"
#include "adapters/mongo/session.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"
#include "platform/base/problem.hpp"

#include <condition_variable>
#include <mutex>

namespace backline::mongo {

/// A lane that knows how many of its jobs are under way, so that nothing they touch is dropped beneath them.
class CountedLane final : public Runtime {
public:
    explicit CountedLane(Runtime& lane) : lane_(lane) {}

    Now now() override { return lane_.now(); }

    std::uint64_t random() override { return lane_.random(); }

    void post(std::coroutine_handle<> handle) override { lane_.post(handle); }

    void post_at(Monotonic time, std::coroutine_handle<> handle) override {
        lane_.post_at(time, handle);
    }

    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override;

    /// Blocks until no job is under way.
    void wait_until_idle();

private:
    Runtime& lane_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t under_way_ = 0;
};

/// Runs what blocks on the lane: at most as many calls at once as there are connections, the others wait their turn.
/// Loop thread only.
class Workshop final {
public:
    Workshop(Runtime& loop, Runtime& lane, const Settings& settings)
        : loop_(loop)
        , lane_(lane)
        , server_(settings)
        , free_(loop, settings.connections) {}

    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    /// No job touches a frame any more. Who waited for one is never resumed by it: the loop must forget it.
    ~Workshop() { lane_.wait_until_idle(); }

    [[nodiscard]] Runtime& loop() { return loop_; }

    [[nodiscard]] const Settings& settings() const { return server_.settings(); }

    void wait_until_idle() { lane_.wait_until_idle(); }

    /// Runs `work(Session&)` on the lane and hands back what it returned, or throws `Failed`; throws
    /// `Unavailable(not_done)` if there is no place to wait, or the wait was too long.
    template <class Work> auto run(Work work) -> Task<std::invoke_result_t<Work&, Session&>> {
        co_await enter();
        const Leaving leaving{free_};
        const auto job = [&] {
            Session session(server_);
            return work(session);
        };
        co_return co_await offloaded(lane_, job);
    }

    /// As `run`, for what may fail without consequences: every failure is `Unavailable(not_done)`.
    template <class Work> auto ask(Work work) -> Task<std::invoke_result_t<Work&, Session&>> {
        try {
            co_return co_await run(std::move(work));
        } catch (const Failed& failed) {
            throw Unavailable(Unavailable::Outcome::not_done, failed.what());
        }
    }

private:
    struct Leaving {
        Permits& free;

        ~Leaving() { free.give_back(); }
    };

    Task<> enter();

    Runtime& loop_;
    CountedLane lane_;
    Server server_;
    Permits free_;
};

} // namespace backline::mongo
