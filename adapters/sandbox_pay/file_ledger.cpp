#include "adapters/sandbox_pay/file_ledger.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <sqlite3.h>

#include <array>
#include <stdexcept>

namespace backline::sandbox_pay {

namespace {

constexpr const char* schema = R"sql(
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table if not exists ledger (
        number integer primary key, key text not null unique, operation text not null, id text not null,
        payment text not null, amount integer not null, currency text not null, ok integer not null,
        decline text, refund text, token text not null, at integer not null, settles_at integer not null
    ) strict;
    create index if not exists ledger_by_id on ledger (id, number);
    create table if not exists failures (id text primary key, calls integer not null) strict;
)sql";

constexpr std::array queries{
    "select * from ledger where key = ?1",
    "select * from ledger where id = ?1 order by number",
    "select * from ledger where number > ?1 order by number limit ?2",
    "select coalesce(max(number), 0) from ledger",
    "insert into ledger values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    "insert into failures values (?1, 1) on conflict do update set calls = calls + 1 returning "
    "calls",
    "begin immediate",
    "commit",
    "rollback",
};
enum class Sql : std::size_t {
    find,
    of,
    list,
    newest,
    append,
    count_failure,
    begin,
    commit,
    rollback
};

template <class E> E named(const std::string& name) {
    E value{};
    if (!boost::describe::enum_from_string(name.c_str(), value)) {
        throw std::runtime_error("The sandbox provider's ledger holds an unknown word: " + name);
    }
    return value;
}

} // namespace

class FileLedger::Database final {
public:
    explicit Database(const std::string& path) {
        const int failed = sqlite3_open_v2(
            path.c_str(),
            &handle_,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
            nullptr
        );
        try {
            check(failed == SQLITE_OK);
            check(sqlite3_exec(handle_, schema, nullptr, nullptr, nullptr) == SQLITE_OK);
            for (std::size_t at = 0; at < queries.size(); ++at) {
                check(
                    sqlite3_prepare_v3(
                        handle_, queries[at], -1, SQLITE_PREPARE_PERSISTENT, &prepared_[at], nullptr
                    ) == SQLITE_OK
                );
            }
        } catch (const std::runtime_error& failure) {
            close();
            throw std::runtime_error(
                "The sandbox provider's ledger " + path + " cannot be used: " + failure.what()
            );
        }
    }

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    ~Database() { close(); }

    [[nodiscard]] sqlite3_stmt* prepared(Sql sql) const {
        return prepared_[static_cast<std::size_t>(sql)];
    }

    void check(bool good) const {
        if (!good) throw std::runtime_error(sqlite3_errmsg(handle_));
    }

private:
    void close() {
        for (sqlite3_stmt* each : prepared_) sqlite3_finalize(each);
        sqlite3_close(handle_);
    }

    sqlite3* handle_ = nullptr;
    std::array<sqlite3_stmt*, queries.size()> prepared_{};
};

/// One run of a prepared statement; ready for the next one when it goes.
class FileLedger::Statement final {
public:
    Statement(Database& database, Sql sql)
        : database_(database)
        , statement_(database.prepared(sql)) {}

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    ~Statement() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

    Statement& bind(std::int64_t number) {
        database_.check(sqlite3_bind_int64(statement_, ++bound_, number) == SQLITE_OK);
        return *this;
    }

    Statement& bind(std::string_view text) {
        const int size = static_cast<int>(text.size());
        database_.check(
            sqlite3_bind_text(statement_, ++bound_, text.data(), size, SQLITE_TRANSIENT) ==
            SQLITE_OK
        );
        return *this;
    }

    Statement& bind_optional(const std::optional<std::string>& text) {
        if (text) return bind(std::string_view(*text));
        ++bound_; // Stays null.
        return *this;
    }

    /// True if there is a row.
    bool step() {
        const int result = sqlite3_step(statement_);
        database_.check(result == SQLITE_ROW || result == SQLITE_DONE);
        return result == SQLITE_ROW;
    }

    [[nodiscard]] std::int64_t number(int column) const {
        return sqlite3_column_int64(statement_, column);
    }

    [[nodiscard]] bool empty(int column) const {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }

    [[nodiscard]] std::string text(int column) const {
        const void* const bytes = sqlite3_column_blob(statement_, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return bytes == nullptr ? std::string()
                                : std::string(static_cast<const char*>(bytes), size);
    }

    [[nodiscard]] LedgerRow row() const {
        LedgerRow row{
            .number = number(0),
            .key = ProviderKey::unchecked(text(1)),
            .operation = named<ProviderOperation>(text(2)),
            .id = ProviderRef::unchecked(text(3)),
            .payment = PaymentId::of(text(4)),
            .amount = {number(5), Currency::parse(text(6)).value_or(Currency{})},
            .ok = number(7) != 0,
            .token = orders::PaymentToken::unchecked(text(10)),
            .at = Instant(Duration(number(11))),
            .settles_at = Instant(Duration(number(12))),
        };
        if (!empty(8)) row.decline = named<payments::DeclineReason>(text(8));
        if (!empty(9)) row.refund = payments::RefundId::of(text(9));
        return row;
    }

    [[nodiscard]] std::vector<LedgerRow> rows() {
        std::vector<LedgerRow> rows;
        while (step()) rows.push_back(row());
        return rows;
    }

private:
    Database& database_;
    sqlite3_stmt* statement_;
    int bound_ = 0;
};

FileLedger::FileLedger(const std::string& path) : database_(std::make_unique<Database>(path)) {}

FileLedger::~FileLedger() = default;

std::optional<LedgerRow> FileLedger::find(const ProviderKey& key) {
    Statement query(*database_, Sql::find);
    if (!query.bind(key.text()).step()) return std::nullopt;
    return query.row();
}

std::vector<LedgerRow> FileLedger::of(const ProviderRef& id) {
    return Statement(*database_, Sql::of).bind(id.text()).rows();
}

std::vector<LedgerRow> FileLedger::list(std::int64_t number, std::size_t limit) {
    return Statement(*database_, Sql::list)
        .bind(number)
        .bind(static_cast<std::int64_t>(limit))
        .rows();
}

std::int64_t FileLedger::newest() {
    Statement query(*database_, Sql::newest);
    query.step();
    return query.number(0);
}

void FileLedger::append(const LedgerRow& row) {
    Statement insert(*database_, Sql::append);
    insert.bind(row.number).bind(row.key.text());
    insert.bind(std::string_view(boost::describe::enum_to_string(row.operation, "")));
    insert.bind(row.id.text()).bind(row.payment.text());
    insert.bind(row.amount.amount).bind(row.amount.currency.text());
    insert.bind(std::int64_t{row.ok});
    std::optional<std::string> decline;
    if (row.decline) decline = boost::describe::enum_to_string(*row.decline, "");
    std::optional<std::string> refund;
    if (row.refund) refund = row.refund->text();
    insert.bind_optional(decline).bind_optional(refund).bind(row.token.text());
    insert.bind(row.at.time_since_epoch().count());
    insert.bind(row.settles_at.time_since_epoch().count());
    insert.step();
}

int FileLedger::count_failure(const ProviderRef& id) {
    Statement count(*database_, Sql::count_failure);
    count.bind(id.text()).step();
    return static_cast<int>(count.number(0));
}

void FileLedger::atomically(const std::function<void()>& work) {
    Statement(*database_, Sql::begin).step();
    try {
        work();
        Statement(*database_, Sql::commit).step();
    } catch (const std::exception&) {
        // Fails where SQLite has rolled back by itself; what matters is the first failure.
        sqlite3_step(database_->prepared(Sql::rollback));
        sqlite3_reset(database_->prepared(Sql::rollback));
        throw;
    }
}

} // namespace backline::sandbox_pay
