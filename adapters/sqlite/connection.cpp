#include "adapters/sqlite/connection.hpp"

#include "platform/base/invariant.hpp"

namespace backline::sqlite {

namespace {

int open_flags(Connection::Mode mode) {
    const int access = mode == Connection::Mode::read ? SQLITE_OPEN_READONLY
                                                      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    // One thread at a time uses a connection, so it needs no mutex of its own.
    return access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
}

} // namespace

Connection::Connection(const std::string& path, Mode mode, const VfsShim& vfs) {
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &handle, open_flags(mode), vfs.name().c_str());
    handle_.reset(handle);
    if (opened != SQLITE_OK) fail(opened);
    configure(mode);
}

void Connection::configure(Mode mode) {
    sqlite3_db_config(raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw(), SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    // A misspelt column in quotes is an error, not a string.
    sqlite3_db_config(raw(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(raw(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // The writer alone checkpoints: two connections that do meet the WAL-reset bug of SQLite before 3.51.3.
    if (mode == Mode::read) sqlite3_db_config(raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(raw(), 5000);
    run("PRAGMA mmap_size = 0;"
        "PRAGMA cell_size_check = ON;"
        "PRAGMA foreign_keys = ON;"
        "PRAGMA temp_store = MEMORY;"
        "PRAGMA cache_size = -8192;"
        "PRAGMA wal_autocheckpoint = 0;");
}

void Connection::fail(int code) const {
    if (code == SQLITE_IOERR_DATA) throw SqliteError(code, "a page has the wrong checksum");
    throw SqliteError(code, handle_ ? sqlite3_errmsg(raw()) : sqlite3_errstr(code));
}

void Connection::run(const char* sql) {
    const int code = sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

Statement Connection::prepare(std::string_view sql) {
    return Statement(*this, sql);
}

std::int64_t Connection::number(std::string_view sql) {
    Statement statement = prepare(sql);
    return statement.step() ? statement.number(0) : 0;
}

std::string Connection::text(std::string_view sql) {
    Statement statement = prepare(sql);
    return statement.step() ? std::string(statement.text(0)) : std::string();
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(
        connection.raw(),
        sql.data(),
        static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT,
        &handle,
        nullptr
    );
    handle_.reset(handle);
    if (code != SQLITE_OK) connection.fail(code);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    const int code = sqlite3_bind_int64(handle_.get(), parameter, value);
    INVARIANT(code == SQLITE_OK, "a statement is bound between reset and step");
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
    // An empty view may have no data, which SQLite would take for NULL.
    const char* text = value.data() == nullptr ? "" : value.data();
    const int code = sqlite3_bind_text64(
        handle_.get(), parameter, text, value.size(), SQLITE_STATIC, SQLITE_UTF8
    );
    if (code != SQLITE_OK) connection_->fail(code);
    return *this;
}

Statement& Statement::bind_value(int parameter, const store::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(parameter, *number);
    if (const auto* text = std::get_if<std::string>(&value)) {
        return bind(parameter, std::string_view(*text));
    }
    const int code = sqlite3_bind_null(handle_.get(), parameter);
    INVARIANT(code == SQLITE_OK, "a statement is bound between reset and step");
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    connection_->fail(code);
}

void Statement::execute() {
    const Use use(*this);
    static_cast<void>(step());
}

bool Statement::try_execute() noexcept {
    const bool done = sqlite3_step(handle_.get()) == SQLITE_DONE;
    reset();
    return done;
}

void Statement::reset() noexcept {
    sqlite3_reset(handle_.get());
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
    const auto* text = sqlite3_column_text(handle_.get(), column);
    if (text == nullptr) return {};
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return {reinterpret_cast<const char*>(text), size};
}

store::Value Statement::value(int column) const {
    const int type = sqlite3_column_type(handle_.get(), column);
    if (type == SQLITE_NULL) return std::monostate{};
    if (type == SQLITE_INTEGER) return number(column);
    return std::string(text(column));
}

} // namespace backline::sqlite
