#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/list.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/text.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "platform/service/service.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

/// What operators ask of the stored documents, without what stands in them: how many there are, and how far each has
/// come. Two looks at a shop at rest tell whether anything was written in between, and together with what the bus has
/// carried they tell whether an event is missing.
namespace backline::app {

inline constexpr std::array collection_refusals{
    Refusal{
        .code = "collection_unknown",
        .status = 404,
        .title = "This process keeps no such collection.",
        .meaning = "GET /collections at the same operator address lists those of its services."
    },
};

using CollectionName = Text<3, 120>; ///< `orders.carts`

struct CollectionList {
    std::vector<std::string> collections;
};
BOOST_DESCRIBE_STRUCT(CollectionList, (), (collections))

struct ListCounters {
    std::optional<Bounded<int, 1, 1000>> limit;
    std::optional<Text<1, 255>> after; ///< The id of the last one seen.
};
BOOST_DESCRIBE_STRUCT(ListCounters, (), (limit, after))

/// Of one document: see `store::Stored`.
struct Counters {
    std::string id;
    std::int64_t version = 0; ///< Commits.
    std::int64_t events = 0;  ///< Raised in its whole life.
    std::int64_t entries = 0; ///< Of its log.
};
BOOST_DESCRIBE_STRUCT(Counters, (), (id, version, events, entries))

struct CountersPage {
    std::vector<Counters> counters;  ///< By id.
    std::optional<std::string> next; ///< For `after`; absent on the last page.
};
BOOST_DESCRIBE_STRUCT(CountersPage, (), (counters, next))

class CollectionRoutes final {
public:
    CollectionRoutes(store::Store& store, const std::vector<Service>& services);

    [[nodiscard]] http::Routes routes();

private:
    Task<CollectionList> list(http::Context& ctx);
    Task<CountersPage> counters(
        http::Context& ctx, CollectionName name, http::Query<ListCounters> query
    );
    [[nodiscard]] const store::CollectionSpec& named(const std::string& name) const;

    store::Store& store_;
    std::vector<const store::CollectionSpec*> collections_;
};

} // namespace backline::app
