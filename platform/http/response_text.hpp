#pragma once

#include "platform/base/time.hpp"
#include "platform/http/message.hpp"

#include <string>
#include <string_view>

/// Responses as the bytes that go out.
namespace backline::http {

/// `Mon, 23 Nov 2026 09:00:00 GMT`: always 29 bytes.
[[nodiscard]] std::string http_date(Instant instant);

/// Where the date stands in what `append_head` writes.
inline constexpr std::size_t date_size = 29;
[[nodiscard]] std::size_t date_offset(const Response& response);

/// Appends status line and header fields, without the empty line that ends them, so that another field can follow.
/// Control characters in a field become spaces: nothing that a handler copies into a header can end it.
void append_head(const Response& response, std::string_view date, std::string& out);

} // namespace backline::http
