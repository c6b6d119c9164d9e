#include "adapters/mongo/bounds.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>

namespace backline::mongo {

namespace {

/// The values, then `side` for all other fields and the id.
Point padded(const store::Key& values, std::size_t width, int side) {
    Point point;
    for (const store::Value& value : values) point.push_back(Edge{0, value});
    point.resize(width + 1, Edge{side});
    return point;
}

Point bound(
    const store::Query& query,
    const std::optional<store::Value>& ranged,
    std::size_t width,
    int side
) {
    store::Key values = query.equals;
    if (ranged) values.push_back(*ranged);
    return padded(values, width, side);
}

/// Of all texts that are greater than an id, the one with a NUL behind it is the least.
std::string next_after(const std::string& id) {
    return id + '\0';
}

} // namespace

std::optional<Bounds> bounds_of(const store::Query& query, std::size_t width) {
    INVARIANT(query.equals.size() <= width, "a query has at most one value per field of its index");
    INVARIANT(
        query.equals.size() < width || (!query.from && !query.until),
        "bounds need a field of their own"
    );
    Bounds bounds{
        bound(query, query.from, width, -1),
        bound(query, query.until, width, 1),
    };
    if (query.after) {
        const auto& [key, id] = *query.after;
        INVARIANT(key.size() == width, "a cursor has a value for every field of its index");
        Point mark = padded(key, width, 0);
        mark.back().value = query.descending ? id : next_after(id);
        if (query.descending) {
            bounds.high = std::min(bounds.high, mark);
        } else {
            bounds.low = std::max(bounds.low, mark);
        }
    }
    if (bounds.low >= bounds.high) return std::nullopt;
    return bounds;
}

void append_value(Bson& document, std::string_view key, const store::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        document.number(key, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        document.text(key, *text);
    } else {
        document.null(key);
    }
}

} // namespace backline::mongo
