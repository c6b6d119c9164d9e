#pragma once

#include "adapters/sqlite/counters.hpp"
#include "adapters/sqlite/database_file.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/read_database.hpp"
#include "adapters/sqlite/reader.hpp"
#include "adapters/sqlite/waiting.hpp"
#include "adapters/sqlite/watch.hpp"
#include "adapters/sqlite/writer.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/async/thread_clock.hpp"

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace backline::sqlite {

/// What `SqliteStore` is made of: the file, the threads that work on it, and the coroutines that wait for them. Held by
/// a `shared_ptr`, so that an answer on its way to the loop finds either the store or nobody. Loop thread only, but for
/// what it hands to its threads.
class Core final : public std::enable_shared_from_this<Core> {
public:
    using Committed = store::Store::Committed;
    using Fatal = Writer::Fatal;

    struct WriteAwaiting {
        Core& core;
        Write write;
        WriteAnswer answer{};

        bool await_ready() const noexcept { return false; }

        bool await_suspend(std::coroutine_handle<> handle);
        WriteAnswer await_resume();
    };

    struct ReadAwaiting {
        Core& core;
        Read read;
        ReadAnswer answer{};

        bool await_ready() const noexcept { return false; }

        bool await_suspend(std::coroutine_handle<> handle);
        Rows await_resume();
    };

    Core(LoopPoster& loop, const Settings& settings, Fatal fatal);

    /// Ends the threads and lets go of the file. No call may be under way. Idempotent.
    void close();

    /// `co_await core.write(...)`: the answer, or what failed thrown.
    [[nodiscard]] WriteAwaiting write(Write write) {
        return WriteAwaiting{*this, std::move(write)};
    }

    [[nodiscard]] ReadAwaiting read(Read read) { return ReadAwaiting{*this, std::move(read)}; }

    void settle(const std::vector<std::string>& event_ids);

    void on_committed(Committed listener) { listener_ = std::move(listener); }

    [[nodiscard]] Outbox& outbox() { return outbox_; }

    [[nodiscard]] Counters counters() const;

private:
    bool start(WriteAwaiting& call, std::coroutine_handle<> handle);
    bool start(ReadAwaiting& call, std::coroutine_handle<> handle);
    Monotonic begin_call();

    void post(std::move_only_function<void(Core&)> work);
    void answer_group(Group& group, GroupEnd end);
    void answer_reads(std::vector<ReadItem>& items);
    void note_events(WriteItem& item);
    void give_up_late_calls();

    LoopPoster& loop_;
    ThreadClock clock_;
    Duration deadline_;
    Committed listener_;
    Ticket last_ticket_ = 0;
    Waiting<WriteAnswer> writes_;
    Waiting<ReadAnswer> reads_;

    std::optional<DatabaseFile> file_;
    Outbox outbox_;
    std::optional<ReadDatabase> read_database_;
    std::optional<Writer> writer_;
    std::optional<Reader> reader_;
    std::optional<Watch> watch_;
};

} // namespace backline::sqlite
