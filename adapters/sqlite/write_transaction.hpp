#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/group.hpp"
#include "adapters/sqlite/layout.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace backline::sqlite {

/// Transactions on the write connection: how each kind of write becomes rows. Statements are prepared once per
/// collection. One thread at a time.
class WriteTransaction final : public Transaction {
public:
    /// `next_place` is above every place in the outbox.
    WriteTransaction(Connection& connection, Place next_place);
    ~WriteTransaction() override;

    void begin() override;
    void apply(WriteItem& item) override;
    void settle(const std::vector<Settled>& events) override;
    void commit() override;
    void rollback() noexcept override;

private:
    struct Table;
    struct Current;
    struct Shared;

    void write(WriteItem& item, const OpenCollection& open);
    void write(WriteItem& item, const store::Commit& commit);
    void write(WriteItem& item, const NoteAttempts& note);
    void write(WriteItem& item, const Park& park);
    void write(WriteItem& item, const Unpark& unpark);

    Table& table_of(const store::CollectionSpec& spec);
    Current current_of(Table& table, const store::Commit& commit);
    bool put_document(Table& table, const store::Commit& commit, const Current& current);
    std::string taken_index(Table& table, const store::Commit& commit);
    void add_entries(Table& table, const store::Commit& commit);
    void add_events(WriteItem& item, const store::Commit& commit);

    Connection& connection_;
    Place next_place_;
    std::unique_ptr<Shared> shared_;
    std::unordered_map<const store::CollectionSpec*, std::unique_ptr<Table>> tables_;
};

} // namespace backline::sqlite
