#pragma once

#include "adapters/sqlite/checkpoints.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/counters.hpp"
#include "adapters/sqlite/group.hpp"
#include "adapters/sqlite/write_transaction.hpp"
#include "platform/async/thread_clock.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace backline::sqlite {

/// The writer thread: takes what has gathered, makes it durable as one transaction, delivers the answers, moves pages
/// out of the WAL, and starts again. The only one that writes to the file.
class Writer final {
public:
    /// Called on the writer's thread with each group whose outcome is known, in order. Must not throw.
    using Deliver = std::function<void(Group, GroupEnd)>;

    /// Called once on the writer's thread, before anything that failed is answered, with one sentence. It should end
    /// the process; if it returns, every later write is refused.
    using Fatal = std::function<void(const std::string&)>;

    /// `connection` is prepared and lends itself to the writer's thread until `stop`.
    Writer(
        Connection& connection,
        Place next_place,
        GroupQueue::Limits limits,
        Deliver deliver,
        Fatal fatal
    );
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();

    // --- from the loop ------------------------------------------------------------------------------------------

    /// False if too many writes wait already.
    [[nodiscard]] bool submit(Ticket ticket, Write write);
    void settle(std::vector<Settled> events);

    /// True if the write had not been taken and never will be.
    [[nodiscard]] bool withdraw(Ticket ticket);

    /// Writes what has gathered, lazy work included, ends the thread and empties the WAL. Idempotent.
    void stop();

    [[nodiscard]] Counters counters() const;

private:
    struct Tally {
        std::atomic<std::int64_t> commits{0};
        std::atomic<std::int64_t> events{0};
        std::atomic<std::int64_t> transactions{0};
        std::atomic<std::int64_t> rows{0};
        std::atomic<std::int64_t> checkpoints{0};
    };

    void work();
    void wait(std::unique_lock<std::mutex>& lock);
    void wake();
    void write(Group group);
    void count(const Group& group);
    void look_at_wal();
    void checkpoint(Checkpoints::Step step);
    void fail(const std::string& reason);
    static int on_wal(void* self, sqlite3* connection, const char* name, int frames);

    Connection& connection_;
    WriteTransaction transaction_;
    Deliver deliver_;
    Fatal fatal_;
    ThreadClock clock_;
    Tally tally_;

    // The writer thread's own.
    Checkpoints checkpoints_;
    std::int64_t wal_frames_ = 0;
    std::int64_t changes_ = 0;
    Monotonic busy_until_{};
    bool failed_ = false;

    std::mutex mutex_;
    std::condition_variable changed_;
    GroupQueue queue_;
    bool sleeping_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace backline::sqlite
