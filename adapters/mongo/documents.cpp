#include "adapters/mongo/documents.hpp"

#include "adapters/mongo/json.hpp"

namespace backline::mongo {

namespace {

Bson literal(const Bson& value) {
    Bson expression;
    expression.document("$literal", value);
    return expression;
}

Bson literal(const List& value) {
    Bson expression;
    expression.list("$literal", value);
    return expression;
}

Bson literal(const std::string& value) {
    Bson expression;
    expression.text("$literal", value);
    return expression;
}

Bson of_kind(const char* kind) {
    Bson rule;
    rule.text("bsonType", kind);
    return rule;
}

Bson event_document(const store::EventRecord& event) {
    Bson document;
    document.text("id", event.id)
        .text("source", event.source)
        .text("type", event.type)
        .text("subject", event.subject)
        .number("epoch", event.epoch)
        .number("sequence", event.sequence)
        .time("time", event.time.time_since_epoch().count())
        .text("traceparent", event.traceparent)
        .text("data", event.data);
    return document;
}

List events_of(const store::Commit& commit) {
    List events;
    for (const store::EventRecord& event : commit.events) events.document(event_document(event));
    return events;
}

List entries_of(const store::Commit& commit) {
    List entries;
    for (const store::LogEntry& entry : commit.entries) {
        Bson document;
        document.number("number", entry.number).text("type", entry.type);
        append_json(document, "body", entry.body);
        entries.document(document);
    }
    return entries;
}

void append_counters(Bson& document, const store::Stored& stored) {
    document.number("version", stored.version)
        .number("events", stored.events)
        .number("entries", stored.entries)
        .number("schema", stored.schema);
}

/// Time is the server's, except for the first operation of all, which an insert has to write.
Bson insert_document(const Layout& layout, const store::Commit& commit, Instant now) {
    Bson operation;
    operation.text("id", commit.operation).time("at", now.time_since_epoch().count());
    List operations;
    operations.document(operation);
    Bson document;
    document.text("_id", commit.document.id);
    append_counters(document, commit.document);
    append_json(document, "body", commit.document.body);
    document.document("keys", layout.keys(commit.keys))
        .list("outbox", events_of(commit))
        .list("log", entries_of(commit))
        .list("ops", operations);
    return document;
}

/// `{$concatArrays: [<rest>..., <literal list>]}`
Bson followed_by(List rest, const List& added) {
    rest.document(literal(added));
    Bson expression;
    expression.list("$concatArrays", rest);
    return expression;
}

/// Those of the outbox that are not settled.
Bson unsettled(const std::vector<std::string>& settled) {
    List ids;
    for (const std::string& id : settled) ids.text(id);
    List membership;
    membership.text("$$this.id").document(literal(ids));
    Bson is_settled;
    is_settled.list("$in", membership);
    List negated;
    negated.document(is_settled);
    Bson is_not;
    is_not.list("$not", negated);
    Bson filter;
    filter.text("input", "$outbox").document("cond", is_not);
    Bson expression;
    expression.document("$filter", filter);
    return expression;
}

List old_outbox(const Write& write) {
    List rest;
    if (write.settled.empty()) {
        rest.text("$outbox");
    } else {
        rest.document(unsettled(write.settled));
    }
    return rest;
}

List old_log() {
    List rest;
    rest.text("$log");
    return rest;
}

/// Those operations that are young enough by the server's clock.
Bson young_operations(Duration age) {
    List difference;
    difference.text("$$NOW").number(age.count());
    Bson oldest;
    oldest.list("$subtract", difference);
    List operands;
    operands.text("$$this.at").document(oldest);
    Bson is_young;
    is_young.list("$gte", operands);
    Bson filter;
    filter.text("input", "$ops").document("cond", is_young);
    Bson expression;
    expression.document("$filter", filter);
    return expression;
}

Bson operations_with(const std::string& operation, Duration age) {
    Bson entry;
    entry.document("id", literal(operation)).text("at", "$$NOW");
    List added;
    added.document(entry);
    List parts;
    parts.document(young_operations(age)).list(added);
    Bson all;
    all.list("$concatArrays", parts);
    List arguments;
    arguments.document(all).number(-operations_max);
    Bson newest;
    newest.list("$slice", arguments);
    return newest;
}

/// Everything from outside stands in a `$literal`: a `$` in it means nothing.
List update_pipeline(const Layout& layout, const Write& write, Duration age) {
    const store::Commit& commit = write.commit;
    Bson body;
    append_json(body, "$literal", commit.document.body);
    Bson fields;
    append_counters(fields, commit.document);
    fields.document("body", body).document("keys", literal(layout.keys(commit.keys)));
    if (!commit.events.empty() || !write.settled.empty()) {
        fields.document("outbox", followed_by(old_outbox(write), events_of(commit)));
    }
    if (!commit.entries.empty()) {
        fields.document("log", followed_by(old_log(), entries_of(commit)));
    }
    fields.document("ops", operations_with(commit.operation, age));
    Bson stage;
    stage.document("$set", fields);
    List pipeline;
    pipeline.document(stage);
    return pipeline;
}

} // namespace

Bson commit_command(
    const Layout& layout, const Write& write, Instant now, const Settings& settings
) {
    const store::Commit& commit = write.commit;
    Bson command;
    List statements;
    if (commit.base_version == 0) {
        statements.document(insert_document(layout, commit, now));
        command.text("insert", layout.collection()).list("documents", statements);
    } else {
        Bson base;
        base.text("_id", commit.document.id).number("version", commit.base_version);
        Bson update;
        update.document("q", base).list(
            "u", update_pipeline(layout, write, settings.remembers_operations_for)
        );
        statements.document(update);
        command.text("update", layout.collection()).list("updates", statements);
    }
    return within(std::move(command), settings.runs_within);
}

Bson document_shape() {
    Bson version = of_kind("long");
    version.number("minimum", 1);
    Bson fields;
    fields.document("_id", of_kind("string"))
        .document("version", version)
        .document("outbox", of_kind("array"))
        .document("ops", of_kind("array"));
    List required;
    for (const char* field : {"_id", "version", "outbox", "ops"}) required.text(field);
    Bson schema;
    schema.list("required", required).document("properties", fields);
    Bson shape;
    shape.document("$jsonSchema", schema);
    return shape;
}

Bson document_fields() {
    Bson fields;
    for (const char* field : {"version", "events", "entries", "schema", "body"}) {
        fields.number(field, 1);
    }
    return fields;
}

store::Stored read_document(const View& document) {
    return {
        .id = std::string(document.text("_id")),
        .version = document.number("version"),
        .events = document.number("events"),
        .entries = document.number("entries"),
        .schema = static_cast<int>(document.number("schema")),
        .body = json_at(document, "body"),
    };
}

store::EventRecord read_event(const View& event) {
    return {
        .id = std::string(event.text("id")),
        .source = std::string(event.text("source")),
        .type = std::string(event.text("type")),
        .subject = std::string(event.text("subject")),
        .epoch = event.number("epoch"),
        .sequence = event.number("sequence"),
        .time = Instant{Duration{event.number("time")}},
        .traceparent = std::string(event.text("traceparent")),
        .data = std::string(event.text("data")),
    };
}

store::LogEntry read_entry(std::string aggregate, const View& entry) {
    return {
        .aggregate = std::move(aggregate),
        .number = entry.number("number"),
        .type = std::string(entry.text("type")),
        .body = json_at(entry, "body"),
    };
}

Bson moved_entry_id(const std::string& aggregate, std::int64_t number) {
    Bson id;
    id.text("aggregate", aggregate).number("number", number);
    return id;
}

Bson moved_entry(const store::LogEntry& entry) {
    Bson document;
    document.document("_id", moved_entry_id(entry.aggregate, entry.number))
        .text("type", entry.type);
    append_json(document, "body", entry.body);
    return document;
}

store::LogEntry read_moved_entry(const View& document) {
    const View id = document.inside("_id");
    return {
        .aggregate = std::string(id.text("aggregate")),
        .number = id.number("number"),
        .type = std::string(document.text("type")),
        .body = json_at(document, "body"),
    };
}

Bson within(Bson command, Duration time) {
    command.number("maxTimeMS", time.count());
    return command;
}

} // namespace backline::mongo
