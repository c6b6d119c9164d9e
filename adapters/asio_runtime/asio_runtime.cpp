#include "adapters/asio_runtime/asio_runtime.hpp"

#include "adapters/asio_runtime/randomness.hpp"
#include "adapters/asio_runtime/workers.hpp"
#include "platform/async/task_group.hpp"
#include "platform/base/invariant.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <optional>
#include <queue>

namespace asio = boost::asio;

namespace backline::asio_runtime {

namespace {

struct Timer {
    Monotonic time;
    std::uint64_t
        sequence; ///< Handles for the same time resume in the order in which they were given.
    std::coroutine_handle<> handle;

    bool operator>(const Timer& other) const {
        return std::tie(time, sequence) > std::tie(other.time, other.sequence);
    }
};

using TimerHeap = std::priority_queue<Timer, std::vector<Timer>, std::greater<>>;
using SteadyClock = std::chrono::steady_clock;

} // namespace

/// Everything that needs Asio: the ready queue, the timers and the pool.
class AsioRuntime::Loop final {
public:
    explicit Loop(const Settings& settings)
        : start_(SteadyClock::now())
        , alarm_(io_)
        , pool_("offload", settings.offload_threads, 0) {}

    asio::io_context& context() { return io_; }

    std::uint64_t random() { return randomness_.next(); }

    Now now() const {
        const auto since_start = SteadyClock::now() - start_;
        return Now{
            std::chrono::floor<Duration>(std::chrono::system_clock::now()),
            Monotonic{std::chrono::floor<Duration>(since_start)}
        };
    }

    void post(std::coroutine_handle<> handle) {
        ready_.push_back(handle);
        schedule_turn();
    }

    void post_at(Monotonic time, std::coroutine_handle<> handle) {
        const std::uint64_t sequence = next_timer_++;
        timers_.push(Timer{time, sequence, handle});
        if (timers_.top().sequence == sequence) set_alarm();
    }

    void offload(
        Workers& workers, std::move_only_function<void()> work, std::coroutine_handle<> handle
    ) {
        workers.run([this, work = std::move(work), handle]() mutable {
            work();
            work = {};
            asio::post(io_, [this, handle] { post(handle); });
        });
    }

    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) {
        offload(pool_, std::move(work), handle);
    }

    void run() {
        const auto stay = asio::make_work_guard(io_);
        io_.restart();
        io_.run();
    }

    void stop() { io_.stop(); }

    void finish() { pool_.finish(); }

private:
    void schedule_turn() {
        if (turn_scheduled_) return;
        turn_scheduled_ = true;
        asio::post(io_, [this] { take_turn(); });
    }

    /// Handles that are posted meanwhile wait for the next turn, so that sockets get theirs in between.
    void take_turn() {
        turn_scheduled_ = false;
        turn_.swap(ready_);
        for (const std::coroutine_handle<> handle : turn_) handle.resume();
        turn_.clear();
    }

    void set_alarm() {
        alarm_.expires_at(start_ + timers_.top().time.since_start);
        alarm_.async_wait([this](const boost::system::error_code& failed) {
            if (!failed) fire_due_timers();
        });
    }

    void fire_due_timers() {
        const Monotonic at = now().monotonic;
        while (!timers_.empty() && timers_.top().time <= at) {
            post(timers_.top().handle);
            timers_.pop();
        }
        if (!timers_.empty()) set_alarm();
    }

    asio::io_context io_{1};
    SteadyClock::time_point start_;
    asio::steady_timer alarm_;
    TimerHeap timers_;
    std::uint64_t next_timer_ = 0;
    std::vector<std::coroutine_handle<>> ready_;
    std::vector<std::coroutine_handle<>> turn_;
    bool turn_scheduled_ = false;
    Randomness randomness_;
    Workers pool_;
};

class AsioRuntime::Lane final : public Runtime {
public:
    Lane(Loop& loop, const std::string& name, int nice, std::size_t threads)
        : loop_(loop)
        , workers_(name, threads, nice) {}

    Now now() override { return loop_.now(); }

    std::uint64_t random() override { return loop_.random(); }

    void post(std::coroutine_handle<> handle) override { loop_.post(handle); }

    void post_at(Monotonic time, std::coroutine_handle<> handle) override {
        loop_.post_at(time, handle);
    }

    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override {
        loop_.offload(workers_, std::move(work), handle);
    }

    void finish() { workers_.finish(); }

private:
    Loop& loop_;
    Workers workers_;
};

AsioRuntime::AsioRuntime() : AsioRuntime(Settings{}) {}

AsioRuntime::AsioRuntime(Settings settings) : loop_(std::make_unique<Loop>(settings)) {}

AsioRuntime::~AsioRuntime() = default;

Now AsioRuntime::now() {
    return loop_->now();
}

std::uint64_t AsioRuntime::random() {
    return loop_->random();
}

void AsioRuntime::post(std::coroutine_handle<> handle) {
    loop_->post(handle);
}

void AsioRuntime::post_at(Monotonic time, std::coroutine_handle<> handle) {
    loop_->post_at(time, handle);
}

void AsioRuntime::offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) {
    loop_->offload(std::move(work), handle);
}

void AsioRuntime::post_from_any_thread(std::move_only_function<void()> work) {
    asio::post(loop_->context(), std::move(work));
}

namespace {

/// Stops the loop however `program` ends; what it threw is the group's to hand on.
template <class Loop> Task<> run_then_stop(Loop& loop, Task<> program) {
    struct Stop {
        Loop& loop;

        ~Stop() { loop.stop(); }
    };

    const Stop stop{loop};
    co_await program;
}

} // namespace

void AsioRuntime::run(Task<> program) {
    std::exception_ptr failure;
    TaskGroup group([&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    group.spawn(run_then_stop(*loop_, std::move(program)));
    if (group.running() > 0) loop_->run();
    loop_->finish();
    for (const auto& lane : lanes_) lane->finish();
    if (failure) std::rethrow_exception(failure);
}

Runtime& AsioRuntime::add_lane(const std::string& name, int nice, std::size_t threads) {
    lanes_.push_back(std::make_unique<Lane>(*loop_, name, nice, threads));
    return *lanes_.back();
}

namespace {

struct SignalAwaiting {
    asio::signal_set signals;
    Runtime& runtime;
    int number = 0;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        signals.async_wait([this, handle](const boost::system::error_code& failed, int received) {
            if (failed) return;
            number = received;
            runtime.post(handle);
        });
    }

    int await_resume() const noexcept { return number; }
};

} // namespace

Task<int> AsioRuntime::interrupted() {
    SignalAwaiting signal{asio::signal_set(context(), SIGINT, SIGTERM), *this};
    co_return co_await signal;
}

asio::io_context& AsioRuntime::context() {
    return loop_->context();
}

} // namespace backline::asio_runtime
