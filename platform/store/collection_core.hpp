#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/task.hpp"
#include "platform/base/change.hpp"
#include "platform/store/store.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace backline::store {

/// A decoded document, whatever its C++ type: what `Versioned<T>` is made of. Immutable; an empty `value` means that
/// there is no such document (and `version` is 0).
struct Loaded {
    std::shared_ptr<const void> value;
    std::int64_t version = 0;
    std::int64_t events = 0;
    std::int64_t entries = 0;
    std::string unknown; ///< Fields of a newer program's document, kept and written back.
};

/// Why something is done; goes into the events that it raises.
struct Cause {
    std::string traceparent{};
};

/// A page of one index, for people and programs that go on from where they were.
struct Range {
    std::size_t index = 0;
    Key equals{};
    std::optional<Value> from{};
    std::optional<Value> until{};
    bool descending = false;
    std::size_t limit = 20; ///< 1 to 1,000.
    std::string after{};    ///< The `next` of the page before, or empty.
};

/// What else must hold for an update to be made, beside its own decision.
struct Terms {
    /// Asked after the document was read and before it is decided upon, at every attempt. What it saw is therefore not
    /// older than the version that the commit compares with: the fence against zombies (ARCHITECTURE.md). A refusal or
    /// an exception takes only its own update out.
    std::function<Task<Result<void>>()> guard{};

    /// The version that the caller has seen (`If-Match`). If the document is another one by the time of the decision,
    /// and the decision itself does not refuse, the update does: 412 `version_stale`. Of two updates that name one
    /// version, at most one changes the document.
    std::optional<std::int64_t> version{};

    /// There is most likely no such document yet, so do not look first, but let the commit find out. Where there is one
    /// after all, `decide` is called with null, and then again with what is there.
    bool creates = false;

    /// What `Collection::copy_of` gave in another process, or here a while ago: the first attempt begins from it
    /// instead of reading, where the store has other writers. However old it is, nothing rests on it: a commit is
    /// compared with the version in the store, and a decision to change nothing is taken again on what lies there.
    /// It must be what that version was, so whoever keeps copies where others can write seals them.
    std::optional<Stored> copy{};
};

/// What `update` refuses with by `terms.version`, for who wants to know before it does other things first.
[[nodiscard]] Result<void> check_version(const Terms& terms, std::int64_t actual);

/// `Collection<T>` without its type: queues, folds, retries and caches. See `collection.hpp` for the contract.
class CollectionCore final {
public:
    /// What a decision came to, for one document.
    struct Decision {
        std::shared_ptr<const void> next; ///< Null: nothing to do.
        std::vector<RaisedEvent> events{};
        std::vector<Described> entries{};
    };

    /// Pure; called again after a conflict. `current` is null where there is no document yet.
    using Decide = std::function<Result<Decision>(const void* current)>;
    using Make = std::shared_ptr<void> (*)();

    CollectionCore(
        Store& store, Runtime& runtime, const CollectionSpec& spec, const Type& type, Make make
    );

    Task<Loaded> find(std::string id);
    Task<Result<Loaded>> update(std::string id, Decide decide, Cause cause, Terms terms);

    struct Page {
        std::vector<Loaded> documents;
        std::optional<std::string> next;
    };

    /// Refuses (422 `invalid`) an `after` that no page gave out.
    Task<Result<Page>> page(Range range);
    Task<Loaded> find_by(std::size_t index, Key key);

    Task<std::vector<LogEntry>> log(std::string aggregate, std::int64_t after, std::size_t limit);

    [[nodiscard]] Loaded recent(const std::string& id) const;
    [[nodiscard]] std::optional<Stored> copy_of(const std::string& id) const;

    [[nodiscard]] Runtime& runtime() const { return runtime_; }

    /// Rises with every commit of this process to the collection, and when one may have taken place: what cached
    /// answers are valid for.
    [[nodiscard]] const std::uint64_t& generation() const { return generation_; }

private:
    /// One `update` that waits its turn. Lives in the caller's frame.
    struct Waiting {
        const Decide* decide;
        const Cause* cause;
        const Terms* terms;
        std::optional<Problem> refused{}; ///< By its guard or its decision, at the present attempt.
        std::exception_ptr threw{};       ///< The same, for what they threw.
        std::coroutine_handle<> handle{};
        std::optional<Result<Loaded>> result{};
        std::exception_ptr failure{};

        [[nodiscard]] bool resolved() const { return result.has_value() || failure != nullptr; }
    };

    using Batch = std::vector<Waiting*>;

    struct Suspend;
    struct Fold;

    Task<> lead(const std::string& id);
    Task<> answer(const std::string& id, Batch& batch);
    Task<> answer_each(const std::string& id, const Batch& batch);
    Task<> resolve(const std::string& id, Batch& batch);
    Task<bool> attempt(const std::string& id, Batch& batch, bool fresh);
    [[nodiscard]] static bool all_create(const Batch& batch);
    static Task<> ask_guards(const Batch& batch);
    Task<bool> commit(const std::string& id, const Batch& batch, Fold& fold);
    Task<Loaded> load(const std::string& id, bool fresh);
    [[nodiscard]] const Stored* copy_for(const std::string& id, const Batch& batch) const;
    [[nodiscard]] Fold fold(const Loaded& base, Batch& batch) const;
    [[nodiscard]] bool unique_key_differs(const void* one, const void* other) const;
    [[nodiscard]] Key key_of(const Index& index, const void* document) const;
    static void decide(Waiting& waiting, Fold& folded);
    [[nodiscard]] Commit commit_of(const std::string& id, Fold& folded) const;
    [[nodiscard]] EventRecord record_of(
        const std::string& id, const RaisedEvent& raised, std::int64_t sequence, const Cause& cause
    ) const;
    [[nodiscard]] Result<Loaded> refuse_duplicate(const std::string& index) const;
    static void settle(const Batch& batch, const Fold& folded);
    void pass_on(const std::string& id, const Batch& batch);

    [[nodiscard]] Loaded decode(const Stored& stored) const;
    [[nodiscard]] Loaded decode_cached(const Stored& stored) const;
    void remember(const std::string& id, Loaded loaded);
    void forget(const std::string& id);
    void distrust_answers();

    Store& store_;
    Runtime& runtime_;
    const CollectionSpec& spec_;
    const Type& type_;
    Make make_;
    std::uint64_t generation_ = 1;

    /// The updates of one document in the order of their arrival; the first one leads.
    std::map<std::string, std::deque<Waiting*>> lines_;

    /// Decoded documents, newest use first.
    struct Cached {
        Loaded loaded;
        std::list<std::string>::iterator place;
    };

    std::unordered_map<std::string, Cached> cache_;
    std::list<std::string> recent_;

    /// Documents with a commit of unknown outcome, which may still take place; not cached until a later one is known.
    std::set<std::string> doubtful_;
};

} // namespace backline::store
