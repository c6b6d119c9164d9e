#pragma once

#include "adapters/sqlite/connection.hpp"

/// What an error of SQLite means for the process.
namespace backline::sqlite {

enum class Severity {
    mistake,  ///< Ours: a statement that should not have failed.
    not_now,  ///< Nothing was written; a later transaction may succeed.
    hopeless, ///< The file or the disk can no longer be trusted.
};

[[nodiscard]] Severity severity_of(int code);

/// Calls `work` and lets `NotNow` or `StorageFailed` out instead of the `SqliteError`s that mean them.
template <class Work> void guarded(Work work);

/// Throws `NotNow`, `StorageFailed`, or the error itself.
[[noreturn]] void rethrow_by_severity(const SqliteError& error);

template <class Work> void guarded(Work work) {
    try {
        work();
    } catch (const SqliteError& error) {
        rethrow_by_severity(error);
    }
}

} // namespace backline::sqlite
