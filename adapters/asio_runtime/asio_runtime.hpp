#pragma once

#include "platform/async/loop_poster.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"

#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace backline::asio_runtime {

/// The real runtime: an Asio loop on the thread that calls `run`, a small pool for offloaded work, the machine's clocks
/// and the kernel's random numbers. The only place, beside adapters, where threads and clocks are touched.
///
/// All methods but `post_from_any_thread` belong to the loop thread, or to the one thread there is before `run`. The
/// runtime outlives every frame that it may resume.
class AsioRuntime final : public Runtime, public LoopPoster {
public:
    struct Settings {
        std::size_t offload_threads = 2;
    };

    AsioRuntime();
    explicit AsioRuntime(Settings settings);

    /// Drops handles that were never resumed; their frames belong to others.
    ~AsioRuntime() override;

    [[nodiscard]] Now now() override;
    [[nodiscard]] std::uint64_t random() override;
    void post(std::coroutine_handle<> handle) override;
    void post_at(Monotonic time, std::coroutine_handle<> handle) override;
    void offload(std::move_only_function<void()> work, std::coroutine_handle<> handle) override;
    void post_from_any_thread(std::move_only_function<void()> work) override;

    /// Runs the loop until `program` is done, then until all offloaded work is, so that no thread touches a frame that
    /// is about to go. Throws what `program` threw. What `program` started it has joined. May be called again, as tests
    /// do; nothing can be offloaded then any more.
    void run(Task<> program);

    /// A runtime like this one, but its `offload` has named threads of its own, with their priority lowered by `nice`:
    /// for work that must not delay other offloaded work (password hashing, calls that block). Lives as long as this.
    [[nodiscard]] Runtime& add_lane(const std::string& name, int nice, std::size_t threads = 1);

    /// Resolves with the number of the next SIGINT or SIGTERM. While one waits, those signals do not end the process.
    Task<int> interrupted();

    /// For adapters and the HTTP server, which put their sockets on the same loop.
    [[nodiscard]] boost::asio::io_context& context();

private:
    class Loop;
    class Lane;

    std::unique_ptr<Loop> loop_;
    std::vector<std::unique_ptr<Lane>> lanes_;
};

} // namespace backline::asio_runtime
