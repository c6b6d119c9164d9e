#pragma once

#include "adapters/rabbitmq/message.hpp"

#include <amqp.h>

#include <string>
#include <vector>

/// Between the vendor's structs and ours.
namespace backline::rabbitmq::wire {

/// Borrows: `text` outlives what is returned.
[[nodiscard]] amqp_bytes_t bytes(const std::string& text);

[[nodiscard]] std::string text(amqp_bytes_t bytes);

/// Owns the vendor's table; borrows the texts in `headers`, which outlive it.
class Table final {
public:
    explicit Table(const Headers& headers);

    void add(const std::string& name, const Table& inner);
    void add_flag(const std::string& name);

    [[nodiscard]] amqp_table_t view() const;

private:
    // The vendor's tables are not const, though nobody writes to them.
    mutable std::vector<amqp_table_entry_t> entries_;
};

/// Texts and whole numbers; and of the broker's notes the last death (see topology.hpp).
[[nodiscard]] Headers headers(const amqp_table_t& table);

/// Without the body.
[[nodiscard]] Message message(const amqp_basic_properties_t& properties);

} // namespace backline::rabbitmq::wire
