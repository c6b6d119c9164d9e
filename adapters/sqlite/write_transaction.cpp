#include "adapters/sqlite/write_transaction.hpp"

#include "adapters/sqlite/checksum.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/severity.hpp"
#include "platform/base/invariant.hpp"

#include <fmt/format.h>

namespace backline::sqlite {

using store::Commit;
using store::CommitResult;

namespace {

std::string event_placeholders() {
    std::string text = "?1";
    for (int parameter = 2; parameter <= event_column_count + 1; ++parameter) {
        text += fmt::format(", ?{}", parameter);
    }
    return text;
}

} // namespace

/// The statements of one collection.
struct WriteTransaction::Table {
    Table(Connection& connection, const store::CollectionSpec& spec)
        : layout(spec)
        , select_current(connection.prepare(layout.select_current()))
        , insert(connection.prepare(layout.insert()))
        , insert_log(connection.prepare(layout.insert_log())) {}

    Layout layout;
    Statement select_current;
    Statement insert;
    Statement insert_log;
    std::map<std::uint64_t, Statement> updates; ///< By the key columns that they change.
};

/// What the document's row says before the commit.
struct WriteTransaction::Current {
    std::int64_t rowid = 0;
    std::int64_t version = 0; ///< 0: there is no row.
    bool same_operation = false;
    std::uint64_t changed_keys = 0;
};

/// The statements that all collections share.
struct WriteTransaction::Shared {
    explicit Shared(Connection& connection)
        : begin(connection.prepare("BEGIN IMMEDIATE"))
        , commit(connection.prepare("COMMIT"))
        , rollback(connection.prepare("ROLLBACK"))
        , insert_event(connection.prepare(fmt::format(
              "INSERT INTO outbox (place, {}) VALUES ({})", event_columns, event_placeholders()
          )))
        , delete_event(connection.prepare("DELETE FROM outbox WHERE place = ?1"))
        , delete_attempts(connection.prepare("DELETE FROM attempts WHERE event_id = ?1"))
        , note_attempts(connection.prepare(
              "INSERT INTO attempts (event_id, subscriber, attempts) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (event_id, subscriber) DO UPDATE SET attempts = excluded.attempts"
          ))
        , park(connection.prepare(fmt::format(
              "INSERT OR REPLACE INTO parked (subscriber, {}, attempts, reason, parked_at) "
              "VALUES ({}, ?12, ?13, ?14)",
              event_columns,
              event_placeholders()
          )))
        , unpark(connection.prepare("DELETE FROM parked WHERE id = ?1 AND subscriber = ?2")) {}

    Statement begin;
    Statement commit;
    Statement rollback;
    Statement insert_event;
    Statement delete_event;
    Statement delete_attempts;
    Statement note_attempts;
    Statement park;
    Statement unpark;
};

WriteTransaction::WriteTransaction(Connection& connection, Place next_place)
    : connection_(connection)
    , next_place_(next_place)
    , shared_(std::make_unique<Shared>(connection)) {}

WriteTransaction::~WriteTransaction() = default;

void WriteTransaction::begin() {
    guarded([&] { shared_->begin.execute(); });
}

void WriteTransaction::commit() {
    guarded([&] { shared_->commit.execute(); });
}

void WriteTransaction::rollback() noexcept {
    // Some errors end the transaction by themselves.
    if (sqlite3_get_autocommit(connection_.raw()) != 0) return;
    // Where this fails the connection is lost, and the next `begin` says so.
    shared_->rollback.try_execute();
}

void WriteTransaction::apply(WriteItem& item) {
    guarded([&] { std::visit([&](const auto& work) { write(item, work); }, item.write); });
}

void WriteTransaction::settle(const std::vector<Settled>& events) {
    guarded([&] {
        for (const Settled& event : events) {
            shared_->delete_event.bind(1, event.place).execute();
            if (event.event_id.empty()) continue;
            shared_->delete_attempts.bind(1, event.event_id).execute();
        }
    });
}

void WriteTransaction::write(WriteItem&, const OpenCollection& open) {
    prepare_collection(connection_, *open.collection, Layout(*open.collection));
}

void WriteTransaction::write(WriteItem& item, const Commit& commit) {
    INVARIANT(commit.keys.size() == commit.collection->indexes.size(), "a key for every index");
    INVARIANT(commit.document.version == commit.base_version + 1, "a commit is one version");
    Table& table = table_of(*commit.collection);
    const Current current = current_of(table, commit);
    if (current.same_operation) return;
    if (current.version != commit.base_version) {
        item.answer.result.kind = CommitResult::Kind::conflict;
        return;
    }
    if (!put_document(table, commit, current)) {
        item.answer.result = {CommitResult::Kind::duplicate, taken_index(table, commit)};
        return;
    }
    add_entries(table, commit);
    add_events(item, commit);
}

WriteTransaction::Table& WriteTransaction::table_of(const store::CollectionSpec& spec) {
    std::unique_ptr<Table>& table = tables_[&spec];
    if (!table) table = std::make_unique<Table>(connection_, spec);
    return *table;
}

WriteTransaction::Current WriteTransaction::current_of(Table& table, const Commit& commit) {
    Statement& row = table.select_current;
    const Use use(row);
    row.bind(1, commit.document.id);
    if (!row.step()) return {};
    Current current{.rowid = row.number(0), .version = row.number(1)};
    current.same_operation = !commit.operation.empty() && row.text(2) == commit.operation;
    const std::vector<KeyColumn>& columns = table.layout.columns();
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const store::Value& value = commit.keys[columns[column].index].at(columns[column].position);
        const bool changed = row.value(static_cast<int>(column) + 3) != value;
        current.changed_keys |= std::uint64_t{changed} << column;
    }
    return current;
}

/// False if a unique index refuses. No savepoint is needed for that: SQLite checks before it writes, and the document
/// is the first that an item writes.
bool WriteTransaction::put_document(Table& table, const Commit& commit, const Current& current) {
    const bool is_new = commit.base_version == 0;
    const std::uint64_t bound = is_new ? ~std::uint64_t{0} : current.changed_keys;
    if (!is_new && !table.updates.contains(bound)) {
        table.updates.emplace(bound, connection_.prepare(table.layout.update(bound)));
    }
    Statement& row = is_new ? table.insert : table.updates.at(bound);
    const store::Stored& document = commit.document;
    if (is_new) {
        row.bind(1, document.id);
    } else {
        row.bind(1, current.rowid);
    }
    row.bind(2, document.version)
        .bind(3, document.events)
        .bind(4, document.entries)
        .bind(5, std::int64_t{document.schema})
        .bind(6, commit.operation)
        .bind(7, checksum(document))
        .bind(8, document.body);
    int parameter = 9;
    for (std::size_t column = 0; column < table.layout.columns().size(); ++column) {
        if ((bound >> column & 1) == 0) continue;
        const KeyColumn& key = table.layout.columns()[column];
        row.bind_value(parameter++, commit.keys[key.index].at(key.position));
    }
    try {
        row.execute();
        return true;
    } catch (const SqliteError& error) {
        if (error.code() != SQLITE_CONSTRAINT_UNIQUE) throw;
        return false;
    }
}

std::string WriteTransaction::taken_index(Table& table, const Commit& commit) {
    for (std::size_t index = 0; index < commit.keys.size(); ++index) {
        if (!commit.collection->indexes[index].unique) continue;
        Statement other = connection_.prepare(table.layout.select_taken(index));
        other.bind(1, commit.document.id);
        int parameter = 2;
        for (const store::Value& value : commit.keys[index]) other.bind_value(parameter++, value);
        if (other.step()) return commit.collection->indexes[index].name;
    }
    invariant_broken("taken_index", "a unique violation belongs to one of the declared indexes");
}

void WriteTransaction::add_entries(Table& table, const Commit& commit) {
    for (const store::LogEntry& entry : commit.entries) {
        table.insert_log.bind(1, entry.aggregate)
            .bind(2, entry.number)
            .bind(3, entry.type)
            .bind(4, checksum(entry))
            .bind(5, entry.body)
            .execute();
    }
}

void WriteTransaction::add_events(WriteItem& item, const Commit& commit) {
    item.answer.first_place = next_place_;
    for (const store::EventRecord& event : commit.events) {
        shared_->insert_event.bind(1, next_place_++);
        bind_event(shared_->insert_event, 2, event);
        shared_->insert_event.execute();
    }
}

void WriteTransaction::write(WriteItem&, const NoteAttempts& note) {
    shared_->note_attempts.bind(1, note.event_id)
        .bind(2, note.subscriber)
        .bind(3, std::int64_t{note.attempts})
        .execute();
}

void WriteTransaction::write(WriteItem&, const Park& park) {
    const store::Parked& parked = park.parked;
    shared_->park.bind(1, parked.subscriber);
    bind_event(shared_->park, 2, parked.event);
    shared_->park.bind(12, std::int64_t{parked.attempts})
        .bind(13, parked.reason)
        .bind(14, std::int64_t{parked.parked_at.time_since_epoch().count()})
        .execute();
}

void WriteTransaction::write(WriteItem&, const Unpark& unpark) {
    shared_->unpark.bind(1, unpark.event_id).bind(2, unpark.subscriber).execute();
}

} // namespace backline::sqlite
