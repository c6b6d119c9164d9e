#include "adapters/sqlite/read_database.hpp"

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/severity.hpp"
#include "platform/base/invariant.hpp"
#include "platform/base/problem.hpp"

#include <fmt/format.h>

namespace backline::sqlite {

namespace {

constexpr Duration read_for_max{1000};
constexpr int instructions_between_looks = 20'000; // About 2 ms.

std::exception_ptr explain(const SqliteError& error) {
    const bool late = (error.code() & 0xFF) == SQLITE_INTERRUPT;
    if (!late && severity_of(error.code()) == Severity::mistake) {
        return std::make_exception_ptr(error);
    }
    const std::string reason = late ? "A read took longer than a second and was given up."
                                    : fmt::format("The database cannot be read: {}.", error.what());
    return std::make_exception_ptr(Unavailable(Unavailable::Outcome::not_done, reason));
}

std::int64_t signed_limit(std::size_t limit) {
    return static_cast<std::int64_t>(limit);
}

/// Which statement a scan needs: everything that its text depends on.
std::uint64_t shape_of(std::size_t index, const Scan& scan, bool descending) {
    const auto bound = [](const std::optional<Bound>& side) -> std::uint64_t {
        return side ? (side->inclusive ? 2 : 1) : 0;
    };
    std::uint64_t shape = index << 16 | scan.fixed.size() << 8;
    shape |=
        static_cast<std::uint64_t>(scan.nulls) << 5 | bound(scan.low) << 3 | bound(scan.high) << 1;
    return shape | std::uint64_t{descending};
}

/// Several scans of one page see one snapshot.
class Snapshot final {
public:
    Snapshot(Statement& begin, Statement& commit) : commit_(commit) { begin.execute(); }

    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    ~Snapshot() { commit_.try_execute(); }

private:
    Statement& commit_;
};

} // namespace

struct ReadDatabase::Table {
    Table(Connection& connection, const store::CollectionSpec& spec)
        : layout(spec)
        , find(connection.prepare(fmt::format(
              "SELECT {} FROM {} WHERE id = ?1", Layout::document_columns, layout.table()
          )))
        , scan(connection.prepare(fmt::format(
              "SELECT {} FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2",
              Layout::document_columns,
              layout.table()
          )))
        , log(connection.prepare(layout.select_log())) {}

    Layout layout;
    Statement find;
    Statement scan;
    Statement log;
    std::map<std::uint64_t, Statement> scans;
};

ReadDatabase::ReadDatabase(const std::string& path, const VfsShim& vfs)
    : connection_(path, Connection::Mode::read, vfs)
    , begin_(connection_.prepare("BEGIN"))
    , commit_(connection_.prepare("COMMIT"))
    , select_pending_(connection_.prepare(fmt::format(
          "SELECT place, {} FROM outbox WHERE place > ?1 ORDER BY place LIMIT ?2", event_columns
      )))
    , select_parked_(connection_.prepare(fmt::format(
          "SELECT {}, subscriber, attempts, reason, parked_at FROM parked ORDER BY parked_at, "
          "place LIMIT ?1",
          event_columns
      ))) {
    sqlite3_progress_handler(connection_.raw(), instructions_between_looks, &stop_if_late, this);
}

ReadDatabase::~ReadDatabase() = default;

int ReadDatabase::stop_if_late(void* self) {
    const auto& database = *static_cast<const ReadDatabase*>(self);
    return database.clock_.now() > database.give_up_at_ ? 1 : 0;
}

ReadAnswer ReadDatabase::answer(const Read& read) {
    give_up_at_ = clock_.now() + read_for_max;
    ReadAnswer answer;
    try {
        answer.rows = std::visit([this](const auto& one) { return rows(one); }, read);
    } catch (const SqliteError& error) {
        answer.failure = explain(error);
    } catch (const std::exception&) {
        answer.failure = std::current_exception();
    }
    return answer;
}

ReadDatabase::Table& ReadDatabase::table_of(const store::CollectionSpec& spec) {
    std::unique_ptr<Table>& table = tables_[&spec];
    if (!table) table = std::make_unique<Table>(connection_, spec);
    return *table;
}

Rows ReadDatabase::rows(const FindDocument& read) {
    Statement& find = table_of(*read.collection).find;
    const Use use(find);
    find.bind(1, read.id);
    std::optional<store::Stored> document;
    if (find.step()) document = read_document(find);
    return document;
}

Rows ReadDatabase::rows(const ReadPage& read) {
    Table& table = table_of(*read.collection);
    const std::size_t width = read.collection->indexes.at(read.query.index).fields.size();
    const std::vector<Scan> scans = plan_page(read.query, width);
    const Snapshot snapshot(begin_, commit_);
    std::vector<store::Found> found;
    for (const Scan& scan : scans) {
        if (found.size() < read.query.limit) run_scan(table, read.query, scan, found);
    }
    return found;
}

Statement& ReadDatabase::scan_statement(
    Table& table, std::size_t index, const Scan& scan, bool descending
) {
    const std::uint64_t shape = shape_of(index, scan, descending);
    const auto known = table.scans.find(shape);
    if (known != table.scans.end()) return known->second;
    Statement statement = connection_.prepare(scan_sql(table.layout, index, scan, descending));
    return table.scans.emplace(shape, std::move(statement)).first->second;
}

void ReadDatabase::run_scan(
    Table& table, const store::Query& query, const Scan& scan, std::vector<store::Found>& found
) {
    Statement& statement = scan_statement(table, query.index, scan, query.descending);
    const Use use(statement);
    int parameter = 1;
    for (const store::Value& value : scan.fixed) statement.bind_value(parameter++, value);
    if (scan.low) statement.bind_value(parameter++, scan.low->value);
    if (scan.high) statement.bind_value(parameter++, scan.high->value);
    statement.bind(parameter, signed_limit(query.limit - found.size()));
    const std::size_t width = table.layout.index_columns(query.index).size();
    while (statement.step()) {
        store::Found& row = found.emplace_back(store::Found{read_document(statement), {}});
        for (std::size_t i = 0; i < width; ++i) {
            row.key.push_back(statement.value(Layout::document_column_count + static_cast<int>(i)));
        }
    }
}

Rows ReadDatabase::rows(const ScanDocuments& read) {
    Statement& scan = table_of(*read.collection).scan;
    const Use use(scan);
    scan.bind(1, read.after).bind(2, signed_limit(read.limit));
    std::vector<store::Stored> documents;
    while (scan.step()) documents.push_back(read_document(scan));
    return documents;
}

Rows ReadDatabase::rows(const ReadLog& read) {
    Statement& select = table_of(*read.collection).log;
    const Use use(select);
    select.bind(1, read.aggregate).bind(2, read.after).bind(3, signed_limit(read.limit));
    std::vector<store::LogEntry> entries;
    while (select.step()) entries.push_back(read_entry(select));
    return entries;
}

Rows ReadDatabase::rows(const ReadPending& read) {
    const Use use(select_pending_);
    select_pending_.bind(1, read.after).bind(2, signed_limit(read.limit));
    std::vector<PendingEvent> events;
    while (select_pending_.step()) {
        events.push_back(PendingEvent{select_pending_.number(0), read_event(select_pending_, 1)});
    }
    return events;
}

Rows ReadDatabase::rows(const ReadParked& read) {
    const Use use(select_parked_);
    select_parked_.bind(1, signed_limit(read.limit));
    std::vector<store::Parked> parked;
    while (select_parked_.step()) {
        const int next = event_column_count;
        parked.push_back(store::Parked{
            .event = read_event(select_parked_, 0),
            .subscriber = std::string(select_parked_.text(next)),
            .attempts = static_cast<int>(select_parked_.number(next + 1)),
            .reason = std::string(select_parked_.text(next + 2)),
            .parked_at = Instant{Duration{select_parked_.number(next + 3)}},
        });
    }
    return parked;
}

} // namespace backline::sqlite
