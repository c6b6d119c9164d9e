#include "adapters/mongo/opening.hpp"

#include "adapters/mongo/documents.hpp"
#include "adapters/mongo/unusable.hpp"

#include <fmt/format.h>

#include <string>

namespace backline::mongo {

namespace {

constexpr std::int64_t wire_version_min = 13; ///< MongoDB 5.0: field names with `$` and dots.

// The server's error codes.
constexpr int unauthorized = 13;
constexpr int namespace_exists = 48;
constexpr int index_options_conflict = 85;
constexpr int index_key_specs_conflict = 86;
constexpr int duplicate_key = 11'000;

Bson one(const char* command) {
    Bson bson;
    bson.number(command, 1);
    return bson;
}

void check_journal(Session& session) {
    try {
        const Bson reply = session.command("admin", one("replSetGetConfig"));
        const auto journals =
            View(reply).inside("config").find("writeConcernMajorityJournalDefault");
        if (!journals || journals->flag()) return;
    } catch (const Failed& failed) {
        if (failed.code() == unauthorized) return;
        throw;
    }
    throw Unusable(
        "This replica set of MongoDB confirms writes before they are in the journal; set "
        "writeConcernMajorityJournalDefault to true."
    );
}

/// One that is there stays as it is.
void create(Session& session, const Layout& layout, const std::string& name, Bson options = {}) {
    Bson command;
    command.text("create", name);
    bson_concat(command.get(), options.get());
    try {
        session.write(layout.database(), command);
    } catch (const Failed& failed) {
        if (failed.code() != namespace_exists) throw;
    }
}

/// Documents keep `keys.<index>` for every index that was declared when they were written.
void check_keys(Session& session, const Layout& layout) {
    for (const store::Index& index : layout.spec().indexes) {
        Bson absent;
        absent.flag("$exists", false);
        Bson filter;
        filter.document("keys." + index.name, absent);
        Bson options;
        options.number("limit", 1);
        bool lacks = false;
        const auto visit = [&](const View&) { lacks = true; };
        session.find(layout.database(), layout.collection(), filter, std::move(options), visit);
        if (!lacks) continue;
        throw Unusable(fmt::format(
            "The collection {} holds documents without keys for its new index {}; they have to be "
            "written again before.",
            layout.spec().full_name(),
            index.name
        ));
    }
}

bool is_about_indexes(int code) {
    return code == index_options_conflict || code == index_key_specs_conflict ||
           code == duplicate_key;
}

std::string cannot_index(const Layout& layout, const Failed& failed) {
    const std::string name = layout.spec().full_name();
    if (failed.code() == duplicate_key) {
        return fmt::format("Documents of {} share a key of a unique index that is new.", name);
    }
    return fmt::format("An index of {} was declared otherwise before; drop the old one.", name);
}

} // namespace

void check_server(Session& session) {
    const Bson hello = session.command("admin", one("hello"));
    const View server(hello);
    const bool is_router = server.text("msg") == "isdbgrid";
    if (server.text("setName").empty() && !is_router) {
        throw Unusable("This MongoDB server is no member of a replica set; start it with --replSet "
                       "and initiate "
                       "the set, one member is enough.");
    }
    if (server.number("maxWireVersion") < wire_version_min) {
        throw Unusable("This MongoDB server is too old; 5.0 is the first that will do.");
    }
    if (!is_router) check_journal(session);
}

void open_collection(Session& session, const Layout& layout) {
    Bson held_to_shape;
    held_to_shape.document("validator", document_shape());
    create(session, layout, layout.collection(), std::move(held_to_shape));
    create(session, layout, layout.log_collection());
    try {
        const Bson reply = session.write(layout.database(), layout.create_indexes());
        const View counts(reply);
        if (counts.number("numIndexesAfter") == counts.number("numIndexesBefore")) return;
    } catch (const Failed& failed) {
        if (!is_about_indexes(failed.code())) throw;
        throw Unusable(cannot_index(layout, failed));
    }
    check_keys(session, layout);
}

void open_paging_index(Session& session, const Layout& layout, std::size_t index) {
    session.write(layout.database(), layout.create_paging_index(index));
}

} // namespace backline::mongo
