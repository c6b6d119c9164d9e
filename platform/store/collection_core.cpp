#include "platform/store/collection_core.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/field_value.hpp"
#include "platform/base/invariant.hpp"
#include "platform/base/refusals.hpp"
#include "platform/schema/json.hpp"

#include <algorithm>
#include <string_view>

namespace backline::store {

namespace {

constexpr std::size_t batch_max = 64;
constexpr std::size_t waiting_max = 1024;
constexpr int attempts_max = 24;
constexpr Duration pause_max{100};

std::string hex_of(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = digits[number & 15];
    return text;
}

} // namespace

Result<void> check_version(const Terms& terms, std::int64_t actual) {
    if (!terms.version || *terms.version == actual) return {};
    return refuse(
        platform_error("version_stale"),
        "You sent version " + std::to_string(*terms.version) + "; the current one is " +
            std::to_string(actual) + "."
    );
}

/// Parks an update until its leader has resolved it, or until it is first in line itself.
struct CollectionCore::Suspend {
    Waiting& me;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) const noexcept { me.handle = handle; }

    void await_resume() const noexcept {}
};

/// What a batch of decisions comes to, one after the other on the same document.
struct CollectionCore::Fold {
    struct Raised {
        RaisedEvent event;
        const Cause* cause;
    };

    std::int64_t base_version;
    Loaded next;
    std::vector<Raised> events{};
    std::vector<Described> entries{};
    bool changed = false;

    void add(Decision decision, const Cause& cause) {
        const bool silent = decision.events.empty() && decision.entries.empty();
        INVARIANT(decision.next || silent, "who changes nothing raises and records nothing");
        if (!decision.next) return;
        changed = true;
        next.value = std::move(decision.next);
        for (RaisedEvent& event : decision.events) raise(std::move(event), cause);
        std::ranges::move(decision.entries, std::back_inserter(entries));
    }

    /// Of a state event only the newest of a commit is worth sending.
    void raise(RaisedEvent event, const Cause& cause) {
        if (event.info->kind == EventKind::state) {
            std::erase_if(events, [&](const Raised& old) { return old.event.info == event.info; });
        }
        events.push_back({std::move(event), &cause});
    }
};

CollectionCore::CollectionCore(
    Store& store, Runtime& runtime, const CollectionSpec& spec, const Type& type, Make make
)
    : store_(store)
    , runtime_(runtime)
    , spec_(spec)
    , type_(type)
    , make_(make) {}

Task<Result<Loaded>> CollectionCore::update(
    std::string id, Decide decide, Cause cause, Terms terms
) {
    Waiting me{&decide, &cause, &terms};
    auto& line = lines_[id];
    if (line.size() >= waiting_max) {
        throw Unavailable(Unavailable::Outcome::not_done, "too many updates wait for " + id);
    }
    line.push_back(&me);
    if (line.size() > 1) co_await Suspend{me};
    if (!me.resolved()) co_await lead(id);
    if (me.failure) std::rethrow_exception(me.failure);
    co_return std::move(*me.result);
}

Task<> CollectionCore::lead(const std::string& id) {
    const auto& line = lines_[id];
    const auto count = static_cast<std::ptrdiff_t>(std::min(line.size(), batch_max));
    Batch batch(line.begin(), line.begin() + count);
    co_await answer(id, batch);
    pass_on(id, batch);
}

/// What goes wrong is told to everyone in the batch who has no answer yet.
Task<> CollectionCore::answer(const std::string& id, Batch& batch) {
    std::exception_ptr failure;
    bool one_to_blame = false;
    try {
        co_await resolve(id, batch);
    } catch (const Unavailable& away) {
        failure = std::current_exception();
        if (away.outcome() == Unavailable::Outcome::unknown) doubtful_.insert(id);
    } catch (...) { // Forwarded to everyone in the batch, or found out who is to blame.
        failure = std::current_exception();
        one_to_blame = batch.size() > 1;
    }
    if (failure) {
        // The commit may have taken place: neither our copy nor a read on its way is to be believed any more.
        ++generation_;
        forget(id);
    }
    if (one_to_blame) {
        co_await answer_each(id, batch);
        co_return;
    }
    for (Waiting* waiting : batch) {
        if (!waiting->resolved()) waiting->failure = failure;
    }
}

/// One of the batch is to blame, so each answers for itself.
Task<> CollectionCore::answer_each(const std::string& id, const Batch& batch) {
    for (Waiting* waiting : batch) {
        Batch alone{waiting};
        co_await answer(id, alone);
    }
}

/// Tries until the batch is committed or refused. The first retry asks the store itself, since a cached copy may be
/// behind another process's.
Task<> CollectionCore::resolve(const std::string& id, Batch& batch) {
    for (int tries = 0; tries < attempts_max; ++tries) {
        const bool done = co_await attempt(id, batch, tries > 0);
        if (done) co_return;
        if (tries > 0) {
            const auto range = std::min(Duration{1LL << tries}, pause_max).count();
            const Duration jittered{1 + runtime_.random() % static_cast<std::uint64_t>(range)};
            co_await sleep_for(runtime_, jittered);
        }
    }
    throw Unavailable(
        Unavailable::Outcome::not_done, "too much contention on " + spec_.full_name()
    );
}

Task<bool> CollectionCore::attempt(const std::string& id, Batch& batch, bool fresh) {
    const bool guessed = !fresh && !cache_.contains(id) && all_create(batch);
    const Stored* const copy = fresh ? nullptr : copy_for(id, batch);
    Loaded base;
    if (copy != nullptr) {
        base = decode(*copy);
    } else if (!guessed) {
        base = co_await load(id, fresh);
    }
    co_await ask_guards(batch);
    Fold folded = fold(base, batch);
    if (folded.changed) co_return co_await commit(id, batch, folded);
    // Nobody wants to write, so no compare-and-swap vouches for what they saw.
    if (guessed || (!fresh && !store_.exclusive())) co_return false;
    settle(batch, folded);
    co_return true;
}

/// The newest that somebody has brought along, if it is newer than ours.
const Stored* CollectionCore::copy_for(const std::string& id, const Batch& batch) const {
    if (store_.exclusive()) return nullptr;
    const auto cached = cache_.find(id);
    std::int64_t version = cached == cache_.end() ? 0 : cached->second.loaded.version;
    const Stored* newest = nullptr;
    for (const Waiting* waiting : batch) {
        const std::optional<Stored>& copy = waiting->terms->copy;
        if (!copy || copy->version <= version) continue;
        INVARIANT(copy->id == id, "a copy is of the document that is updated");
        version = copy->version;
        newest = &*copy;
    }
    return newest;
}

bool CollectionCore::all_create(const Batch& batch) {
    return std::ranges::all_of(batch, [](const Waiting* waiting) {
        return waiting->terms->creates;
    });
}

Task<> CollectionCore::ask_guards(const Batch& batch) {
    for (Waiting* waiting : batch) {
        waiting->refused.reset();
        waiting->threw = nullptr;
        if (!waiting->terms->guard) continue;
        try {
            Result<void> allowed = co_await waiting->terms->guard();
            if (!allowed) waiting->refused = std::move(allowed.error());
        } catch (const std::exception&) {
            waiting->threw = std::current_exception();
        }
    }
}

/// Decides one after the other. Who changes a unique key is the last of the batch, since the index must judge each such
/// key and the commit shows it only the last one; who comes after waits for the next batch.
CollectionCore::Fold CollectionCore::fold(const Loaded& base, Batch& batch) const {
    Fold folded{base.version, base};
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i]->refused || batch[i]->threw) continue;
        const std::shared_ptr<const void> before = folded.next.value;
        decide(*batch[i], folded);
        if (unique_key_differs(before.get(), folded.next.value.get())) batch.resize(i + 1);
    }
    return folded;
}

bool CollectionCore::unique_key_differs(const void* one, const void* other) const {
    return one != other && std::ranges::any_of(spec_.indexes, [&](const Index& index) {
               return index.unique && key_of(index, one) != key_of(index, other);
           });
}

Key CollectionCore::key_of(const Index& index, const void* document) const {
    Key key;
    for (const std::string& path : index.fields) key.push_back(field_value(type_, document, path));
    return key;
}

/// Whoever refuses or throws takes only itself out.
void CollectionCore::decide(Waiting& waiting, Fold& folded) {
    try {
        Result<Decision> decided = (*waiting.decide)(folded.next.value.get());
        // What the batch has changed already will be the next version, which nobody can have seen.
        const std::int64_t version = folded.base_version + (folded.changed ? 1 : 0);
        Result<void> fresh = check_version(*waiting.terms, version);
        if (!decided) {
            waiting.refused = std::move(decided.error());
        } else if (!fresh) {
            waiting.refused = std::move(fresh.error());
        } else {
            folded.add(std::move(*decided), *waiting.cause);
        }
    } catch (const std::exception&) {
        waiting.threw = std::current_exception();
    }
}

Task<bool> CollectionCore::commit(const std::string& id, const Batch& batch, Fold& folded) {
    const CommitResult result = co_await store_.commit(commit_of(id, folded));
    switch (result.kind) {
    case CommitResult::Kind::committed:
        ++generation_;
        doubtful_.erase(id);
        remember(id, folded.next);
        settle(batch, folded);
        co_return true;
    case CommitResult::Kind::conflict:
        forget(id);
        co_return false;
    case CommitResult::Kind::duplicate:
        break;
    }
    if (batch.size() == 1) {
        batch.front()->result = refuse_duplicate(result.index);
        co_return true;
    }
    co_await answer_each(id, batch);
    co_return true;
}

Result<Loaded> CollectionCore::refuse_duplicate(const std::string& index) const {
    const auto found = std::ranges::find(spec_.indexes, index, &Index::name);
    INVARIANT(
        found != spec_.indexes.end() && found->taken != nullptr,
        "a unique index declares what it refuses with"
    );
    return refuse(*found->taken, std::string(found->taken->meaning));
}

void CollectionCore::settle(const Batch& batch, const Fold& folded) {
    for (Waiting* waiting : batch) {
        if (waiting->threw) {
            waiting->failure = waiting->threw;
        } else if (waiting->refused) {
            waiting->result = std::unexpected(std::move(*waiting->refused));
        } else {
            waiting->result = folded.next;
        }
    }
}

Commit CollectionCore::commit_of(const std::string& id, Fold& folded) const {
    Loaded& next = folded.next;
    next.version = folded.base_version + 1;
    Commit commit;
    commit.collection = &spec_;
    commit.base_version = folded.base_version;
    commit.operation = hex_of(runtime_.random());
    for (const Fold::Raised& raised : folded.events) {
        commit.events.push_back(record_of(id, raised.event, ++next.events, *raised.cause));
    }
    for (const Described& entry : folded.entries) {
        commit.entries.push_back({id, ++next.entries, std::string(entry.type->name), {}});
        schema::write_json(*entry.type, entry.value.get(), commit.entries.back().body);
    }
    for (const Index& index : spec_.indexes) {
        commit.keys.push_back(key_of(index, next.value.get()));
    }
    commit.document = {id, next.version, next.events, next.entries, spec_.schema, {}};
    schema::write_stored(type_, next.value.get(), next.unknown, commit.document.body);
    return commit;
}

EventRecord CollectionCore::record_of(
    const std::string& id, const RaisedEvent& raised, std::int64_t sequence, const Cause& cause
) const {
    EventRecord record{
        .id = spec_.full_name() + "/" + id + "/" + std::to_string(sequence),
        .source = spec_.service,
        .type = std::string(raised.info->type),
        .subject = id,
        .sequence = sequence,
        .time = runtime_.now().utc,
        .traceparent = cause.traceparent,
        .data = {},
    };
    schema::write_json(*raised.data.type, raised.data.value.get(), record.data);
    return record;
}

/// Wakes the rest of the batch, and the next in line to lead.
void CollectionCore::pass_on(const std::string& id, const Batch& batch) {
    auto& line = lines_[id];
    line.erase(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    for (const Waiting* waiting : batch) {
        if (waiting != batch.front()) runtime_.post(waiting->handle);
    }
    if (line.empty()) {
        lines_.erase(id);
    } else {
        runtime_.post(line.front()->handle);
    }
}

} // namespace backline::store
