#pragma once

#include "adapters/mongo/settings.hpp"
#include "platform/async/runtime.hpp"
#include "platform/store/store.hpp"

#include <memory>

namespace backline::mongo {

/// Documents, outbox and logs in a MongoDB replica set (5.0 or later), shared by all processes: see
/// docs/adr/0019-mongo-store.md. A database per service, a collection per spec and one for its log.
///
/// **Durability.** A commit is one write of one document, acknowledged by a majority with journal. When its reply is
/// lost the document is asked what became of it, and the commit sent again if it did not take place; `unknown` is
/// thrown only if that cannot be found out within `commits_within`.
///
/// **Reads** ask the primary for what a majority has, at or after the newest point that this process knows of.
///
/// **The outbox** lies in the documents. What is settled is pulled out in the background; `backlog` counts, once in
/// `tidies_every`, what all processes left there.
///
/// **Failure.** Whatever cannot be read, or was certainly not written, is `Unavailable(not_done)`.
///
/// **Threads.** Everything that blocks runs on `lane`, which has `Settings::connections` threads; all else on the loop.
/// `stop` before destroying it, with no call under way. A store that is dropped without it waits for what runs on the
/// lane, and its loop must forget what it was to resume.
class MongoStore final : public store::Store {
public:
    /// Connects to nobody yet. Throws `Unusable` if the URL will not do.
    MongoStore(Runtime& loop, Runtime& lane, const Settings& settings);
    ~MongoStore() override;

    /// Background work begins with the first collection that is opened. Throws `Unusable` if the server or what lies
    /// there will not do.
    Task<> open(const store::CollectionSpec& collection) override;

    /// Ends the background work: what was settled is pulled, unless the server is away.
    Task<> stop();

    Task<std::optional<store::Stored>> find(const store::CollectionSpec& collection, std::string id)
        override;

    /// The first page over a unique index that asks for more than one whole key makes an index for such pages.
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

    [[nodiscard]] bool exclusive() const override { return false; }

    void on_committed(Committed listener) override;
    Task<std::vector<Pending>> pending(std::string after, std::size_t limit) override;
    void settle(std::vector<std::string> event_ids) override;
    [[nodiscard]] std::size_t backlog() const override;

private:
    class Parts;

    std::unique_ptr<Parts> parts_;
};

} // namespace backline::mongo
