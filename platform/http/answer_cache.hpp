#pragma once

#include "platform/http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backline::http {

/// Whole answers, as bytes, by request target: what makes an anonymous product page cost no more than nginx. An entry
/// counts only as long as its freshness holds. Bounded in bytes; what was not asked for during
/// half of that goes first. Loop thread only.
class AnswerCache final {
public:
    explicit AnswerCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    struct Answer {
        Freshness fresh_while;
        std::string head; ///< As `append_head` leaves it.
        std::size_t date_offset;
        std::string body;
    };

    /// Null when there is none, or none that is fresh. Valid until the next call.
    [[nodiscard]] const Answer* find(std::string_view target);

    /// `response.fresh_while` is set.
    void keep(std::string_view target, const Response& response, std::string_view date);

private:
    struct Hash {
        using is_transparent = void; // NOLINT(readability-identifier-naming): the standard's name.

        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    using Answers = std::unordered_map<std::string, Answer, Hash, std::equal_to<>>;

    Answer& put(std::string target, Answer answer);

    std::size_t bytes_max_;
    std::size_t recent_bytes_ = 0;
    Answers recent_;
    Answers older_;
};

} // namespace backline::http
