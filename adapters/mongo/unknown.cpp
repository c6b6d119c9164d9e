#include "adapters/mongo/unknown.hpp"

namespace backline::mongo {

namespace {

constexpr int duplicate_key = 11'000;

/// One who inserts what is already there must learn that, even if it is its own key that is taken.
bool exists(Session& session, const Layout& layout, const std::string& id) {
    Bson filter;
    filter.text("_id", id);
    Bson options;
    Bson fields;
    fields.number("_id", 1);
    options.document("projection", fields).number("limit", 1);
    bool found = false;
    session
        .find(layout.database(), layout.collection(), filter, std::move(options), [&](const View&) {
            found = true;
        });
    return found;
}

Attempt of_error(
    Session& session, const Layout& layout, const store::Commit& commit, const View& error
) {
    const std::int64_t code = error.number("code");
    if (code != duplicate_key) {
        const auto kind = is_refusal(code) ? Attempt::Kind::refused : Attempt::Kind::doubtful;
        return {kind, {}, std::string(error.text("errmsg"))};
    }
    const auto index = Layout::index_of_pattern(error.inside("keyPattern"));
    const bool inserts = commit.base_version == 0;
    if (!index || (inserts && exists(session, layout, commit.document.id))) {
        return {Attempt::Kind::conflict};
    }
    return {Attempt::Kind::duplicate, *index};
}

Attempt of_failure(const Failed& failed) {
    switch (failed.stage()) {
    case Failed::Stage::not_sent:
        return {Attempt::Kind::not_sent, {}, failed.what()};
    case Failed::Stage::refused:
        return {Attempt::Kind::refused, {}, failed.what()};
    case Failed::Stage::doubtful:
        break;
    }
    return {Attempt::Kind::doubtful, {}, failed.what(), !failed.answered()};
}

} // namespace

Attempt try_commit(
    Session& session,
    const Layout& layout,
    const Write& write,
    Instant now,
    const Settings& settings
) {
    try {
        const Bson command = commit_command(layout, write, now, settings);
        const Bson reply = session.write(layout.database(), command);
        const View errors = View(reply).inside("writeErrors");
        if (const auto first = errors.find("0")) {
            return of_error(session, layout, write.commit, first->inside());
        }
        return {View(reply).number("n") == 1 ? Attempt::Kind::committed : Attempt::Kind::conflict};
    } catch (const Failed& failed) {
        return of_failure(failed);
    }
}

Trace look_for(Session& session, const Layout& layout, const store::Commit& commit) {
    Bson filter;
    filter.text("_id", commit.document.id);
    Bson operation;
    operation.text("$literal", commit.operation);
    List membership;
    membership.document(operation).text("$ops.id");
    Bson is_there;
    is_there.list("$in", membership);
    Bson count;
    count.text("$size", "$ops");
    Bson fields;
    fields.number("version", 1).document("ours", is_there).document("remembered", count);
    Bson command;
    command.text("find", layout.collection())
        .document("filter", filter)
        .document("projection", fields)
        .number("limit", 1)
        .flag("singleBatch", true);
    const Settings& settings = session.settings();
    const Bson reply = session.read_linearizable(
        layout.database(), within(std::move(command), settings.runs_within)
    );
    const auto found = View(reply).inside("cursor").inside("firstBatch").find("0");
    const View document = found ? found->inside() : View();
    return {document.number("version"), document.number("remembered"), document.flag("ours")};
}

Verdict judge(const Trace& trace, std::int64_t base_version) {
    if (trace.ours) return Verdict::committed;
    if (trace.version <= base_version) return Verdict::still_open;
    const bool would_be_remembered = trace.version - base_version <= trace.remembered;
    return would_be_remembered ? Verdict::conflict : Verdict::lost;
}

} // namespace backline::mongo
