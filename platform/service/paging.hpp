#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/reply.hpp"
#include "platform/schema/json.hpp"
#include "platform/store/collection.hpp"

#include <type_traits>
#include <utility>

/// From the query of a list to its page.
namespace backline {

[[nodiscard]] inline std::size_t page_size(const std::optional<PageLimit>& limit) {
    return static_cast<std::size_t>(limit.value_or(page_limit_default).value());
}

/// `range`, cut to the page that `query` asks for: a `Paging`, or a struct with the same two fields.
template <class Query> store::Range paged(const Query& query, store::Range range) {
    range.limit = page_size(query.limit);
    if (query.after) range.after = query.after->text();
    return range;
}

/// What callers see of the documents that were found.
template <class T, class View> auto page_of(const store::Slice<T>& slice, View view) {
    http::Page<std::invoke_result_t<View, const store::Versioned<T>&>> page{{}, slice.next};
    for (const store::Versioned<T>& document : slice.items) page.items.push_back(view(document));
    return page;
}

/// As `page_of` where the view is `view_of(document, version)`.
template <class T> auto page_of(const store::Slice<T>& slice) {
    return page_of(slice, [](const store::Versioned<T>& document) {
        return view_of(*document, document.version);
    });
}

/// One page of a document's log, oldest first: entries of type `Entry`, each with its number.
template <class Entry, class T, class Id>
Task<http::Page<Entry>> log_page(store::Collection<T>& collection, Id id, LogPaging query) {
    const std::size_t limit = page_size(query.limit);
    const std::int64_t after = query.after ? query.after->value() : 0;
    const std::vector<store::LogEntry> found = co_await collection.log(id, after, limit + 1);
    http::Page<Entry> page;
    for (const store::LogEntry& stored : found) {
        if (page.items.size() == limit) {
            page.next = std::to_string(page.items.back().number);
            break;
        }
        Entry entry = unwrap(schema::read<Entry>(stored.body, schema::Reading::tolerant));
        entry.number = stored.number;
        page.items.push_back(std::move(entry));
    }
    co_return page;
}

} // namespace backline
