#include "adapters/sqlite/layout.hpp"

#include "platform/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace backline::sqlite {

namespace {

bool is_plain(std::string_view name, std::string_view also) {
    const auto allowed = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
               also.find(c) != std::string_view::npos;
    };
    return !name.empty() && std::ranges::all_of(name, allowed);
}

std::string column_of(const std::string& field) {
    INVARIANT(is_plain(field, "."), "an indexed field is a path of snake_case names");
    return fmt::format("\"k_{}\"", field);
}

} // namespace

Layout::Layout(const store::CollectionSpec& spec) : spec_(spec) {
    INVARIANT(
        is_plain(spec.service, "") && is_plain(spec.name, ""), "collections have plain names"
    );
    INVARIANT(spec.full_name().find("__") == std::string::npos, "__ separates names in tables");
    table_ = spec.service + "__" + spec.name;
    for (std::size_t index = 0; index < spec.indexes.size(); ++index) {
        std::vector<std::size_t>& positions = indexes_.emplace_back();
        const std::vector<std::string>& fields = spec.indexes[index].fields;
        for (std::size_t position = 0; position < fields.size(); ++position) {
            const std::string name = column_of(fields[position]);
            const auto known = std::ranges::find(columns_, name, &KeyColumn::name);
            positions.push_back(static_cast<std::size_t>(known - columns_.begin()));
            if (known == columns_.end()) columns_.push_back(KeyColumn{name, index, position});
        }
    }
    INVARIANT(columns_.size() <= 64, "a collection indexes at most 64 fields");
}

const std::vector<std::size_t>& Layout::index_columns(std::size_t index) const {
    return indexes_.at(index);
}

std::string Layout::create_table() const {
    std::string keys;
    for (const KeyColumn& column : columns_) keys += fmt::format("{} ANY, ", column.name);
    return fmt::format(
        "CREATE TABLE IF NOT EXISTS {} (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, "
        "events INTEGER NOT NULL, entries INTEGER NOT NULL, schema INTEGER NOT NULL, "
        "operation TEXT NOT NULL, checksum INTEGER NOT NULL, {}body TEXT NOT NULL) STRICT",
        table_,
        keys
    );
}

std::string Layout::create_log() const {
    return fmt::format(
        "CREATE TABLE IF NOT EXISTS {} (aggregate TEXT NOT NULL, number INTEGER NOT NULL, "
        "type TEXT NOT NULL, checksum INTEGER NOT NULL, body TEXT NOT NULL, "
        "PRIMARY KEY (aggregate, number)) STRICT, WITHOUT ROWID",
        log_table()
    );
}

std::string Layout::index_name(std::size_t index) const {
    return fmt::format("{}__by__{}", table_, spec_.indexes.at(index).name);
}

/// A unique index of SQLite lets any number of rows share a key with a NULL in it, which is what the port asks for.
/// Other indexes end with the id, so that rows come out of them in the port's order.
std::string Layout::create_index(std::size_t index) const {
    std::string columns;
    for (const std::size_t column : indexes_.at(index)) {
        columns += fmt::format("{}{}", columns.empty() ? "" : ", ", columns_[column].name);
    }
    const bool unique = spec_.indexes.at(index).unique;
    if (!unique) columns += columns.empty() ? "id" : ", id";
    return fmt::format(
        "CREATE {}INDEX \"{}\" ON {} ({})",
        unique ? "UNIQUE " : "",
        index_name(index),
        table_,
        columns
    );
}

std::string Layout::select_current() const {
    std::string keys;
    for (const KeyColumn& column : columns_) keys += ", " + column.name;
    return fmt::format("SELECT rowid, version, operation{} FROM {} WHERE id = ?1", keys, table_);
}

std::string Layout::insert() const {
    std::string names;
    std::string values;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        names += ", " + columns_[column].name;
        values += fmt::format(", ?{}", column + 9);
    }
    return fmt::format(
        "INSERT INTO {} (id, version, events, entries, schema, operation, checksum, body{}) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8{})",
        table_,
        names,
        values
    );
}

std::string Layout::update(std::uint64_t changed) const {
    std::string keys;
    int parameter = 9;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        if ((changed >> column & 1) == 0) continue;
        keys += fmt::format(", {} = ?{}", columns_[column].name, parameter++);
    }
    return fmt::format(
        "UPDATE {} SET version = ?2, events = ?3, entries = ?4, schema = ?5, operation = ?6, "
        "checksum = ?7, body = ?8{} WHERE rowid = ?1",
        table_,
        keys
    );
}

std::string Layout::select_taken(std::size_t index) const {
    std::string where;
    int parameter = 2;
    for (const std::size_t column : indexes_.at(index)) {
        where += fmt::format(" AND {} = ?{}", columns_[column].name, parameter++);
    }
    return fmt::format("SELECT 1 FROM {} WHERE id <> ?1{}", table_, where);
}

std::string Layout::insert_log() const {
    return fmt::format(
        "INSERT OR IGNORE INTO {} (aggregate, number, type, checksum, body) "
        "VALUES (?1, ?2, ?3, ?4, ?5)",
        log_table()
    );
}

std::string Layout::select_log() const {
    return fmt::format(
        "SELECT aggregate, number, type, checksum, body FROM {} "
        "WHERE aggregate = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
        log_table()
    );
}

} // namespace backline::sqlite
