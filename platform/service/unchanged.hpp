#pragma once

#include "platform/base/change.hpp"
#include "platform/base/equal.hpp"
#include "platform/http/context.hpp"
#include "platform/http/refusals.hpp"
#include "platform/store/collection.hpp"

#include <utility>

namespace backline {

/// `decide`, for a caller whose `If-Match` named the version `seen`: refuses with 412 `version_stale` if the document
/// is no longer what it was there. `Context::check_version` alone cannot see an edit that is committed between its
/// look and the update; of two edits of one version only one may be done. Without an `If-Match` it is `decide` itself.
/// `ctx` outlives it.
template <class T, class Decide>
auto unless_changed(const http::Context& ctx, store::Versioned<T> seen, Decide decide) {
    return [&ctx, seen = std::move(seen), decide](const T* known) -> Result<Change<T>> {
        if (!ctx.request.if_match) return decide(known);
        const bool both = known != nullptr && seen;
        if (both && equal(type_of<T>(), known, seen.document.get())) return decide(known);
        return refuse(http::http_error("version_stale"), "Somebody else was faster.");
    };
}

} // namespace backline
