#include "apps/backline/collection_routes.hpp"

#include <algorithm>

namespace backline::app {

namespace {

constexpr int page_default = 100;

Counters counters_of(const store::Stored& document) {
    return {document.id, document.version, document.events, document.entries};
}

} // namespace

CollectionRoutes::CollectionRoutes(store::Store& store, const std::vector<Service>& services)
    : store_(store) {
    for (const Service& service : services) {
        collections_.insert(
            collections_.end(), service.collections.begin(), service.collections.end()
        );
    }
}

http::Routes CollectionRoutes::routes() {
    using security::Access;
    using Self = CollectionRoutes;
    return {
        get("/collections", *this, &Self::list, Access::anyone(), "List the collections"),
        get("/collections/{collection}/counters",
            *this,
            &Self::counters,
            Access::anyone(),
            "Say how far each document has come")
            .refuses(find_refusal(collection_refusals, "collection_unknown")),
    };
}

Task<CollectionList> CollectionRoutes::list(http::Context&) {
    CollectionList list;
    for (const auto* collection : collections_) list.collections.push_back(collection->full_name());
    co_return list;
}

Task<CountersPage> CollectionRoutes::counters(
    http::Context&, CollectionName name, http::Query<ListCounters> query
) {
    const store::CollectionSpec& collection = named(name.text());
    const auto limit =
        static_cast<std::size_t>(query->limit ? query->limit->value() : page_default);
    std::string after = query->after ? query->after->text() : "";
    const auto found = co_await store_.scan(collection, std::move(after), limit);
    CountersPage page;
    for (const store::Stored& document : found) page.counters.push_back(counters_of(document));
    if (found.size() == limit) page.next = found.back().id;
    co_return page;
}

const store::CollectionSpec& CollectionRoutes::named(const std::string& name) const {
    const auto found = std::ranges::find(collections_, name, &store::CollectionSpec::full_name);
    if (found != collections_.end()) return **found;
    throw Refused(Problem{
        &find_refusal(collection_refusals, "collection_unknown"),
        "This process keeps no collection " + name + "."
    });
}

} // namespace backline::app
