#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace backline::http {

/// Finds the end of a request's head (request line and header fields) in what has arrived so far, and refuses at once
/// what a lenient parser somewhere between us and the client might read as something else: bare line feeds and
/// carriage returns, NUL, folded lines. What passes has nothing in it but whole lines that end in CRLF.
class HeadScanner final {
public:
    enum class Verdict : std::uint8_t {
        incomplete,
        whole,
        bare_control,
        folded_line,
        line_too_long,
        too_large
    };

    HeadScanner(std::size_t first_line_bytes_max, std::size_t head_bytes_max)
        : first_line_bytes_max_(first_line_bytes_max)
        , head_bytes_max_(head_bytes_max) {}

    /// `bytes` begins with the head, and with what was given before.
    [[nodiscard]] Verdict scan(std::string_view bytes);

    /// How long the head is, with its empty line, when it is whole.
    [[nodiscard]] std::size_t size() const { return line_start_; }

    void reset() { line_start_ = 0; }

private:
    [[nodiscard]] Verdict judge_unfinished(std::string_view bytes) const;

    std::size_t first_line_bytes_max_;
    std::size_t head_bytes_max_;
    std::size_t line_start_ = 0; ///< All lines before this are checked.
};

} // namespace backline::http
