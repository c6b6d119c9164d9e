#pragma once

#include "platform/base/time.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace backline::sqlite {

/// How a `SqliteStore` runs. The defaults are for production.
struct Settings {
    std::filesystem::path
        directory;           ///< Holds `backline.db`, its WAL and `backline.lock`; made if missing.
    Duration deadline{5000}; ///< After this a call that waits throws `Unavailable`.
    std::size_t group_max = 64;        ///< Writes in one transaction.
    std::size_t writes_waiting = 4096; ///< More are refused with `Unavailable(not_done)`.
    std::size_t reads_waiting = 4096;
    Duration settle_after{50}; ///< How long settling waits for a write to ride with.
    std::string vfs{};         ///< Tests: the name of a registered SQLite VFS that injects faults.
};

} // namespace backline::sqlite
