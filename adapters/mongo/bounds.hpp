#pragma once

#include "adapters/mongo/bson.hpp"
#include "platform/store/store.hpp"

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

/// Which part of an index a page reads, as one range between two points of it (`min` and `max` of a find). BSON orders
/// nothing before numbers before text by bytes, as the port does, so that one range across kinds of values is enough.
/// Pure.
namespace backline::mongo {

/// One field of a point: a value, or a place before or behind all values.
struct Edge {
    int side = 0; ///< -1, 0, 1.
    store::Value value{};

    auto operator<=>(const Edge&) const = default;
};

/// The fields of an index, then the id.
using Point = std::vector<Edge>;

struct Bounds {
    Point low;  ///< Inclusive.
    Point high; ///< Exclusive.

    bool operator==(const Bounds&) const = default;
};

/// Nothing if no document can match. `width` is the number of fields of the index. Breaks an invariant if the query has
/// more values than the index has fields.
[[nodiscard]] std::optional<Bounds> bounds_of(const store::Query& query, std::size_t width);

/// Adds a value as it lies in an index: nothing is null.
void append_value(Bson& document, std::string_view key, const store::Value& value);

} // namespace backline::mongo
