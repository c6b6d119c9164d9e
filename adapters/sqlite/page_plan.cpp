#include "adapters/sqlite/page_plan.hpp"

#include "platform/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <iterator>

namespace backline::sqlite {

using store::Query;
using store::Value;

namespace {

bool is_nothing(const Value& value) {
    return std::holds_alternative<std::monostate>(value);
}

/// A range over the port's values, in which nothing is the least.
struct Range {
    std::optional<Bound> low{};
    std::optional<Bound> high{};
};

/// The same range as SQL can say it: first those without a value, then those with one.
void add_scans(const store::Key& fixed, const Range& range, std::vector<Scan>& scans) {
    const bool low_is_nothing = range.low && is_nothing(range.low->value);
    const bool with_nothing = !range.low || (low_is_nothing && range.low->inclusive);
    if (with_nothing && !range.high) {
        scans.push_back(Scan{fixed});
        return;
    }
    const bool high_is_nothing = range.high && is_nothing(range.high->value);
    if (with_nothing && (!high_is_nothing || range.high->inclusive)) {
        scans.push_back(Scan{fixed, Scan::Nulls::only});
    }
    if (high_is_nothing) return;
    const std::optional<Bound> low = low_is_nothing ? std::nullopt : range.low;
    scans.push_back(Scan{fixed, Scan::Nulls::without, low, range.high});
}

/// What was asked for of the field after `equals`.
Range asked_range(const Query& query) {
    Range range;
    if (query.from) range.low = Bound{*query.from};
    if (query.until) range.high = Bound{*query.until};
    return range;
}

std::vector<Scan> scans_of(const store::Key& fixed, const Range& range, bool descending) {
    std::vector<Scan> scans;
    add_scans(fixed, range, scans);
    if (descending) std::ranges::reverse(scans);
    return scans;
}

/// Where the cursor's key stands to what was asked for, in ascending order: a cursor may come from another query.
std::strong_ordering cursor_position(const Query& query, const store::Key& key) {
    for (std::size_t i = 0; i < query.equals.size(); ++i) {
        if (key[i] < query.equals[i]) return std::strong_ordering::less;
        if (key[i] > query.equals[i]) return std::strong_ordering::greater;
    }
    if (query.from && key[query.equals.size()] < *query.from) return std::strong_ordering::less;
    if (query.until && key[query.equals.size()] > *query.until) {
        return std::strong_ordering::greater;
    }
    return std::strong_ordering::equal;
}

/// First what shares the cursor's whole key and has a later id, then what differs from it in the last field, and so on
/// to the first field that is free.
std::vector<Scan> scans_from(const Query& query, const store::Key& key, const std::string& id) {
    const auto cut = [&](Range range, const Value& mark) {
        (query.descending ? range.high : range.low) = Bound{mark, false};
        return range;
    };
    const Range ids = cut({}, id);
    std::vector<Scan> scans{Scan{key, Scan::Nulls::without, ids.low, ids.high}};
    for (std::size_t depth = key.size(); depth-- > query.equals.size();) {
        const store::Key fixed(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(depth));
        const bool is_ranged = depth == query.equals.size();
        const Range range = cut(is_ranged ? asked_range(query) : Range{}, key[depth]);
        std::ranges::move(scans_of(fixed, range, query.descending), std::back_inserter(scans));
    }
    return scans;
}

std::string where(const std::vector<std::string>& columns, const Scan& scan, int& parameter) {
    std::string text;
    const auto add = [&](const std::string& condition) {
        text += (text.empty() ? " WHERE " : " AND ") + condition;
    };
    for (std::size_t i = 0; i < scan.fixed.size(); ++i) {
        add(fmt::format("{} IS ?{}", columns[i], parameter++));
    }
    const std::string& next = columns[scan.fixed.size()];
    if (scan.nulls == Scan::Nulls::only) add(next + " IS NULL");
    if (scan.low) {
        add(fmt::format("{} {} ?{}", next, scan.low->inclusive ? ">=" : ">", parameter++));
    }
    if (scan.high) {
        add(fmt::format("{} {} ?{}", next, scan.high->inclusive ? "<=" : "<", parameter++));
    }
    if (scan.nulls == Scan::Nulls::without && !scan.low && !scan.high) add(next + " IS NOT NULL");
    return text;
}

} // namespace

std::vector<Scan> plan_page(const Query& query, std::size_t width) {
    INVARIANT(query.equals.size() <= width, "a query has at most one value per field of its index");
    INVARIANT(
        query.equals.size() < width || (!query.from && !query.until),
        "bounds need a field of their own"
    );
    if (!query.after) return scans_of(query.equals, asked_range(query), query.descending);
    const auto& [key, id] = *query.after;
    INVARIANT(key.size() == width, "a cursor has a value for every field of its index");
    const std::strong_ordering position = cursor_position(query, key);
    if (position == 0) return scans_from(query, key, id);
    const bool all_lies_ahead = query.descending ? position > 0 : position < 0;
    if (!all_lies_ahead) return {};
    return scans_of(query.equals, asked_range(query), query.descending);
}

std::string scan_sql(const Layout& layout, std::size_t index, const Scan& scan, bool descending) {
    std::vector<std::string> columns;
    std::string selected;
    for (const std::size_t column : layout.index_columns(index)) {
        columns.push_back(layout.columns()[column].name);
        selected += ", " + columns.back();
    }
    columns.emplace_back("id");
    int parameter = 1;
    const std::string condition = where(columns, scan, parameter);
    std::string order;
    for (std::size_t i = scan.fixed.size(); i < columns.size(); ++i) {
        order +=
            fmt::format("{}{}{}", order.empty() ? "" : ", ", columns[i], descending ? " DESC" : "");
    }
    return fmt::format(
        "SELECT {}{} FROM {} INDEXED BY \"{}\"{} ORDER BY {} LIMIT ?{}",
        Layout::document_columns,
        selected,
        layout.table(),
        layout.index_name(index),
        condition,
        order,
        parameter
    );
}

} // namespace backline::sqlite
