#include "adapters/sqlite/schema.hpp"

#include "adapters/sqlite/page_guard.hpp"
#include "adapters/sqlite/unusable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace backline::sqlite {

namespace {

constexpr std::int64_t application_id = 0x424B4C4E; // "BKLN"

constexpr const char* shared_tables = R"sql(
CREATE TABLE outbox (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
    traceparent TEXT NOT NULL, checksum INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
CREATE TABLE attempts (
    event_id TEXT NOT NULL, subscriber TEXT NOT NULL, attempts INTEGER NOT NULL,
    PRIMARY KEY (event_id, subscriber)) STRICT, WITHOUT ROWID;
CREATE TABLE parked (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
    traceparent TEXT NOT NULL, checksum INTEGER NOT NULL, data TEXT NOT NULL,
    subscriber TEXT NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
    parked_at INTEGER NOT NULL, UNIQUE (id, subscriber)) STRICT;
CREATE INDEX parked__by__time ON parked (parked_at, place);
)sql";

void demand(bool obeyed, const std::string& path, const char* setting) {
    if (obeyed) return;
    throw Unusable(
        fmt::format("SQLite does not accept {} for {}, which durability rests on.", setting, path)
    );
}

/// Sets it where the database is new, and reads it back in any case.
void reserve_room_for_checksums(Connection& connection, const std::string& path) {
    connection.run(fmt::format("PRAGMA page_size = {}", PageGuard::page_bytes).c_str());
    int bytes = PageGuard::reserved_bytes;
    sqlite3_file_control(connection.raw(), nullptr, SQLITE_FCNTL_RESERVE_BYTES, &bytes);
    bytes = -1;
    sqlite3_file_control(connection.raw(), nullptr, SQLITE_FCNTL_RESERVE_BYTES, &bytes);
    demand(bytes == PageGuard::reserved_bytes, path, "reserved bytes for page checksums");
    demand(
        connection.number("PRAGMA page_size") == PageGuard::page_bytes, path, "a page size of 4096"
    );
}

void set_durable(Connection& connection, const std::string& path) {
    reserve_room_for_checksums(connection, path);
    demand(connection.text("PRAGMA journal_mode = WAL") == "wal", path, "journal_mode WAL");
    connection.run("PRAGMA synchronous = FULL");
    demand(connection.number("PRAGMA synchronous") == 2, path, "synchronous FULL");
    demand(connection.number("PRAGMA wal_autocheckpoint") == 0, path, "wal_autocheckpoint 0");
    // Debian's SQLite overwrites deleted rows with zeros; FAST does so only where the page is written anyway.
    connection.run("PRAGMA secure_delete = FAST");
}

void create_shared_tables(Connection& connection) {
    connection.run("BEGIN IMMEDIATE");
    connection.run(shared_tables);
    connection.run(fmt::format("PRAGMA application_id = {}", application_id).c_str());
    connection.run(fmt::format("PRAGMA user_version = {}", schema_number).c_str());
    connection.run("COMMIT");
}

void check_schema_number(Connection& connection, const std::string& path) {
    const std::int64_t number = connection.number("PRAGMA user_version");
    if (number == schema_number) return;
    throw Unusable(fmt::format(
        "The database {} has schema {}, written by {} version of Backline; this program reads "
        "schema {}.",
        path,
        number,
        number > schema_number ? "a newer" : "an older",
        schema_number
    ));
}

using Definitions = std::map<std::string, std::string>; ///< Name of an index to its SQL.

Definitions present_indexes(Connection& connection, const Layout& layout) {
    Statement statement = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = "
                                             "'index' AND tbl_name = ?1 AND sql IS NOT NULL");
    statement.bind(1, layout.table());
    Definitions present;
    while (statement.step()) {
        present.emplace(std::string(statement.text(0)), std::string(statement.text(1)));
    }
    return present;
}

Definitions wanted_indexes(const store::CollectionSpec& spec, const Layout& layout) {
    Definitions wanted;
    for (std::size_t index = 0; index < spec.indexes.size(); ++index) {
        wanted.emplace(layout.index_name(index), layout.create_index(index));
    }
    return wanted;
}

void drop_other_indexes(
    Connection& connection, const Definitions& present, const Definitions& wanted
) {
    for (const auto& [name, sql] : present) {
        const auto found = wanted.find(name);
        if (found != wanted.end() && found->second == sql) continue;
        connection.run(fmt::format("DROP INDEX \"{}\"", name).c_str());
    }
}

void create_missing_indexes(
    Connection& connection,
    const store::CollectionSpec& spec,
    const Definitions& present,
    const Definitions& wanted
) {
    for (const auto& [name, sql] : wanted) {
        const auto found = present.find(name);
        if (found != present.end() && found->second == sql) continue;
        try {
            connection.run(sql.c_str());
        } catch (const SqliteError& error) {
            if ((error.code() & 0xFF) != SQLITE_CONSTRAINT) throw;
            throw Unusable(fmt::format(
                "The unique index {} cannot be added to {}: documents share a key.",
                name,
                spec.full_name()
            ));
        }
    }
}

std::set<std::string> present_columns(Connection& connection, const Layout& layout) {
    Statement statement = connection.prepare(
        "SELECT '\"' || name || '\"' FROM pragma_table_info(?1) WHERE name LIKE 'k\\_%' ESCAPE '\\'"
    );
    statement.bind(1, layout.table());
    std::set<std::string> present;
    while (statement.step()) present.emplace(statement.text(0));
    return present;
}

void add_column(
    Connection& connection,
    const store::CollectionSpec& spec,
    const Layout& layout,
    const KeyColumn& column
) {
    if (connection.number(fmt::format("SELECT EXISTS (SELECT 1 FROM {})", layout.table())) != 0) {
        throw Unusable(fmt::format(
            "The collection {} holds documents that were written before {} was indexed; they have "
            "to be "
            "rewritten by a migration before this version can start.",
            spec.full_name(),
            spec.indexes[column.index].fields[column.position]
        ));
    }
    connection.run(
        fmt::format("ALTER TABLE {} ADD COLUMN {} ANY", layout.table(), column.name).c_str()
    );
}

/// A column that no index declares any more goes: documents written from now on would leave it empty, and an index that
/// comes back later would trust it.
void drop_columns(
    Connection& connection, const Layout& layout, const std::set<std::string>& names
) {
    for (const std::string& name : names) {
        connection.run(fmt::format("ALTER TABLE {} DROP COLUMN {}", layout.table(), name).c_str());
    }
}

} // namespace

void prepare_file(Connection& connection, const std::string& path) {
    const bool is_new = connection.number("SELECT COUNT(*) FROM sqlite_schema") == 0;
    const bool is_ours = connection.number("PRAGMA application_id") == application_id;
    if (!is_new && !is_ours) throw Unusable(fmt::format("{} is not a database of Backline.", path));
    if (!is_new) check_schema_number(connection, path);
    set_durable(connection, path);
    if (is_new) create_shared_tables(connection);
}

void prepare_collection(
    Connection& connection, const store::CollectionSpec& spec, const Layout& layout
) {
    connection.run(layout.create_table().c_str());
    connection.run(layout.create_log().c_str());
    const Definitions present = present_indexes(connection, layout);
    const Definitions wanted = wanted_indexes(spec, layout);
    drop_other_indexes(connection, present, wanted);
    std::set<std::string> surplus = present_columns(connection, layout);
    for (const KeyColumn& column : layout.columns()) {
        if (surplus.erase(column.name) == 0) add_column(connection, spec, layout, column);
    }
    drop_columns(connection, layout, surplus);
    create_missing_indexes(connection, spec, present, wanted);
}

} // namespace backline::sqlite
