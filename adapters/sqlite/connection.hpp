#pragma once

#include "adapters/sqlite/vfs_shim.hpp"
#include "platform/store/store.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

/// SQLite's C interface as two owners, a connection and a prepared statement, and one exception. Private to the
/// adapter. A connection and its statements belong to one thread at a time.
namespace backline::sqlite {

/// A call of SQLite failed. `code` is the extended result code.
class SqliteError final : public std::runtime_error {
public:
    SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}

    [[nodiscard]] int code() const { return code_; }

private:
    int code_;
};

class Statement;

/// One connection to the database file; closed by its destructor, after its statements.
class Connection final {
public:
    enum class Mode { write, read };

    /// Opens the file and applies the settings that belong to a connection. Throws
    /// `SqliteError`.
    Connection(const std::string& path, Mode mode, const VfsShim& vfs);

    /// Runs statements that answer nothing.
    void run(const char* sql);

    [[nodiscard]] Statement prepare(std::string_view sql);

    /// The first column of the first row, as a number or as text.
    [[nodiscard]] std::int64_t number(std::string_view sql);
    [[nodiscard]] std::string text(std::string_view sql);

    [[nodiscard]] sqlite3* raw() const { return handle_.get(); }

    /// Throws what the last call on this connection failed with.
    [[noreturn]] void fail(int code) const;

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };

    void configure(Mode mode);

    std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement that is used again and again: bind, step, reset. Parameters and columns count from 1 and 0, as
/// in SQLite. Bound text must live until `reset`; nothing is copied.
class Statement final {
public:
    Statement(Connection& connection, std::string_view sql);

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view value);
    Statement& bind_value(int parameter, const store::Value& value);

    /// True if there is a row. Throws `SqliteError`.
    [[nodiscard]] bool step();

    /// Steps once through a statement that answers nothing, and resets it; the statement stays usable if it throws.
    void execute();

    /// As `execute`; false instead of an exception.
    bool try_execute() noexcept;

    /// Ends the read or write that is under way. Idempotent; never fails.
    void reset() noexcept;

    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] store::Value value(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };

    Connection* connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// Resets a statement at the end of a scope, however that is left.
class Use final {
public:
    explicit Use(Statement& statement) : statement_(statement) {}

    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    ~Use() { statement_.reset(); }

private:
    Statement& statement_;
};

} // namespace backline::sqlite
