#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>

namespace backline::schema {

/// Builds compact JSON text out of the pieces that a parser reports, one after the other, and puts commas and colons
/// where they belong. Nests at most 64 deep; does not check that the pieces make sense.
class RawText final {
public:
    void begin(char bracket);
    void end(char bracket);
    void key(std::string_view key);
    void string(std::string_view value);
    void literal(std::string_view number_or_word); ///< `12`, `true`, `null`: as it stands.

    [[nodiscard]] std::size_t depth() const { return depth_; }

    [[nodiscard]] std::string take();

private:
    void separate();

    std::string text_;
    std::size_t depth_ = 0;
    std::bitset<64> begun_; ///< Per depth: an element is there already.
    bool after_key_ = false;
};

} // namespace backline::schema
