#pragma once

#include "adapters/mongo/bounds.hpp"
#include "adapters/mongo/bson.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How a collection lies in MongoDB: names and indexes. Pure.
///
/// `orders.carts` is the collection `carts` of the database `<prefix>orders`, its log the collection `carts.log`. A
/// document keeps the keys of each index under `keys.<index>.f0`, `f1`, ..., absent values left out. An index names its
/// fields (`by_rank(group,rank)`), so that the server refuses one whose declaration has changed.
namespace backline::mongo {

class Layout final {
public:
    /// Breaks an invariant if a name is not lower case, digits, `_` and (in fields) `.`.
    Layout(const store::CollectionSpec& spec, const std::string& prefix);

    [[nodiscard]] const store::CollectionSpec& spec() const { return spec_; }

    [[nodiscard]] const std::string& database() const { return database_; }

    [[nodiscard]] const std::string& collection() const { return spec_.name; }

    [[nodiscard]] std::string log_collection() const { return spec_.name + ".log"; }

    /// All indexes that a collection has from the start. A page over a unique index needs its `paging_index` too.
    [[nodiscard]] Bson create_indexes() const;

    [[nodiscard]] Bson create_paging_index(std::size_t index) const;

    /// The name of the index that pages are read from: one that holds every document and ends with the id.
    [[nodiscard]] std::string paging_index(std::size_t index) const;

    [[nodiscard]] std::string unique_index(std::size_t index) const;

    /// True if the query names one whole key of a unique index, which is then read from.
    [[nodiscard]] bool is_unique_look_up(const store::Query& query) const;

    [[nodiscard]] Bson unique_filter(const store::Query& query) const;

    /// A point of a paging index, for `min` and `max`.
    [[nodiscard]] Bson point(std::size_t index, const Point& point) const;

    /// The order of a paging index.
    [[nodiscard]] Bson order(std::size_t index, bool descending) const;

    [[nodiscard]] Bson keys(const std::vector<store::Key>& keys) const;

    /// Reads one key of what `keys` wrote.
    [[nodiscard]] store::Key key(const View& keys, std::size_t index) const;

    /// The unique index of the key pattern that a server's error names; nothing if that is the id.
    [[nodiscard]] static std::optional<std::string> index_of_pattern(const View& pattern);

    /// The documents with a full outbox, or log, by id.
    static constexpr std::string_view outbox_index = "outbox+";
    static constexpr std::string_view log_index = "log+";

private:
    [[nodiscard]] std::string path(std::size_t index, std::size_t field) const;
    [[nodiscard]] std::string declared_name(std::size_t index) const;
    [[nodiscard]] Bson paging_definition(std::size_t index) const;
    [[nodiscard]] Bson unique_definition(std::size_t index) const;

    const store::CollectionSpec& spec_;
    std::string database_;
};

} // namespace backline::mongo
