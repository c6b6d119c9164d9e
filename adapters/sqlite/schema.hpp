#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/layout.hpp"

#include <string>

/// The tables that there must be, made where they are missing. Writer's connection only.
namespace backline::sqlite {

/// Raised when the tables below change shape.
inline constexpr int schema_number = 1;

/// Puts the writer's connection into the mode that durability rests on (and reads back that SQLite obeyed), refuses a
/// file that is not ours or of another schema number, and makes the tables that all collections share. `path` is for
/// the sentences. Throws `Unusable`.
void prepare_file(Connection& connection, const std::string& path);

/// Makes the tables and indexes of one collection what its spec says. Indexes are added, changed and dropped freely as
/// long as their fields have columns. A new field gets a column only while the collection is empty, since what lies in
/// bodies is not this adapter's to read: otherwise throws `Unusable`, and nothing has changed once the transaction is
/// rolled back. Runs inside the caller's transaction.
void prepare_collection(
    Connection& connection, const store::CollectionSpec& spec, const Layout& layout
);

} // namespace backline::sqlite
