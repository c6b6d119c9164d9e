#pragma once

#include "adapters/sqlite/layout.hpp"
#include "platform/store/store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// How one page of an index is read: as a few range scans, one after the other, each of which starts where its first
/// row lies and stops at the limit. SQL has no single condition for "after this key" that both treats nothing as a
/// value below all others and is answered by one descent of the index. Pure.
namespace backline::sqlite {

/// One end of a scan on the column after the fixed ones.
struct Bound {
    store::Value value;
    bool inclusive = true;

    bool operator==(const Bound&) const = default;
};

/// One scan: the first columns of the index are equal to `fixed`; the next lies within the bounds. Where the index has
/// no more columns, the next is the id.
struct Scan {
    enum class Nulls {
        with, ///< Documents without a value in the next column match as well; only where there are no bounds.
        without, ///< They do not.
        only,    ///< Nothing else does.
    };

    store::Key fixed{};
    Nulls nulls = Nulls::with;
    std::optional<Bound> low{};
    std::optional<Bound> high{};

    bool operator==(const Scan&) const = default;
};

/// The scans that answer `query`, in order. `width` is the number of fields of the index. Breaks an invariant if the
/// query has more values than the index has fields.
[[nodiscard]] std::vector<Scan> plan_page(const store::Query& query, std::size_t width);

/// The scan's statement: ?1... are the fixed values, the low and the high bound, then the limit. Columns: the
/// document's, then the index's. Scans of one shape have one text.
[[nodiscard]] std::string scan_sql(
    const Layout& layout, std::size_t index, const Scan& scan, bool descending
);

} // namespace backline::sqlite
