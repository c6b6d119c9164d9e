#include "adapters/sqlite/database_file.hpp"

#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/unusable.hpp"

#include <fmt/format.h>

namespace backline::sqlite {

namespace {

/// Checking reads every page: 1.6 GB/s from memory, measured. Beyond these sizes it is left to the checksums that every
/// page and row has, so that a large shop starts in time too.
constexpr std::uintmax_t check_bytes_max = 64 << 20;
constexpr std::uintmax_t check_bytes_max_after_crash = 1 << 30;

void check(Connection& connection, const std::string& path) {
    const std::string verdict = connection.text("PRAGMA quick_check(1)");
    if (verdict == "ok") return;
    // The last line tells what is wrong; the one before it only names the database.
    const std::string finding = verdict.substr(verdict.rfind('\n') + 1);
    throw Unusable(fmt::format("The database {} is damaged ({}).", path, finding));
}

/// Runs `work` and turns what SQLite says into the sentence of someone who cannot start.
template <class Work> auto explained(const std::string& path, Work work) {
    try {
        return work();
    } catch (const SqliteError& error) {
        throw Unusable(fmt::format("The database {} cannot be used: {}.", path, error.what()));
    }
}

} // namespace

DatabaseFile::DatabaseFile(const Settings& settings)
    : directory_(settings.directory)
    , guard_(settings.vfs)
    , connection_(open()) {
    explained(path(), [&] {
        const bool worth_checking =
            directory_.database_bytes() <=
            (directory_.was_closed() ? check_bytes_max : check_bytes_max_after_crash);
        prepare_file(connection_, path());
        if (worth_checking) check(connection_, path());
    });
}

Connection DatabaseFile::open() const {
    if (!PageGuard::may_read(path())) {
        throw Unusable(fmt::format("{} is not a database of Backline.", path()));
    }
    return explained(path(), [&] { return Connection(path(), Connection::Mode::write, guard_); });
}

Outbox DatabaseFile::load_outbox() {
    return explained(path(), [&] {
        Outbox outbox;
        Statement events = connection_.prepare("SELECT id, place FROM outbox ORDER BY place");
        while (events.step()) outbox.add(std::string(events.text(0)), events.number(1));
        Statement notes =
            connection_.prepare("SELECT event_id, subscriber, attempts FROM attempts");
        while (notes.step()) {
            const int attempts = static_cast<int>(notes.number(2));
            outbox.note(std::string(notes.text(0)), std::string(notes.text(1)), attempts);
        }
        return outbox;
    });
}

Place DatabaseFile::next_place() {
    return explained(path(), [&] {
        return connection_.number("SELECT COALESCE(MAX(place), 0) + 1 FROM outbox");
    });
}

} // namespace backline::sqlite
