#pragma once

#include "platform/schema/json.hpp"

#include <string>
#include <string_view>

namespace backline::http {

/// Writes JSON by hand where no described struct can: the OpenAPI document, whose keys are paths and statuses. Puts the
/// commas; pairing `begin` and `end` is the caller's part.
class JsonText final {
public:
    JsonText& begin(char bracket) {
        separate();
        text_.push_back(bracket);
        first_ = true;
        return *this;
    }

    JsonText& end(char bracket) {
        text_.push_back(bracket);
        first_ = false;
        return *this;
    }

    JsonText& key(std::string_view name) {
        separate();
        schema::append_json_string(name, text_);
        text_.push_back(':');
        first_ = true;
        return *this;
    }

    JsonText& text(std::string_view value) {
        separate();
        schema::append_json_string(value, text_);
        return *this;
    }

    /// `json` is a whole value already.
    JsonText& raw(std::string_view json) {
        separate();
        text_.append(json);
        return *this;
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void separate() {
        if (!first_) text_.push_back(',');
        first_ = false;
    }

    std::string text_;
    bool first_ = true;
};

} // namespace backline::http
