#pragma once

#include "adapters/sqlite/vfs_shim.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace backline::sqlite {

/// The file layer that every connection uses: ends each page of the database file with a checksum over the page and its
/// place, checks it when the page is read, and counts what is written. Row checksums cannot see damage to an index,
/// which silently hides documents (six of a hundred flipped bits did, measured); this does. A page that is still in the
/// WAL is protected by SQLite's own checksums when the WAL is recovered.
///
/// A wrong page is SQLITE_IOERR_DATA. The file stays an ordinary SQLite database, with 8 reserved bytes per page; but
/// whoever writes to it by other means damages it.
class PageGuard final : public VfsShim {
public:
    using VfsShim::VfsShim;

    static constexpr int page_bytes = 4096;
    static constexpr int reserved_bytes = 8;

    /// False if the file at `path` has content but no room for checksums, or is no database at all. Only while no
    /// connection is open to it.
    [[nodiscard]] static bool may_read(const std::string& path);

    [[nodiscard]] std::int64_t fsyncs() const { return fsyncs_; }

    [[nodiscard]] std::int64_t wal_bytes() const { return wal_bytes_; }

    [[nodiscard]] std::int64_t database_bytes() const { return database_bytes_; }

protected:
    int read(File& file, void* bytes, int count, sqlite3_int64 offset) override;
    int write(File& file, const void* bytes, int count, sqlite3_int64 offset) override;
    int sync(File& file, int flags) override;

private:
    std::atomic<std::int64_t> fsyncs_{0};
    std::atomic<std::int64_t> wal_bytes_{0};
    std::atomic<std::int64_t> database_bytes_{0};
};

} // namespace backline::sqlite
