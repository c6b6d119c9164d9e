#pragma once

#include "platform/base/change.hpp"
#include "platform/store/collection_core.hpp"

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace backline::store {

/// A document and the version it has in the store. Cheap to copy; the document never changes under the holder. Falsy
/// where there is no such document.
template <class T> struct Versioned {
    std::shared_ptr<const T> document;
    std::int64_t version = 0;

    explicit operator bool() const { return document != nullptr; }

    const T& operator*() const { return *document; }

    const T* operator->() const { return document.get(); }
};

template <class T> struct Slice {
    std::vector<Versioned<T>> items;
    std::optional<std::string> next; ///< For `Range::after`; empty on the last page.
};

/// The text under which a document of this id lies in the store.
inline std::string key_text(std::string id) {
    return id;
}

template <class Id>
    requires requires(const Id& id) {
        { id.text() } -> std::convertible_to<std::string>;
    }
std::string key_text(const Id& id) {
    return std::string(id.text());
}

/// The documents of one kind that a service owns. All that must change together lies in one document; a commit replaces
/// it if it is still the version that the decision saw, and writes the events and log entries with it: see
/// ARCHITECTURE.md. Loop thread only. Throws `Unavailable` as the store does.
template <class T> class Collection final {
public:
    using Decide = std::function<Result<Change<T>>(const T* current)>;

    Collection(Store& store, Runtime& runtime, const CollectionSpec& spec)
        : core_(store, runtime, spec, type_of<T>(), [] {
            return std::static_pointer_cast<void>(std::make_shared<T>());
        }) {}

    /// The document as of the last durable commit, or a falsy one.
    template <class Id> Task<Versioned<T>> find(const Id& id) { return find_text(key_text(id)); }

    /// Loads, decides, commits; answers the document as it then is. `decide` gets null where there is none, must be
    /// pure and may be called more than once: updates of one id are served first in, first out, those that wait are
    /// folded into one commit, and a conflict with another process retries with jitter up to a bound. What
    /// `decide` refuses with or throws comes back as it is, and touches nobody else's decision; a unique index refuses
    /// with the `taken` of its declaration. When this returns, the commit is durable. `Terms` say what else
    /// must hold.
    template <class Id> Task<Result<Versioned<T>>> update(
        const Id& id, Decide decide, Cause cause = {}, Terms terms = {}
    ) {
        return update_text(key_text(id), std::move(decide), std::move(cause), std::move(terms));
    }

    /// One page of an index. Refuses an `after` that it never gave out.
    Task<Result<Slice<T>>> page(Range range) {
        Result<CollectionCore::Page> page = co_await core_.page(std::move(range));
        if (!page) co_return std::unexpected(std::move(page.error()));
        Slice<T> slice{{}, std::move(page->next)};
        for (Loaded& loaded : page->documents) slice.items.push_back(versioned(std::move(loaded)));
        co_return slice;
    }

    /// The one document whose unique index has exactly this key, or a falsy one. No document is found by a key in which
    /// something is absent.
    Task<Versioned<T>> find_by(std::size_t index, Key key) {
        Loaded loaded = co_await core_.find_by(index, std::move(key));
        co_return versioned(std::move(loaded));
    }

    /// Entries of one document's log after number `after`, oldest first.
    template <class Id>
    Task<std::vector<LogEntry>> log(const Id& id, std::int64_t after, std::size_t limit) {
        return core_.log(key_text(id), after, limit);
    }

    /// The document as this process saw it last, or a falsy one if it does not remember any: a durable version, but the
    /// store may have a newer one. For who asks for anything newer than what they have, and to be asked before `find`.
    template <class Id> [[nodiscard]] Versioned<T> recent(const Id& id) const {
        return versioned(core_.recent(key_text(id)));
    }

    /// The document as this process saw it last, if it remembers it: for a cache between processes. See `Terms::copy`.
    template <class Id> [[nodiscard]] std::optional<Stored> copy_of(const Id& id) const {
        return core_.copy_of(key_text(id));
    }

    [[nodiscard]] const std::uint64_t& generation() const { return core_.generation(); }

    [[nodiscard]] Runtime& runtime() const { return core_.runtime(); }

private:
    Task<Versioned<T>> find_text(std::string id) {
        Loaded loaded = co_await core_.find(std::move(id));
        co_return versioned(std::move(loaded));
    }

    Task<Result<Versioned<T>>> update_text(
        std::string id, Decide decide, Cause cause, Terms terms
    ) {
        CollectionCore::Decide erased = [&decide](const void* current) {
            return erase(decide(static_cast<const T*>(current)));
        };
        Result<Loaded> done = co_await core_.update(
            std::move(id), std::move(erased), std::move(cause), std::move(terms)
        );
        if (!done) co_return std::unexpected(std::move(done.error()));
        co_return versioned(std::move(*done));
    }

    static Versioned<T> versioned(Loaded loaded) {
        return {std::static_pointer_cast<const T>(std::move(loaded.value)), loaded.version};
    }

    static Result<CollectionCore::Decision> erase(Result<Change<T>> change) {
        if (!change) return std::unexpected(std::move(change.error()));
        CollectionCore::Decision decision;
        if (change->next) decision.next = std::make_shared<const T>(std::move(*change->next));
        decision.events = std::move(change->events);
        decision.entries = std::move(change->entries);
        return decision;
    }

    CollectionCore core_;
};

} // namespace backline::store
