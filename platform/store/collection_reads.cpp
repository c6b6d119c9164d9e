#include "platform/base/invariant.hpp"
#include "platform/base/refusals.hpp"
#include "platform/schema/json.hpp"
#include "platform/store/collection_core.hpp"
#include "platform/store/cursor.hpp"

// The reading half of `CollectionCore`: documents, pages, logs, and the decoded ones that are kept.
namespace backline::store {

namespace {

constexpr std::size_t cached_max = 16'384;

} // namespace

Task<Loaded> CollectionCore::find(std::string id) {
    // The commit of an update under way may be durable, and its event handled, before we hear of it.
    const bool fresh = !store_.exclusive() || lines_.contains(id);
    Loaded loaded = co_await load(id, fresh);
    co_return loaded;
}

Task<Loaded> CollectionCore::load(const std::string& id, bool fresh) {
    if (!fresh) {
        const auto cached = cache_.find(id);
        if (cached != cache_.end()) {
            recent_.splice(recent_.begin(), recent_, cached->second.place);
            co_return cached->second.loaded;
        }
    }
    const std::uint64_t before = generation_;
    const std::optional<Stored> stored = co_await store_.find(spec_, id);
    if (!stored) {
        distrust_answers();
        co_return Loaded{};
    }
    Loaded loaded = decode(*stored);
    // A commit of ours that overtook this read has put something newer there.
    if (before == generation_ && !doubtful_.contains(id)) remember(id, loaded);
    distrust_answers();
    co_return loaded;
}

/// A commit that may still take place is told to nobody when it does, so what is read meanwhile is not to be kept.
void CollectionCore::distrust_answers() {
    if (!doubtful_.empty()) ++generation_;
}

Loaded CollectionCore::decode(const Stored& stored) const {
    Loaded loaded{nullptr, stored.version, stored.events, stored.entries, {}};
    const std::shared_ptr<void> value = make_();
    const Result<void> read = schema::read_stored(type_, value.get(), stored.body, loaded.unknown);
    INVARIANT(
        read.has_value(), "a stored document can be read: " + spec_.full_name() + "/" + stored.id
    );
    loaded.value = value;
    return loaded;
}

Task<Result<CollectionCore::Page>> CollectionCore::page(Range range) {
    INVARIANT(range.limit >= 1 && range.limit <= 1000, "a page holds 1 to 1,000 documents");
    Query query{
        range.index,
        std::move(range.equals),
        std::move(range.from),
        std::move(range.until),
        range.descending,
        range.limit + 1
    };
    if (!range.after.empty()) {
        query.after = decode_cursor(range.after);
        const std::size_t width = spec_.indexes.at(range.index).fields.size();
        if (!query.after || query.after->first.size() != width) {
            co_return refuse(
                platform_error("invalid"),
                "The cursor is not one that a page of this list gave out.",
                {{"?after", "bad_format", "leave it out to start from the first page"}}
            );
        }
    }
    std::vector<Found> found = co_await store_.page(spec_, std::move(query));
    Page page;
    if (found.size() > range.limit) {
        found.pop_back();
        page.next = encode_cursor(found.back().key, found.back().document.id);
    }
    for (const Found& one : found) page.documents.push_back(decode_cached(one.document));
    distrust_answers();
    co_return page;
}

Task<Loaded> CollectionCore::find_by(std::size_t index, Key key) {
    const Index& unique = spec_.indexes.at(index);
    const bool whole = key.size() == unique.fields.size();
    INVARIANT(unique.unique && whole, "only a whole unique key finds one document");
    if (std::ranges::find(key, Value{}) != key.end()) co_return Loaded{};
    Query query{.index = index, .equals = std::move(key), .limit = 1};
    std::vector<Found> found = co_await store_.page(spec_, std::move(query));
    distrust_answers();
    if (found.empty()) co_return Loaded{};
    co_return decode_cached(found.front().document);
}

Loaded CollectionCore::decode_cached(const Stored& stored) const {
    const auto cached = cache_.find(stored.id);
    const bool same = cached != cache_.end() && cached->second.loaded.version == stored.version;
    return same ? cached->second.loaded : decode(stored);
}

Loaded CollectionCore::recent(const std::string& id) const {
    const auto cached = cache_.find(id);
    return cached == cache_.end() ? Loaded{} : cached->second.loaded;
}

std::optional<Stored> CollectionCore::copy_of(const std::string& id) const {
    const auto cached = cache_.find(id);
    if (cached == cache_.end()) return std::nullopt;
    const Loaded& known = cached->second.loaded;
    Stored copy{id, known.version, known.events, known.entries, spec_.schema, {}};
    schema::write_stored(type_, known.value.get(), known.unknown, copy.body);
    return copy;
}

Task<std::vector<LogEntry>> CollectionCore::log(
    std::string aggregate, std::int64_t after, std::size_t limit
) {
    return store_.log(spec_, std::move(aggregate), after, limit);
}

void CollectionCore::remember(const std::string& id, Loaded loaded) {
    const auto [entry, fresh] = cache_.try_emplace(id);
    if (fresh) {
        entry->second.place = recent_.insert(recent_.begin(), id);
    } else {
        recent_.splice(recent_.begin(), recent_, entry->second.place);
    }
    entry->second.loaded = std::move(loaded);
    if (cache_.size() > cached_max) forget(std::string(recent_.back()));
}

void CollectionCore::forget(const std::string& id) {
    const auto cached = cache_.find(id);
    if (cached == cache_.end()) return;
    recent_.erase(cached->second.place);
    cache_.erase(cached);
}

} // namespace backline::store
