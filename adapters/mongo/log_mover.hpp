#pragma once

#include "adapters/mongo/layout.hpp"
#include "adapters/mongo/session.hpp"

namespace backline::mongo {

/// Moves log entries out of some documents into the log's own collection: each is there, by its number, before it
/// leaves its document. Several processes may do so at once. Answers whether there may be more. Throws `Failed`.
[[nodiscard]] bool move_log_entries(Session& session, const Layout& layout);

} // namespace backline::mongo
