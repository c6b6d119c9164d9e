#pragma once

#include "adapters/sqlite/connection.hpp"
#include "platform/store/store.hpp"

/// Rows to values and back, with their checksums. Reading throws `Unavailable` with one sentence if a row is not what
/// was written.
namespace backline::sqlite {

/// From `Layout::document_columns`, starting at column 0.
[[nodiscard]] store::Stored read_document(const Statement& row);

/// From `Layout::select_log`.
[[nodiscard]] store::LogEntry read_entry(const Statement& row);

/// The columns of an event, in the order in which `bind_event` and `read_event` use them.
inline constexpr const char* event_columns =
    "id, source, type, subject, epoch, sequence, time, traceparent, checksum, data";
inline constexpr int event_column_count = 10;

/// Binds ten parameters from `first` on; the event must live until the statement is reset.
void bind_event(Statement& statement, int first, const store::EventRecord& event);

[[nodiscard]] store::EventRecord read_event(const Statement& row, int first);

} // namespace backline::sqlite
