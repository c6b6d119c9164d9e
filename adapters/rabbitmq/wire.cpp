#include "adapters/rabbitmq/wire.hpp"

#include "adapters/rabbitmq/topology.hpp"

#include <optional>
#include <span>

namespace backline::rabbitmq::wire {

namespace {

std::optional<HeaderValue> value_of(const amqp_field_value_t& field) {
    switch (static_cast<amqp_field_value_kind_t>(field.kind)) {
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES:
        return text(field.value.bytes);
    case AMQP_FIELD_KIND_I8:
        return field.value.i8;
    case AMQP_FIELD_KIND_U8:
        return field.value.u8;
    case AMQP_FIELD_KIND_I16:
        return field.value.i16;
    case AMQP_FIELD_KIND_U16:
        return field.value.u16;
    case AMQP_FIELD_KIND_I32:
        return field.value.i32;
    case AMQP_FIELD_KIND_U32:
        return field.value.u32;
    case AMQP_FIELD_KIND_I64:
        return field.value.i64;
    case AMQP_FIELD_KIND_U64:
    case AMQP_FIELD_KIND_TIMESTAMP:
        return static_cast<std::int64_t>(field.value.u64);
    case AMQP_FIELD_KIND_BOOLEAN:
    case AMQP_FIELD_KIND_F32:
    case AMQP_FIELD_KIND_F64:
    case AMQP_FIELD_KIND_DECIMAL:
    case AMQP_FIELD_KIND_ARRAY:
    case AMQP_FIELD_KIND_TABLE:
    case AMQP_FIELD_KIND_VOID:
        break; // Nothing of ours, nor of the broker's that we read.
    }
    return std::nullopt;
}

std::span<const amqp_table_entry_t> entries_of(const amqp_table_t& table) {
    return {table.entries, static_cast<std::size_t>(table.num_entries)};
}

/// `x-death`: one table per queue and reason, the last death first.
void add_last_death(const amqp_field_value_t& deaths, Headers& found) {
    if (deaths.kind != AMQP_FIELD_KIND_ARRAY || deaths.value.array.num_entries == 0) return;
    const amqp_field_value_t& last = deaths.value.array.entries[0];
    if (last.kind != AMQP_FIELD_KIND_TABLE) return;
    for (const amqp_table_entry_t& entry : entries_of(last.value.table)) {
        const std::string name = text(entry.key);
        std::optional<HeaderValue> value = value_of(entry.value);
        if (!value) continue;
        if (name == "reason") found[death_reason_header] = std::move(*value);
        if (name == "time") found[death_time_header] = std::move(*value);
    }
}

} // namespace

amqp_bytes_t bytes(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};
}

std::string text(amqp_bytes_t bytes) {
    return bytes.len == 0 ? "" : std::string(static_cast<const char*>(bytes.bytes), bytes.len);
}

Table::Table(const Headers& headers) {
    for (const auto& [name, value] : headers) {
        amqp_table_entry_t& entry = entries_.emplace_back();
        entry.key = bytes(name);
        if (const auto* const number = std::get_if<std::int64_t>(&value)) {
            entry.value.kind = AMQP_FIELD_KIND_I64;
            entry.value.value.i64 = *number;
        } else {
            entry.value.kind = AMQP_FIELD_KIND_UTF8;
            entry.value.value.bytes = bytes(std::get<std::string>(value));
        }
    }
}

void Table::add(const std::string& name, const Table& inner) {
    amqp_table_entry_t& entry = entries_.emplace_back();
    entry.key = bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_TABLE;
    entry.value.value.table = inner.view();
}

void Table::add_flag(const std::string& name) {
    amqp_table_entry_t& entry = entries_.emplace_back();
    entry.key = bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
}

amqp_table_t Table::view() const {
    return {static_cast<int>(entries_.size()), entries_.data()};
}

Headers headers(const amqp_table_t& table) {
    Headers found;
    for (const amqp_table_entry_t& entry : entries_of(table)) {
        const std::string name = text(entry.key);
        if (name == "x-death") add_last_death(entry.value, found);
        if (std::optional<HeaderValue> value = value_of(entry.value)) {
            found[name] = std::move(*value);
        }
    }
    return found;
}

Message message(const amqp_basic_properties_t& properties) {
    Message read;
    if ((properties._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0) {
        read.id = text(properties.message_id);
    }
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
        read.headers = headers(properties.headers);
    }
    return read;
}

} // namespace backline::rabbitmq::wire
