#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/data_directory.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/page_guard.hpp"
#include "adapters/sqlite/settings.hpp"

#include <string>

namespace backline::sqlite {

/// The database as one process has it: directory and lock, the write connection, and what was read at the start. Throws
/// `Unusable` if any of it cannot be had.
class DatabaseFile final {
public:
    explicit DatabaseFile(const Settings& settings);

    [[nodiscard]] Connection& writing() { return connection_; }

    [[nodiscard]] const std::string& path() const { return directory_.database_path(); }

    [[nodiscard]] const PageGuard& guard() const { return guard_; }

    /// The events that a former process left, and the next place in the outbox. Reads the file; once, at the start.
    [[nodiscard]] Outbox load_outbox();
    [[nodiscard]] Place next_place();

private:
    [[nodiscard]] Connection open() const;

    DataDirectory directory_;
    PageGuard guard_;
    Connection connection_;
};

} // namespace backline::sqlite
