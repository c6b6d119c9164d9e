#include "adapters/mongo/reads.hpp"

#include <algorithm>
#include <limits>

namespace backline::mongo {

namespace {

void append_limit(Bson& options, std::size_t limit) {
    const auto number = static_cast<std::int64_t>(limit);
    options.number("limit", number).number("batchSize", number);
}

Bson by_id(const std::string& id) {
    Bson filter;
    filter.text("_id", id);
    return filter;
}

Bson one_field(const std::string& name) {
    Bson fields;
    fields.number(name, 1);
    return fields;
}

/// `{_id: {<comparison>: id}}`
Bson ids(const char* comparison, const std::string& id) {
    Bson condition;
    condition.text(comparison, id);
    Bson filter;
    filter.document("_id", condition);
    return filter;
}

Bson is_waiting() {
    Bson exists;
    exists.flag("$exists", true);
    return exists;
}

} // namespace

std::optional<store::Stored> find_document(
    Session& session, const Layout& layout, const std::string& id
) {
    Bson options;
    options.document("projection", document_fields());
    append_limit(options, 1);
    std::optional<store::Stored> found;
    session.find(
        layout.database(),
        layout.collection(),
        by_id(id),
        std::move(options),
        [&](const View& document) { found = read_document(document); }
    );
    return found;
}

std::vector<store::Stored> scan_documents(
    Session& session, const Layout& layout, const std::string& after, std::size_t limit
) {
    Bson options;
    options.document("projection", document_fields()).document("sort", one_field("_id"));
    append_limit(options, limit);
    std::vector<store::Stored> found;
    session.find(
        layout.database(),
        layout.collection(),
        ids("$gt", after),
        std::move(options),
        [&](const View& document) { found.push_back(read_document(document)); }
    );
    return found;
}

std::optional<PagePlan> plan_page(const Layout& layout, const store::Query& query) {
    PagePlan plan;
    Bson fields = document_fields();
    fields.number("keys", 1);
    plan.options.document("projection", fields);
    append_limit(plan.options, query.limit);
    if (layout.is_unique_look_up(query)) {
        plan.filter = layout.unique_filter(query);
        plan.options.text("hint", layout.unique_index(query.index));
        return plan;
    }
    const std::size_t width = layout.spec().indexes.at(query.index).fields.size();
    const std::optional<Bounds> bounds = bounds_of(query, width);
    if (!bounds) return std::nullopt;
    plan.options.text("hint", layout.paging_index(query.index))
        .document("min", layout.point(query.index, bounds->low))
        .document("max", layout.point(query.index, bounds->high))
        .document("sort", layout.order(query.index, query.descending));
    return plan;
}

std::vector<store::Found> read_page(
    Session& session, const Layout& layout, const store::Query& query
) {
    std::optional<PagePlan> plan = plan_page(layout, query);
    std::vector<store::Found> found;
    if (!plan) return found;
    session.find(
        layout.database(),
        layout.collection(),
        plan->filter,
        std::move(plan->options),
        [&](const View& document) {
            store::Key key = layout.key(document.inside("keys"), query.index);
            found.push_back({read_document(document), std::move(key)});
        }
    );
    return found;
}

namespace {

std::vector<store::LogEntry> unmoved_entries(
    Session& session, const Layout& layout, const std::string& aggregate, std::int64_t after
) {
    Bson options;
    options.document("projection", one_field("log"));
    append_limit(options, 1);
    std::vector<store::LogEntry> entries;
    const auto keep = [&](const Element& element) {
        store::LogEntry entry = read_entry(aggregate, element.inside());
        if (entry.number > after) entries.push_back(std::move(entry));
    };
    session.find(
        layout.database(),
        layout.collection(),
        by_id(aggregate),
        std::move(options),
        [&](const View& document) { document.inside("log").each(keep); }
    );
    return entries;
}

std::vector<store::LogEntry> moved_entries(
    Session& session,
    const Layout& layout,
    const std::string& aggregate,
    std::int64_t after,
    std::size_t limit
) {
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    Bson range;
    range.document("$gt", moved_entry_id(aggregate, after))
        .document("$lte", moved_entry_id(aggregate, last));
    Bson filter;
    filter.document("_id", range);
    Bson options;
    options.document("sort", one_field("_id"));
    append_limit(options, limit);
    std::vector<store::LogEntry> entries;
    session.find(
        layout.database(),
        layout.log_collection(),
        filter,
        std::move(options),
        [&](const View& document) { entries.push_back(read_moved_entry(document)); }
    );
    return entries;
}

} // namespace

std::vector<store::LogEntry> read_log(
    Session& session,
    const Layout& layout,
    const std::string& aggregate,
    std::int64_t after,
    std::size_t limit
) {
    // From a session of the same process, the second read is never older than the first.
    std::vector<store::LogEntry> unmoved = unmoved_entries(session, layout, aggregate, after);
    std::vector<store::LogEntry> entries = moved_entries(session, layout, aggregate, after, limit);
    for (store::LogEntry& entry : unmoved) {
        const std::int64_t next = entries.empty() ? after + 1 : entries.back().number + 1;
        if (entries.size() < limit && entry.number == next) entries.push_back(std::move(entry));
    }
    return entries;
}

PagePlan plan_outbox(const std::string& first, std::size_t limit) {
    PagePlan plan;
    plan.filter = ids("$gte", first);
    plan.filter.document("outbox.id", is_waiting());
    plan.options.document("projection", one_field("outbox"))
        .document("sort", one_field("_id"))
        .text("hint", Layout::outbox_index);
    append_limit(plan.options, limit);
    return plan;
}

std::vector<Waiting> read_outbox(
    Session& session, const Layout& layout, const std::string& first, std::size_t limit
) {
    PagePlan plan = plan_outbox(first, limit);
    std::vector<Waiting> found;
    session.find(
        layout.database(),
        layout.collection(),
        plan.filter,
        std::move(plan.options),
        [&](const View& document) {
            Waiting& waiting = found.emplace_back(Waiting{std::string(document.text("_id")), {}});
            document.inside("outbox").each([&](const Element& element) {
                waiting.events.push_back(read_event(element.inside()));
            });
        }
    );
    return found;
}

namespace {

/// `{<function>: <of>}`
Bson applied(const char* function, const Bson& of) {
    Bson expression;
    expression.document(function, of);
    return expression;
}

/// Of all documents with something in their outbox, which the index holds and no others.
List outbox_totals() {
    Bson size;
    size.text("$size", "$outbox");
    Bson outbox;
    outbox.text("outbox", "$outbox");
    Bson total;
    total.null("_id")
        .document("events", applied("$sum", size))
        .document("most_events", applied("$max", size))
        .document("most_bytes", applied("$max", applied("$bsonSize", outbox)));
    Bson waiting;
    waiting.document("outbox.id", is_waiting());
    List pipeline;
    pipeline.document(applied("$match", waiting)).document(applied("$group", total));
    return pipeline;
}

} // namespace

OutboxCount count_outbox(Session& session, const Layout& layout) {
    Bson command;
    command.text("aggregate", layout.collection())
        .list("pipeline", outbox_totals())
        .document("cursor", Bson{})
        .text("hint", Layout::outbox_index);
    const Duration time = session.settings().runs_within;
    const Bson reply = session.read(layout.database(), within(std::move(command), time));
    const auto first = View(reply).inside("cursor").inside("firstBatch").find("0");
    if (!first) return {};
    const View totals = first->inside();
    return {totals.number("events"), totals.number("most_events"), totals.number("most_bytes")};
}

} // namespace backline::mongo
