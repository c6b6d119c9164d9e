#include "adapters/sqlite/severity.hpp"

#include "adapters/sqlite/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace backline::sqlite {

namespace {

constexpr std::array not_now{SQLITE_FULL, SQLITE_BUSY, SQLITE_NOMEM};
constexpr std::array hopeless{
    SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PROTOCOL
};

} // namespace

Severity severity_of(int code) {
    // The wal-index could not grow: like a full disk, and nothing was promised yet.
    if (code == SQLITE_IOERR_SHMSIZE) return Severity::not_now;
    const int primary = code & 0xFF;
    if (std::ranges::find(not_now, primary) != not_now.end()) return Severity::not_now;
    if (std::ranges::find(hopeless, primary) != hopeless.end()) return Severity::hopeless;
    return Severity::mistake;
}

void rethrow_by_severity(const SqliteError& error) {
    switch (severity_of(error.code())) {
    case Severity::not_now:
        throw NotNow(fmt::format("The database takes no writes now: {}.", error.what()));
    case Severity::hopeless:
        throw StorageFailed(fmt::format(
            "The database failed and must not be trusted: {} ({}).", error.what(), error.code()
        ));
    case Severity::mistake:
        throw error;
    }
    throw error;
}

} // namespace backline::sqlite
