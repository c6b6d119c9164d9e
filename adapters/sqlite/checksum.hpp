#pragma once

#include "platform/store/store.hpp"

#include <cstdint>
#include <string_view>

/// What proves that a row read is the row written (F7: a flipped bit is never served). XXH3, 64 bits: 0.2 us for 2 KB.
namespace backline::sqlite {

[[nodiscard]] std::int64_t checksum(const store::Stored& document);
[[nodiscard]] std::int64_t checksum(const store::LogEntry& entry);
[[nodiscard]] std::int64_t checksum(const store::EventRecord& event);

} // namespace backline::sqlite
