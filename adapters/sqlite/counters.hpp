#pragma once

#include <cstdint>

namespace backline::sqlite {

/// The work done since the store was opened; what "work per checkout" is counted from.
struct Counters {
    std::int64_t commits = 0;      ///< Commits that took place.
    std::int64_t transactions = 0; ///< Groups that wrote something: each is one fsync of the WAL.
    std::int64_t rows =
        0; ///< Rows inserted, updated and deleted, of tables (not of their indexes).
    std::int64_t wal_bytes = 0;   ///< Bytes written to the WAL.
    std::int64_t checkpoints = 0; ///< Each fsyncs the WAL and the database.
    std::int64_t reads = 0;       ///< Reads that went to the file.
};

} // namespace backline::sqlite
