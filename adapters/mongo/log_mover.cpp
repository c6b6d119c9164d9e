#include "adapters/mongo/log_mover.hpp"

#include "adapters/mongo/documents.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace backline::mongo {

namespace {

constexpr std::size_t documents_max = 64;
constexpr std::size_t entries_max = 1'000; ///< Sent at once.
constexpr std::int64_t duplicate_key = 11'000;

using Entries = std::vector<store::LogEntry>;

/// The entries of some documents, in their order.
Entries unmoved(Session& session, const Layout& layout) {
    Bson exists;
    exists.flag("$exists", true);
    Bson filter;
    filter.document("log.number", exists);
    Bson fields;
    fields.number("log", 1);
    Bson options;
    options.document("projection", fields)
        .text("hint", Layout::log_index)
        .number("limit", documents_max);
    Entries entries;
    const auto visit = [&](const View& document) {
        const std::string id(document.text("_id"));
        document.inside("log").each([&](const Element& element) {
            entries.push_back(read_entry(id, element.inside()));
        });
    };
    session.find(layout.database(), layout.collection(), filter, std::move(options), visit);
    return entries;
}

/// An entry that is there already was moved before, and not taken out of its document.
void check(const Bson& reply) {
    View(reply).inside("writeErrors").each([](const Element& element) {
        const View error = element.inside();
        if (error.number("code") == duplicate_key) return;
        throw Failed(Failed::Stage::doubtful, std::string(error.text("errmsg")));
    });
}

void insert(Session& session, const Layout& layout, std::span<const store::LogEntry> entries) {
    List documents;
    for (const store::LogEntry& entry : entries) documents.document(moved_entry(entry));
    Bson command;
    command.text("insert", layout.log_collection())
        .list("documents", documents)
        .flag("ordered", false);
    const Duration time = session.settings().runs_within;
    check(session.write(layout.database(), within(std::move(command), time)));
}

/// Entries come in their order, so all up to the last one that was read have been moved.
Bson remove_statement(const store::LogEntry& last) {
    Bson up_to;
    up_to.number("$lte", last.number);
    Bson entry;
    entry.document("number", up_to);
    Bson log;
    log.document("log", entry);
    Bson pull;
    pull.document("$pull", log);
    Bson filter;
    filter.text("_id", last.aggregate);
    Bson statement;
    statement.document("q", filter).document("u", pull);
    return statement;
}

void remove(Session& session, const Layout& layout, const Entries& entries) {
    List statements;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool is_last =
            i + 1 == entries.size() || entries[i + 1].aggregate != entries[i].aggregate;
        if (is_last) statements.document(remove_statement(entries[i]));
    }
    Bson command;
    command.text("update", layout.collection()).list("updates", statements).flag("ordered", false);
    const Duration time = session.settings().runs_within;
    check(session.write(layout.database(), within(std::move(command), time)));
}

} // namespace

bool move_log_entries(Session& session, const Layout& layout) {
    const Entries entries = unmoved(session, layout);
    if (entries.empty()) return false;
    const std::span<const store::LogEntry> all(entries);
    for (std::size_t first = 0; first < all.size(); first += entries_max) {
        insert(session, layout, all.subspan(first, std::min(entries_max, all.size() - first)));
    }
    remove(session, layout, entries);
    return true;
}

} // namespace backline::mongo
