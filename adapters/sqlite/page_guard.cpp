#include "adapters/sqlite/page_guard.hpp"

#include <xxhash.h>

#include <array>
#include <cstring>
#include <fstream>
#include <string_view>

namespace backline::sqlite {

namespace {

using namespace std::string_view_literals;

constexpr int content_bytes = PageGuard::page_bytes - PageGuard::reserved_bytes;

/// The place is part of it, so that a page written to the wrong place is found as well.
std::uint64_t checksum_of(const std::byte* page, sqlite3_int64 offset) {
    return XXH3_64bits_withSeed(page, content_bytes, static_cast<std::uint64_t>(offset));
}

} // namespace

bool PageGuard::may_read(const std::string& path) {
    constexpr std::string_view magic = "SQLite format 3\0"sv;
    constexpr std::size_t reserved_bytes_at = 20; // In the file's header.
    std::array<char, reserved_bytes_at + 1> header{};
    std::ifstream file(path, std::ios::binary);
    file.read(header.data(), header.size());
    if (file.gcount() == 0) return true;
    const std::string_view start(header.data(), magic.size());
    return start == magic && header[reserved_bytes_at] == reserved_bytes;
}

int PageGuard::read(File& file, void* bytes, int count, sqlite3_int64 offset) {
    const int code = VfsShim::read(file, bytes, count, offset);
    if (code != SQLITE_OK || file.kind != Kind::database || count != page_bytes) return code;
    const auto* page = static_cast<const std::byte*>(bytes);
    std::uint64_t written = 0;
    std::memcpy(&written, page + content_bytes, sizeof written);
    return checksum_of(page, offset) == written ? code : SQLITE_IOERR_DATA;
}

int PageGuard::write(File& file, const void* bytes, int count, sqlite3_int64 offset) {
    if (file.kind == Kind::wal) wal_bytes_ += count;
    if (file.kind != Kind::database) return VfsShim::write(file, bytes, count, offset);
    database_bytes_ += count;
    if (count != page_bytes) return VfsShim::write(file, bytes, count, offset);
    const auto* page = static_cast<const std::byte*>(bytes);
    std::array<std::byte, page_bytes> guarded;
    const std::uint64_t checksum = checksum_of(page, offset);
    std::memcpy(guarded.data(), page, content_bytes);
    std::memcpy(guarded.data() + content_bytes, &checksum, sizeof checksum);
    return VfsShim::write(file, guarded.data(), count, offset);
}

int PageGuard::sync(File& file, int flags) {
    const int code = VfsShim::sync(file, flags);
    if (code == SQLITE_OK) ++fsyncs_;
    return code;
}

} // namespace backline::sqlite
