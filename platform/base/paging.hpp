#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/text.hpp"
#include "platform/base/type.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>

/// What a list is asked for. `platform/service/paging.hpp` answers it.
namespace backline {

using PageLimit = Bounded<int, 1, 100>;
using PageCursor = Text<1, 2048>; ///< Holds the longest key of any index.
using LogNumber = Bounded<std::int64_t, 0, 9'000'000'000'000>;

inline constexpr PageLimit page_limit_default = PageLimit::of(20);

inline constexpr FieldDoc page_limit_doc{"limit", "At most this many; 20 unless said."};
inline constexpr FieldDoc page_after_doc{"after", "The `next` of the page before."};

/// The query of a list that has nothing to choose but its pages. A list that has more repeats these two fields.
struct Paging {
    std::optional<PageLimit> limit;
    std::optional<PageCursor> after;

    static constexpr FieldDoc docs[] = {page_limit_doc, page_after_doc};
};
BOOST_DESCRIBE_STRUCT(Paging, (), (limit, after))

/// The query of an aggregate's log, whose entries are numbered 1, 2, 3, ...
struct LogPaging {
    std::optional<PageLimit> limit;
    std::optional<LogNumber> after;

    static constexpr FieldDoc docs[] = {
        page_limit_doc, {"after", "The number of the last one seen."}
    };
};
BOOST_DESCRIBE_STRUCT(LogPaging, (), (limit, after))

} // namespace backline
