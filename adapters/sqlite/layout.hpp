#pragma once

#include "platform/store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// How a collection lies in tables, and the SQL that follows from it. Pure: the same spec gives the same text.
///
/// A collection `orders.carts` is the table `orders__carts`, one row per document, with one column per indexed field
/// (named after it, shared by all indexes that use it), and the table `orders__carts__log` for its log. Tables have
/// rowids: measured against WITHOUT ROWID, documents of 0.8 to 5 KB cost up to a third fewer bytes of WAL.
namespace backline::sqlite {

/// A column that keeps an indexed field, and where its value stands in `Commit::keys`.
struct KeyColumn {
    std::string name; ///< Quoted.
    std::size_t index;
    std::size_t position;
};

class Layout final {
public:
    /// Breaks an invariant if a name is not lower case, digits, `_` and (in fields) `.`.
    explicit Layout(const store::CollectionSpec& spec);

    [[nodiscard]] const std::string& table() const { return table_; }

    [[nodiscard]] const std::vector<KeyColumn>& columns() const { return columns_; }

    /// The columns of one index, in its order, as positions in `columns`.
    [[nodiscard]] const std::vector<std::size_t>& index_columns(std::size_t index) const;

    [[nodiscard]] std::string create_table() const;
    [[nodiscard]] std::string create_log() const;
    [[nodiscard]] std::string create_index(std::size_t index) const;
    [[nodiscard]] std::string index_name(std::size_t index) const; ///< Not quoted.

    /// ?1 id. Columns: rowid, version, operation, then the key columns.
    [[nodiscard]] std::string select_current() const;

    /// ?1 id, ?2 version, ?3 events, ?4 entries, ?5 schema, ?6 operation, ?7 checksum, ?8 body, then the key columns.
    [[nodiscard]] std::string insert() const;

    /// ?1 rowid, ?2 to ?8 as above, then the key columns whose bit is set in `changed`: an index is written only if
    /// its key changed.
    [[nodiscard]] std::string update(std::uint64_t changed) const;

    /// Finds another document with the same key of a unique index. ?1 id, then the key.
    [[nodiscard]] std::string select_taken(std::size_t index) const;

    [[nodiscard]] std::string insert_log() const;
    [[nodiscard]] std::string select_log() const;

    /// What every read of documents selects, in this order; `read_document` knows it.
    static constexpr const char* document_columns =
        "id, version, events, entries, schema, checksum, body";
    static constexpr int document_column_count = 7;

private:
    std::string log_table() const { return table_ + "__log"; }

    const store::CollectionSpec& spec_;
    std::string table_;
    std::vector<KeyColumn> columns_;
    std::vector<std::vector<std::size_t>> indexes_;
};

} // namespace backline::sqlite
