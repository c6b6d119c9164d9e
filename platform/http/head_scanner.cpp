#include "platform/http/head_scanner.hpp"

#include <cstring>

namespace backline::http {

namespace {

bool holds(std::string_view line, char c) {
    return std::memchr(line.data(), c, line.size()) != nullptr;
}

} // namespace

HeadScanner::Verdict HeadScanner::scan(std::string_view bytes) {
    while (true) {
        const std::size_t feed = bytes.find('\n', line_start_);
        if (feed == std::string_view::npos) return judge_unfinished(bytes);
        if (feed == line_start_ || bytes[feed - 1] != '\r') return Verdict::bare_control;
        const std::string_view line = bytes.substr(line_start_, feed - 1 - line_start_);
        if (holds(line, '\r') || holds(line, '\0')) return Verdict::bare_control;
        if (line_start_ == 0 && line.size() > first_line_bytes_max_) return Verdict::line_too_long;
        if (feed >= head_bytes_max_) return Verdict::too_large;
        if (line.starts_with(' ') || line.starts_with('\t')) return Verdict::folded_line;
        line_start_ = feed + 1;
        if (line.empty()) return Verdict::whole;
    }
}

HeadScanner::Verdict HeadScanner::judge_unfinished(std::string_view bytes) const {
    const std::string_view line = bytes.substr(line_start_);
    if (holds(line, '\0')) return Verdict::bare_control;
    // The last byte may be a carriage return whose line feed is still on its way.
    if (line.size() > 1 && holds(line.substr(0, line.size() - 1), '\r')) {
        return Verdict::bare_control;
    }
    if (line_start_ == 0 && line.size() > first_line_bytes_max_ + 1) return Verdict::line_too_long;
    return bytes.size() > head_bytes_max_ ? Verdict::too_large : Verdict::incomplete;
}

} // namespace backline::http
