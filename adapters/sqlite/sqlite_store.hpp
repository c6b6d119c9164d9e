#pragma once

#include "adapters/sqlite/counters.hpp"
#include "adapters/sqlite/settings.hpp"
#include "platform/async/loop_poster.hpp"
#include "platform/store/store.hpp"

#include <functional>
#include <memory>
#include <string>

namespace backline::sqlite {

class Core;

/// Documents, outbox, logs and parked messages of all services in one SQLite file: the embedded store.
///
/// **Durability.** One thread writes: it takes what has gathered whenever the previous transaction is durable, at most
/// `group_max` writes, and answers them when COMMIT has returned (WAL, `synchronous=FULL`: one fsync). Settling rides
/// with the next transaction. A checksum per row is checked on reading; a mismatch is `Unavailable(not_done)`.
///
/// **Reads** see what is durable; they run on a second thread with a connection of their own and take a second at most.
///
/// **Failure.** A full disk refuses writes with `Unavailable(not_done)` until there is space again; reads go on. An I/O
/// error, a damaged page met by the writer or a failed fsync ends the process through `fatal`: nobody can say what such
/// a disk holds. On a disk that hangs, calls give up at their deadline, a write with `unknown` if it was under way.
///
/// **Threads.** Made, used and destroyed on the loop thread; it owns a writer, a reader and a watch thread. No call may
/// be under way when it is destroyed; what was settled is written and the WAL folded into the file. `loop` outlives it.
class SqliteStore final : public store::Store, public store::ParkingLot {
public:
    /// Called at most once, on the writer's thread, with one sentence, before anything is answered. It should end the
    /// process with a non-zero status; where it returns, all later writes are refused.
    using Fatal = std::function<void(const std::string& reason)>;

    /// Opens or makes the database. Throws `Unusable` with one sentence if the directory cannot be made or written, is
    /// used by another process, or holds a file that is damaged, not ours, or of another schema number.
    SqliteStore(LoopPoster& loop, const Settings& settings, Fatal fatal);
    ~SqliteStore() override;

    /// Throws `Unusable` if documents that are stored lack a field that is newly indexed, or share a key of a unique
    /// index that is new.
    Task<> open(const store::CollectionSpec& collection) override;

    Task<std::optional<store::Stored>> find(const store::CollectionSpec& collection, std::string id)
        override;
    Task<std::vector<store::Found>> page(
        const store::CollectionSpec& collection, store::Query query
    ) override;
    Task<std::vector<store::Stored>> scan(
        const store::CollectionSpec& collection, std::string after, std::size_t limit
    ) override;
    Task<store::CommitResult> commit(store::Commit commit) override;
    Task<std::vector<store::LogEntry>> log(
        const store::CollectionSpec& collection,
        std::string aggregate,
        std::int64_t after,
        std::size_t limit
    ) override;

    /// True: the data directory is locked.
    [[nodiscard]] bool exclusive() const override { return true; }

    void on_committed(Committed listener) override;
    Task<std::vector<Pending>> pending(std::string after, std::size_t limit) override;
    void settle(std::vector<std::string> event_ids) override;
    [[nodiscard]] std::size_t backlog() const override;

    /// Durable when it resolves; it rides with other writes where there are any.
    Task<> note_attempts(std::string event_id, std::string subscriber, int attempts) override;

    /// Answered from memory.
    Task<int> attempts(std::string event_id, std::string subscriber) override;
    Task<> park(store::Parked parked) override;
    Task<std::vector<store::Parked>> parked(std::size_t limit) override;
    Task<> unpark(std::string event_id, std::string subscriber) override;

    [[nodiscard]] Counters counters() const;

private:
    std::shared_ptr<Core> core_;
};

} // namespace backline::sqlite
