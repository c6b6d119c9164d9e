#pragma once

#include "platform/async/wait.hpp"
#include "platform/store/store.hpp"

#include <deque>
#include <optional>
#include <utility>

namespace backline::contract {

/// A store that fails on command, in front of a real one; it also counts. Loop thread only.
class FaultyStore final : public store::Store {
public:
    enum class Fault {
        none,
        not_done,    ///< Refused at once, and says so.
        lost_before, ///< Never arrives; the outcome is unknown.
        lost_after,  ///< Takes place, and the reply is lost.
        late,        ///< The outcome is unknown, and it takes place only at `commit_late`.
        conflict,    ///< As if another process had been faster.
    };

    FaultyStore(Store& inner, Runtime& runtime) : inner_(inner), released_(runtime) {}

    /// The next commit meets this fault, the one after it the next of them.
    void fail_next(Fault fault) { faults_.push_back(fault); }

    /// Every commit that meets no other fault meets this one.
    void fail_always(Fault fault) { always_ = fault; }

    /// What the next `find` (or `pending`) reads is handed out only at `release`.
    void hold_next_find() { holding_ = hold_find_ = true; }

    void hold_next_pending() { holding_ = hold_pending_ = true; }

    void release();

    /// `pending` is unavailable for as long as this is set.
    void fail_pending(bool fails) { fail_pending_ = fails; }

    /// The commit that was `late` arrives.
    Task<store::CommitResult> commit_late() { return inner_.commit(std::move(*late_)); }

    [[nodiscard]] int commits() const { return commits_; } ///< Those that took place.

    [[nodiscard]] int conflicts() const { return conflicts_; } ///< Without the made up ones.

    // How often it was asked.
    [[nodiscard]] int finds() const { return finds_; }

    [[nodiscard]] int pendings() const { return pendings_; }

    Task<> open(const store::CollectionSpec& collection) override {
        return inner_.open(collection);
    }

    Task<std::optional<store::Stored>> find(const store::CollectionSpec& collection, std::string id)
        override;

    Task<std::vector<store::Found>> page(
        const store::CollectionSpec& collection, store::Query query
    ) override {
        return inner_.page(collection, std::move(query));
    }

    Task<std::vector<store::Stored>> scan(
        const store::CollectionSpec& collection, std::string after, std::size_t limit
    ) override {
        return inner_.scan(collection, std::move(after), limit);
    }

    Task<store::CommitResult> commit(store::Commit commit) override;

    Task<std::vector<store::LogEntry>> log(
        const store::CollectionSpec& collection,
        std::string aggregate,
        std::int64_t after,
        std::size_t limit
    ) override {
        return inner_.log(collection, std::move(aggregate), after, limit);
    }

    [[nodiscard]] bool exclusive() const override { return inner_.exclusive(); }

    void on_committed(Committed listener) override { inner_.on_committed(std::move(listener)); }

    Task<std::vector<Pending>> pending(std::string after, std::size_t limit) override;

    void settle(std::vector<std::string> event_ids) override {
        inner_.settle(std::move(event_ids));
    }

    [[nodiscard]] std::size_t backlog() const override { return inner_.backlog(); }

private:
    Task<> until_released();
    Fault next_fault();

    Store& inner_;
    Signal released_;
    std::deque<Fault> faults_;
    std::optional<store::Commit> late_;
    Fault always_ = Fault::none;
    bool hold_find_ = false;
    bool hold_pending_ = false;
    bool fail_pending_ = false;
    bool holding_ = false;
    int commits_ = 0;
    int conflicts_ = 0;
    int finds_ = 0;
    int pendings_ = 0;
};

} // namespace backline::contract
