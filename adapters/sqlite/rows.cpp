#include "adapters/sqlite/rows.hpp"

#include "adapters/sqlite/checksum.hpp"
#include "platform/base/problem.hpp"

#include <fmt/format.h>

namespace backline::sqlite {

namespace {

template <class Row> void verify(const Row& row, std::int64_t written, std::string_view name) {
    if (checksum(row) == written) return;
    throw Unavailable(
        Unavailable::Outcome::not_done,
        fmt::format("The database is damaged: the checksum of {} does not match.", name)
    );
}

} // namespace

store::Stored read_document(const Statement& row) {
    store::Stored document{
        .id = std::string(row.text(0)),
        .version = row.number(1),
        .events = row.number(2),
        .entries = row.number(3),
        .schema = static_cast<int>(row.number(4)),
        .body = std::string(row.text(6)),
    };
    verify(document, row.number(5), document.id);
    return document;
}

store::LogEntry read_entry(const Statement& row) {
    store::LogEntry entry{
        .aggregate = std::string(row.text(0)),
        .number = row.number(1),
        .type = std::string(row.text(2)),
        .body = std::string(row.text(4)),
    };
    verify(entry, row.number(3), entry.aggregate);
    return entry;
}

void bind_event(Statement& statement, int first, const store::EventRecord& event) {
    statement.bind(first, event.id)
        .bind(first + 1, event.source)
        .bind(first + 2, event.type)
        .bind(first + 3, event.subject)
        .bind(first + 4, event.epoch)
        .bind(first + 5, event.sequence)
        .bind(first + 6, std::int64_t{event.time.time_since_epoch().count()})
        .bind(first + 7, event.traceparent)
        .bind(first + 8, checksum(event))
        .bind(first + 9, event.data);
}

store::EventRecord read_event(const Statement& row, int first) {
    store::EventRecord event{
        .id = std::string(row.text(first)),
        .source = std::string(row.text(first + 1)),
        .type = std::string(row.text(first + 2)),
        .subject = std::string(row.text(first + 3)),
        .epoch = row.number(first + 4),
        .sequence = row.number(first + 5),
        .time = Instant{Duration{row.number(first + 6)}},
        .traceparent = std::string(row.text(first + 7)),
        .data = std::string(row.text(first + 9)),
    };
    verify(event, row.number(first + 8), event.id);
    return event;
}

} // namespace backline::sqlite
