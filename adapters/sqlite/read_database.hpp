#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/layout.hpp"
#include "adapters/sqlite/page_plan.hpp"
#include "adapters/sqlite/work.hpp"
#include "platform/async/thread_clock.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace backline::sqlite {

/// The read connection: answers one read at a time from one snapshot of what is durable. No read lasts longer than a
/// second, since a snapshot keeps the WAL from starting over. One thread at a time.
class ReadDatabase final {
public:
    ReadDatabase(const std::string& path, const VfsShim& vfs);
    ~ReadDatabase();

    /// Never throws: a failure is the answer. `Unavailable(not_done)` for a damaged row, an unreadable file or a read
    /// that took too long.
    [[nodiscard]] ReadAnswer answer(const Read& read);

private:
    struct Table;

    Rows rows(const FindDocument& read);
    Rows rows(const ReadPage& read);
    Rows rows(const ScanDocuments& read);
    Rows rows(const ReadLog& read);
    Rows rows(const ReadPending& read);
    Rows rows(const ReadParked& read);

    Table& table_of(const store::CollectionSpec& spec);
    Statement& scan_statement(Table& table, std::size_t index, const Scan& scan, bool descending);
    void run_scan(
        Table& table, const store::Query& query, const Scan& scan, std::vector<store::Found>& found
    );
    static int stop_if_late(void* self);

    Connection connection_;
    Statement begin_;
    Statement commit_;
    Statement select_pending_;
    Statement select_parked_;
    ThreadClock clock_;
    Monotonic give_up_at_{};
    std::unordered_map<const store::CollectionSpec*, std::unique_ptr<Table>> tables_;
};

} // namespace backline::sqlite
