#pragma once

#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace backline::store {

/// Where a page ended, as opaque URL-safe text. It holds the key and id of the last document and nothing secret; one
/// that was tampered with can only start somewhere else in what the caller may read anyway.
[[nodiscard]] std::string encode_cursor(const Key& key, const std::string& id);

/// Nothing if `text` is not a cursor. As long as the key that it holds; who reads requests bounds its length.
[[nodiscard]] std::optional<std::pair<Key, std::string>> decode_cursor(std::string_view text);

} // namespace backline::store
