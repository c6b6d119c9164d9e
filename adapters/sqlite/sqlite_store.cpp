#include "adapters/sqlite/sqlite_store.hpp"

#include "adapters/sqlite/core.hpp"
#include "platform/base/invariant.hpp"

#include <fmt/format.h>

#include <charconv>

namespace backline::sqlite {

namespace {

/// Fixed width, so that places sort as text.
std::string place_text(Place place) {
    return fmt::format("{:020}", place);
}

Place place_of(const std::string& text) {
    if (text.empty()) return 0;
    Place place = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
    INVARIANT(
        error == std::errc{} && end == text.data() + text.size(), "a place comes from `pending`"
    );
    return place;
}

} // namespace

SqliteStore::SqliteStore(LoopPoster& loop, const Settings& settings, Fatal fatal)
    : core_(std::make_shared<Core>(loop, settings, std::move(fatal))) {}

SqliteStore::~SqliteStore() {
    core_->close();
}

Task<> SqliteStore::open(const store::CollectionSpec& collection) {
    const OpenCollection open{&collection};
    co_await core_->write(open);
}

Task<std::optional<store::Stored>> SqliteStore::find(
    const store::CollectionSpec& collection, std::string id
) {
    FindDocument wanted{&collection, std::move(id)};
    Rows rows = co_await core_->read(std::move(wanted));
    co_return std::get<std::optional<store::Stored>>(std::move(rows));
}

Task<std::vector<store::Found>> SqliteStore::page(
    const store::CollectionSpec& collection, store::Query query
) {
    ReadPage wanted{&collection, std::move(query)};
    Rows rows = co_await core_->read(std::move(wanted));
    co_return std::get<std::vector<store::Found>>(std::move(rows));
}

Task<std::vector<store::Stored>> SqliteStore::scan(
    const store::CollectionSpec& collection, std::string after, std::size_t limit
) {
    ScanDocuments wanted{&collection, std::move(after), limit};
    Rows rows = co_await core_->read(std::move(wanted));
    co_return std::get<std::vector<store::Stored>>(std::move(rows));
}

Task<store::CommitResult> SqliteStore::commit(store::Commit commit) {
    WriteAnswer answer = co_await core_->write(std::move(commit));
    co_return std::move(answer.result);
}

Task<std::vector<store::LogEntry>> SqliteStore::log(
    const store::CollectionSpec& collection,
    std::string aggregate,
    std::int64_t after,
    std::size_t limit
) {
    ReadLog wanted{&collection, std::move(aggregate), after, limit};
    Rows rows = co_await core_->read(std::move(wanted));
    co_return std::get<std::vector<store::LogEntry>>(std::move(rows));
}

void SqliteStore::on_committed(Committed listener) {
    core_->on_committed(std::move(listener));
}

/// Rows that are settled but not deleted yet are passed over.
Task<std::vector<store::Store::Pending>> SqliteStore::pending(
    std::string after, std::size_t limit
) {
    Place place = place_of(after);
    std::vector<Pending> pending;
    while (pending.size() < limit) {
        const ReadPending wanted{place, limit - pending.size()};
        Rows rows = co_await core_->read(wanted);
        auto& events = std::get<std::vector<PendingEvent>>(rows);
        for (PendingEvent& event : events) {
            place = event.place;
            if (!core_->outbox().holds(event.event.id)) continue;
            pending.push_back(Pending{place_text(place), std::move(event.event)});
        }
        if (events.size() < wanted.limit) break;
    }
    co_return pending;
}

void SqliteStore::settle(std::vector<std::string> event_ids) {
    core_->settle(event_ids);
}

std::size_t SqliteStore::backlog() const {
    return core_->outbox().size();
}

Task<> SqliteStore::note_attempts(std::string event_id, std::string subscriber, int attempts) {
    NoteAttempts note{std::move(event_id), std::move(subscriber), attempts};
    co_await core_->write(std::move(note));
}

Task<int> SqliteStore::attempts(std::string event_id, std::string subscriber) {
    co_return core_->outbox().attempts(event_id, subscriber);
}

Task<> SqliteStore::park(store::Parked parked) {
    Park park{std::move(parked)};
    co_await core_->write(std::move(park));
}

Task<std::vector<store::Parked>> SqliteStore::parked(std::size_t limit) {
    const ReadParked wanted{limit};
    Rows rows = co_await core_->read(wanted);
    co_return std::get<std::vector<store::Parked>>(std::move(rows));
}

Task<> SqliteStore::unpark(std::string event_id, std::string subscriber) {
    Unpark unpark{std::move(event_id), std::move(subscriber)};
    co_await core_->write(std::move(unpark));
}

Counters SqliteStore::counters() const {
    return core_->counters();
}

} // namespace backline::sqlite
