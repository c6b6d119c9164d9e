#pragma once

#include "adapters/sqlite/work.hpp"
#include "platform/base/time.hpp"

#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// Group commit, without threads and without SQLite: what waits, what goes into the next transaction, and what may be
/// answered when. The writer thread drives it; tests and the simulator can drive it as well.
namespace backline::sqlite {

/// What one transaction carries.
struct Group {
    std::vector<WriteItem> items{};
    std::vector<Settled> settled{};

    [[nodiscard]] bool empty() const { return items.empty() && settled.empty(); }
};

/// What has gathered while the previous transaction was being made durable. Writes go first come, first served, and
/// are never held back to fill a group. Settling is lazy: it rides with the next group and asks for a transaction of
/// its own only when no other work came for a while. One thread, or under one lock.
class GroupQueue final {
public:
    struct Limits {
        std::size_t items = 64; ///< Writes in one transaction.
        std::size_t settled =
            1024; ///< Settled events in one transaction, so that its length stays bounded.
        std::size_t waiting = 4096; ///< Writes that wait; more are refused.
        Duration lazy_for{50};      ///< How long settling waits for company.
    };

    GroupQueue();
    explicit GroupQueue(Limits limits);

    /// False if as many writes wait as may.
    [[nodiscard]] bool has_room() const { return waiting_.size() < limits_.waiting; }

    void add(Ticket ticket, Write write);
    void settle(std::vector<Settled> events, Monotonic now);

    /// Takes a write back whose caller no longer waits. False if it is under way or over.
    bool withdraw(Ticket ticket);

    /// The next transaction, or an empty group if nothing is due at `now`. With `all`, lazy work is due at once.
    [[nodiscard]] Group take(Monotonic now, bool all = false);

    /// Lazy work of a transaction that did not take place waits again, for `pause_for` at least.
    void give_back(std::vector<Settled> events, Monotonic now, Duration pause_for);

    /// When lazy work will be due; none if there is none.
    [[nodiscard]] std::optional<Monotonic> lazy_due() const { return lazy_due_; }

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    [[nodiscard]] std::size_t settling() const { return settled_.size(); }

private:
    Limits limits_;
    std::deque<WriteItem> waiting_;
    std::deque<Settled> settled_;
    std::optional<Monotonic> lazy_due_;
};

/// Nothing of this transaction was written and a later one may succeed: no space, a lock. The text is one sentence.
class NotNow final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The disk or the file can no longer be trusted, and what the transaction left behind is unknown. The process ends.
class StorageFailed final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One transaction at a time, as `run_group` needs it. Each call may throw `NotNow` or `StorageFailed`; anything else
/// that `apply` throws is the fault of that item alone.
class Transaction {
public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    virtual ~Transaction() = default;

    virtual void begin() = 0;
    virtual void apply(WriteItem& item) = 0;
    virtual void settle(const std::vector<Settled>& events) = 0;

    /// Durable when it returns.
    virtual void commit() = 0;

    /// Undoes everything since `begin`, wherever that stopped.
    virtual void rollback() noexcept = 0;
};

enum class GroupEnd {
    durable, ///< Every answer may be given.
    refused, ///< Nothing was written; every item is answered with `Unavailable(not_done)`.
    failed,  ///< The outcome is unknown and the process must end.
};

struct GroupOutcome {
    GroupEnd end = GroupEnd::durable;
    std::string reason{}; ///< One sentence, unless durable.
};

/// Makes the group durable as one transaction and fills in its items' answers, which may be given out only when this
/// has returned. An item that fails alone gets its exception as answer, and the others are run again without it.
GroupOutcome run_group(Group& group, Transaction& transaction);

} // namespace backline::sqlite
