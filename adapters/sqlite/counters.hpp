#pragma once

#include <cstdint>

namespace backline::sqlite {

/// The work done since the store was opened; what "work per checkout" is counted from.
struct Counters {
    std::int64_t commits = 0;      ///< Commits that took place.
    std::int64_t events = 0;       ///< That came with them.
    std::int64_t transactions = 0; ///< Groups that wrote something: each is one fsync of the WAL.
    std::int64_t rows = 0; ///< Rows of tables inserted, updated and deleted; not those of indexes.
    std::int64_t checkpoints = 0;    ///< Each fsyncs the WAL and the database.
    std::int64_t reads = 0;          ///< Reads that went to the file.
    std::int64_t fsyncs = 0;         ///< Of all files.
    std::int64_t wal_bytes = 0;      ///< Written to the WAL.
    std::int64_t database_bytes = 0; ///< Written to the database file, by checkpoints.
};

} // namespace backline::sqlite
