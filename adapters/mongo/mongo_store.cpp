#include "adapters/mongo/mongo_store.hpp"

#include "adapters/mongo/committing.hpp"
#include "adapters/mongo/log_mover.hpp"
#include "adapters/mongo/opening.hpp"
#include "adapters/mongo/outbox.hpp"
#include "adapters/mongo/reads.hpp"
#include "adapters/mongo/unusable.hpp"
#include "adapters/mongo/workshop.hpp"
#include "platform/base/invariant.hpp"

namespace backline::mongo {

namespace {

constexpr Duration between_openings{500};

/// Every way of `offloaded` hands back a value.
struct Done {};

} // namespace

class MongoStore::Parts final {
public:
    Parts(Runtime& loop, Runtime& lane, const Settings& settings)
        : workshop_(loop, lane, settings)
        , outbox_(workshop_, collections_) {}

    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    ~Parts() { workshop_.wait_until_idle(); }

    Workshop& workshop() { return workshop_; }

    Outbox& outbox() { return outbox_; }

    [[nodiscard]] const Outbox& outbox() const { return outbox_; }

    const Layout& layout(const store::CollectionSpec& spec) const {
        const auto found = collections_.find(spec.full_name());
        INVARIANT(found != collections_.end(), "a collection is opened before it is used");
        return found->second;
    }

    Task<> open(const store::CollectionSpec& spec) {
        const Layout layout(spec, workshop_.settings().database_prefix);
        co_await open_patiently(layout);
        collections_.try_emplace(spec.full_name(), layout);
        if (!tidying_) tasks_.spawn(tidy_until_stopped());
        tidying_ = true;
    }

    Task<> make_pageable(const Layout& layout, const store::Query& query) {
        const bool unique = layout.spec().indexes.at(query.index).unique;
        const std::string name = layout.spec().full_name() + "." + layout.paging_index(query.index);
        if (!unique || layout.is_unique_look_up(query) || pageable_.contains(name)) co_return;
        const std::size_t index = query.index;
        const auto work = [&layout, index](Session& session) {
            open_paging_index(session, layout, index);
            return Done{};
        };
        co_await workshop_.ask(work);
        pageable_.insert(name);
    }

    Task<> stop() {
        stopping_ = true;
        co_await tasks_.join();
        co_await outbox_.stop();
    }

    Committed listener;

    /// Takes along what was settled in the document meanwhile.
    Task<store::CommitResult> commit(const Layout& layout, const store::Commit& commit) {
        const std::string& id = commit.document.id;
        const Write write{commit, outbox_.take_settled(layout.spec().full_name(), id)};
        Committing committing(workshop_, layout, write);
        store::CommitResult result;
        try {
            result = co_await committing.run();
        } catch (const std::exception&) {
            outbox_.stayed(write.settled);
            throw;
        }
        if (result.kind == store::CommitResult::Kind::committed) {
            outbox_.left(write.settled);
        } else {
            outbox_.stayed(write.settled);
        }
        co_return result;
    }

private:
    /// A set may still start, or be electing its primary.
    Task<> open_patiently(const Layout& layout) {
        Runtime& loop = workshop_.loop();
        const Monotonic give_up_at = loop.now().monotonic + workshop_.settings().opens_within;
        for (;;) {
            const std::optional<Failed> failed = co_await try_to_open(layout);
            if (!failed) co_return;
            const bool hopeless = failed->stage() == Failed::Stage::refused;
            if (hopeless || loop.now().monotonic >= give_up_at) {
                throw Unusable(std::string("MongoDB cannot be used: ") + failed->what());
            }
            co_await sleep_for(loop, jittered(between_openings));
        }
    }

    Task<std::optional<Failed>> try_to_open(const Layout& layout) {
        const bool first = collections_.empty();
        const auto work = [&layout, first](Session& session) {
            if (first) check_server(session);
            open_collection(session, layout);
            return Done{};
        };
        try {
            co_await workshop_.run(work);
        } catch (const Failed& failed) {
            co_return failed;
        }
        co_return std::nullopt;
    }

    Task<> tidy_until_stopped() {
        while (!stopping_) {
            try {
                co_await tidy();
            } catch (const Unavailable&) {
                // The server is away; there is a next time.
            }
            co_await sleep_for(workshop_.loop(), jittered(workshop_.settings().tidies_every));
        }
    }

    Task<> tidy() {
        co_await outbox_.count();
        for (const auto& [name, layout] : collections_) {
            const Layout& moves = layout;
            const auto work = [&moves](Session& session) {
                return move_log_entries(session, moves);
            };
            for (bool more = true; more && !stopping_;) more = co_await workshop_.ask(work);
        }
    }

    /// Between three quarters and all of it, so that processes that started together do not meet each time.
    Duration jittered(Duration time) {
        const auto quarter = static_cast<std::uint64_t>(time.count() / 4);
        const std::uint64_t less = workshop_.loop().random() % (quarter + 1);
        return time - Duration{static_cast<std::int64_t>(less)};
    }

    Workshop workshop_;
    Collections collections_;
    Outbox outbox_;
    std::set<std::string> pageable_;
    bool tidying_ = false;
    bool stopping_ = false;
    TaskGroup tasks_;
};

MongoStore::MongoStore(Runtime& loop, Runtime& lane, const Settings& settings)
    : parts_(std::make_unique<Parts>(loop, lane, settings)) {}

MongoStore::~MongoStore() = default;

Task<> MongoStore::open(const store::CollectionSpec& collection) {
    return parts_->open(collection);
}

Task<> MongoStore::stop() {
    return parts_->stop();
}

Task<std::optional<store::Stored>> MongoStore::find(
    const store::CollectionSpec& collection, std::string id
) {
    const Layout& layout = parts_->layout(collection);
    const auto work = [&](Session& session) { return find_document(session, layout, id); };
    co_return co_await parts_->workshop().ask(work);
}

Task<std::vector<store::Found>> MongoStore::page(
    const store::CollectionSpec& collection, store::Query query
) {
    const Layout& layout = parts_->layout(collection);
    co_await parts_->make_pageable(layout, query);
    const auto work = [&](Session& session) { return read_page(session, layout, query); };
    co_return co_await parts_->workshop().ask(work);
}

Task<std::vector<store::Stored>> MongoStore::scan(
    const store::CollectionSpec& collection, std::string after, std::size_t limit
) {
    const Layout& layout = parts_->layout(collection);
    const auto work = [&](Session& session) {
        return scan_documents(session, layout, after, limit);
    };
    co_return co_await parts_->workshop().ask(work);
}

Task<store::CommitResult> MongoStore::commit(store::Commit commit) {
    INVARIANT(commit.document.version == commit.base_version + 1, "a commit is one version");
    const Layout& layout = parts_->layout(*commit.collection);
    store::CommitResult result = co_await parts_->commit(layout, commit);
    if (result.kind == store::CommitResult::Kind::committed && !commit.events.empty()) {
        parts_->outbox().committed(commit.events.size());
        if (parts_->listener) parts_->listener(std::move(commit.events));
    }
    co_return result;
}

Task<std::vector<store::LogEntry>> MongoStore::log(
    const store::CollectionSpec& collection,
    std::string aggregate,
    std::int64_t after,
    std::size_t limit
) {
    const Layout& layout = parts_->layout(collection);
    const auto work = [&](Session& session) {
        return read_log(session, layout, aggregate, after, limit);
    };
    co_return co_await parts_->workshop().ask(work);
}

void MongoStore::on_committed(Committed listener) {
    parts_->listener = std::move(listener);
}

Task<std::vector<store::Store::Pending>> MongoStore::pending(std::string after, std::size_t limit) {
    return parts_->outbox().pending(std::move(after), limit);
}

void MongoStore::settle(std::vector<std::string> event_ids) {
    parts_->outbox().settle(std::move(event_ids));
}

std::size_t MongoStore::backlog() const {
    return parts_->outbox().backlog();
}

} // namespace backline::mongo
