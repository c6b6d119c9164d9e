#include "platform/schema/raw_text.hpp"

#include "platform/schema/json.hpp"

#include <utility>

namespace backline::schema {

void RawText::separate() {
    if (!after_key_ && begun_[depth_]) text_ += ',';
    begun_[depth_] = true;
    after_key_ = false;
}

void RawText::begin(char bracket) {
    separate();
    text_ += bracket;
    begun_[++depth_] = false;
}

void RawText::end(char bracket) {
    text_ += bracket;
    --depth_;
}

void RawText::key(std::string_view key) {
    separate();
    append_json_string(key, text_);
    text_ += ':';
    after_key_ = true;
}

void RawText::string(std::string_view value) {
    separate();
    append_json_string(value, text_);
}

void RawText::literal(std::string_view number_or_word) {
    separate();
    text_ += number_or_word;
}

std::string RawText::take() {
    begun_.reset();
    depth_ = 0;
    return std::exchange(text_, {});
}

} // namespace backline::schema
