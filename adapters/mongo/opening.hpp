#pragma once

#include "adapters/mongo/layout.hpp"
#include "adapters/mongo/session.hpp"

/// What is looked at and made when a process starts. All of it may be done twice, and by two processes at once.
namespace backline::mongo {

/// Throws `Unusable` if the server is no member of a replica set, too old, or confirms writes that are in no journal.
/// The last is seen only by a user who may read the set's configuration; others rely on our own `j: true`.
void check_server(Session& session);

/// Makes the collection, its log and its indexes. Throws `Unusable` if an index of this name was declared otherwise
/// before, if documents share a key of a unique index that is new, or if documents lack the keys of an index that is.
void open_collection(Session& session, const Layout& layout);

/// Makes what pages over a unique index are read from. Throws `Failed`.
void open_paging_index(Session& session, const Layout& layout, std::size_t index);

} // namespace backline::mongo
