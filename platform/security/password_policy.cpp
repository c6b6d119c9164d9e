#include "platform/security/password_policy.hpp"

#include "platform/base/utf8.hpp"
#include "platform/security/common_passwords.hpp"
#include "platform/security/errors.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace backline::security {

namespace {

constexpr std::size_t pieces_max = 3;
constexpr std::size_t short_unit_max = 6;
constexpr std::size_t digits_max = 4;
constexpr std::size_t word_size_min = 3;

bool is_filler(char letter) {
    return letter == ' ' || std::ispunct(static_cast<unsigned char>(letter)) != 0;
}

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& each : lowered) {
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    }
    return lowered;
}

/// Whether `written` is commonly put for the letter `meant`.
bool stands_for(char written, char meant) {
    constexpr std::array<std::pair<char, std::string_view>, 11> disguises{{
        {'0', "o"},
        {'1', "il"},
        {'2', "z"},
        {'3', "e"},
        {'4', "a"},
        {'5', "s"},
        {'7', "t"},
        {'8', "b"},
        {'@', "a"},
        {'$', "s"},
        {'!', "i"},
    }};
    if (written == meant) return true;
    const auto disguise =
        std::ranges::find(disguises, written, [](const auto& pair) { return pair.first; });
    return disguise != disguises.end() && disguise->second.contains(meant);
}

/// How many characters at the start of `text` are this word, perhaps disguised; 0 if they are not.
std::size_t word_at(std::string_view text, std::string_view word) {
    if (word.size() < word_size_min || text.size() < word.size()) return 0;
    for (std::size_t at = 0; at < word.size(); ++at) {
        if (!stands_for(text[at], word[at])) return 0;
    }
    return word.size();
}

/// The longest start of `text` whose neighbours all differ by `step`: 0 a run, 1 and -1 a sequence.
std::size_t sequence_at(std::string_view text, int step) {
    std::size_t size = 1;
    while (size < text.size() && text[size] - text[size - 1] == step) ++size;
    return size;
}

/// The longest start of `text` that lies on one row of a keyboard, forwards or backwards.
std::size_t walk_at(std::string_view text) {
    constexpr std::array<std::string_view, 5> rows{
        "1234567890",
        "qwertyuiop",
        "qwertzuiop",
        "asdfghjkl",
        "zxcvbnm",
    };
    std::size_t longest = 0;
    for (const std::string_view row : rows) {
        const std::string back(row.rbegin(), row.rend());
        for (std::size_t size = word_size_min; size <= std::min(text.size(), row.size()); ++size) {
            const std::string_view start = text.substr(0, size);
            if (row.contains(start) || back.contains(start)) longest = std::max(longest, size);
        }
    }
    return longest;
}

std::size_t digits_at(std::string_view text) {
    const auto end = std::ranges::find_if_not(text, is_digit);
    return std::min(digits_max, static_cast<std::size_t>(end - text.begin()));
}

/// The fewest pieces that `text` can be cut into: the cheapest way from its start to each place, left to right.
class Cutting final {
public:
    Cutting(std::string_view text, const std::vector<std::string>& context)
        : text_(text)
        , cost_(text.size() + 1, text.size()) {
        cost_[0] = 0;
        for (at_ = 0; at_ < text_.size(); ++at_) cut(context);
    }

    [[nodiscard]] std::size_t pieces() const { return cost_.back(); }

private:
    void cut(const std::vector<std::string>& context) {
        const std::string_view rest = text_.substr(at_);
        offer(1, is_filler(rest.front()) ? 0 : 1);
        offer_up_to(digits_at(rest));
        offer_up_to(walk_at(rest));
        for (const int step : {0, 1, -1}) offer_up_to(sequence_at(rest, step));
        for (const std::string_view word : common_passwords()) offer(word_at(rest, word), 1);
        for (const std::string& word : context) offer(word_at(rest, word), 1);
    }

    /// A shorter piece of the same kind may leave the better rest.
    void offer_up_to(std::size_t size) {
        for (std::size_t each = 1; each <= size; ++each) offer(each, 1);
    }

    void offer(std::size_t size, std::size_t price) {
        if (size != 0) cost_[at_ + size] = std::min(cost_[at_ + size], cost_[at_] + price);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::size_t> cost_;
};

/// The shortest text whose repetition gives `text` (the last one may be cut short).
std::string_view unit_of(std::string_view text) {
    for (std::size_t size = 1; size <= text.size() / 2; ++size) {
        if (text.substr(size) == text.substr(0, text.size() - size)) return text.substr(0, size);
    }
    return text;
}

bool guessable(std::string_view password, const std::vector<std::string>& context) {
    const std::string folded = lower(password);
    std::string dense = folded;
    std::erase_if(dense, is_filler);
    const std::string_view unit = unit_of(dense);
    if (unit.size() <= short_unit_max) return true;
    return Cutting(folded, context).pieces() <= pieces_max ||
           Cutting(unit, context).pieces() <= pieces_max;
}

std::unexpected<Problem> refused(
    const Refusal& refusal, std::string_view pointer, std::string detail
) {
    FieldError field{std::string(pointer), std::string(refusal.code), detail};
    return refuse(refusal, std::move(detail), {std::move(field)});
}

void add_words(std::vector<std::string>& words, std::string_view text) {
    const auto add = [&](std::string word) {
        if (word.size() >= word_size_min && std::ranges::find(words, word) == words.end()) {
            words.push_back(std::move(word));
        }
    };
    add(lower(text));
    std::string part;
    for (const char each : lower(text)) {
        if (!is_filler(each)) {
            part.push_back(each);
        } else {
            add(std::exchange(part, {}));
        }
    }
    add(std::move(part));
}

} // namespace

std::vector<std::string> password_context(std::string_view email, std::string_view shop) {
    std::vector<std::string> words;
    const std::size_t at = std::min(email.rfind('@'), email.size());
    add_words(words, email.substr(0, at));
    if (at < email.size()) add_words(words, email.substr(at + 1));
    add_words(words, shop);
    return words;
}

Result<void> check_password(
    const Secret<std::string>& password,
    const std::vector<std::string>& context,
    std::string_view pointer
) {
    const std::string& text = password.reveal();
    const std::optional<std::size_t> points = code_points(text);
    if (!points) {
        return refused(error("password_not_text"), pointer, "The password is not valid UTF-8.");
    }
    if (*points < password_points_min) {
        return refused(
            error("password_too_short"), pointer, "A password has at least 15 characters."
        );
    }
    if (*points > password_points_max) {
        return refused(
            error("password_too_long"), pointer, "A password has at most 128 characters."
        );
    }
    if (guessable(text, context)) {
        return refused(
            error("password_too_common"), pointer, "This password would be among the first tried."
        );
    }
    return {};
}

} // namespace backline::security
