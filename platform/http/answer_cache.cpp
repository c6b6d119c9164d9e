#include "platform/http/answer_cache.hpp"

#include "platform/http/response_text.hpp"

namespace backline::http {

const AnswerCache::Answer* AnswerCache::find(std::string_view target) {
    const auto recent = recent_.find(target);
    if (recent != recent_.end()) {
        return recent->second.fresh_while.holds() ? &recent->second : nullptr;
    }
    const auto older = older_.find(target);
    if (older == older_.end() || !older->second.fresh_while.holds()) return nullptr;
    auto moved = older_.extract(older);
    return &put(std::move(moved.key()), std::move(moved.mapped()));
}

void AnswerCache::keep(std::string_view target, const Response& response, std::string_view date) {
    Answer answer{*response.fresh_while, {}, date_offset(response), response.body};
    append_head(response, date, answer.head);
    put(std::string(target), std::move(answer));
}

AnswerCache::Answer& AnswerCache::put(std::string target, Answer answer) {
    constexpr std::size_t entry_overhead = 256;
    const auto cost = [](const std::string& name, const Answer& kept) {
        return name.size() + kept.head.size() + kept.body.size() + entry_overhead;
    };
    const auto known = recent_.find(target);
    if (known != recent_.end()) {
        recent_bytes_ -= cost(known->first, known->second);
        recent_.erase(known);
    }
    const std::size_t bytes = cost(target, answer);
    if (recent_bytes_ + bytes > bytes_max_ / 2) {
        older_ = std::exchange(recent_, {});
        recent_bytes_ = 0;
    }
    recent_bytes_ += bytes;
    return recent_.emplace(std::move(target), std::move(answer)).first->second;
}

} // namespace backline::http
