#pragma once

#include "platform/base/invariant.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace backline {

/// What a text type tells the reader, the error messages and the OpenAPI document about itself.
struct TextRules {
    std::string_view name{};    ///< Only for messages: "e-mail address". Empty means "text".
    std::size_t min = 0;        ///< Code points.
    std::size_t max = 0;        ///< Code points.
    std::string_view format{};  ///< The `format` of JSON Schema: `email`, `uri`, ... Empty: none.
    std::string_view example{}; ///< Shown in messages and documents. Empty: none.
    std::string_view pattern{
    }; ///< An ECMA regular expression, for documents only; `parse` decides.
};

/// A type that crosses JSON as a string: it parses itself and prints itself. `text()` may return a `std::string`, or,
/// faster, a `const std::string&` or `std::string_view` into the value. `parse` accepts exactly what `text` can give
/// (it may normalise, so that `parse(x)->text()` differs from `x` once).
template <class T>
concept Textual = requires(const T& value, std::string_view raw) {
    { T::parse(raw) } -> std::same_as<std::optional<T>>;
    { value.text() } -> std::convertible_to<std::string_view>;
    { T::rules } -> std::convertible_to<const TextRules&>;
};

/// Whether `raw` is well-formed UTF-8 without control characters (line feed and tab are fine) and has between
/// `rules.min` and `rules.max` code points.
[[nodiscard]] bool keeps(const TextRules& rules, std::string_view raw);

/// A string that obeys `Rule`, which has `static constexpr TextRules rules` and, where length is not all,
/// `static bool accepts(std::string_view)`. A name for one kind of text is thus four lines:
///
///     struct SkuRule {
///         static constexpr TextRules rules{.name = "SKU", .min = 3, .max = 40, .example = "MIX-X32"};
///         static bool accepts(std::string_view raw);
///     };
///     using Sku = CheckedText<SkuRule>;
///
/// It is made by `parse` or `of` only. A default one is empty, even where `min` is more: it means "not set yet".
template <class Rule> class CheckedText final {
public:
    static constexpr const TextRules& rules = Rule::rules;

    CheckedText() = default;

    [[nodiscard]] static std::optional<CheckedText> parse(std::string_view raw) {
        if (!keeps(rules, raw)) return std::nullopt;
        if constexpr (requires { Rule::accepts(raw); }) {
            if (!Rule::accepts(raw)) return std::nullopt;
        }
        return unchecked(std::string(raw));
    }

    /// For a text that the program itself knows to be good; anything else is a bug.
    [[nodiscard]] static CheckedText of(std::string_view raw) {
        std::optional<CheckedText> made = parse(raw);
        INVARIANT(made.has_value(), "a text obeys the rules of its type");
        return *std::move(made);
    }

    /// For tests and for documents stored before a rule was tightened.
    [[nodiscard]] static CheckedText unchecked(std::string raw) {
        CheckedText made;
        made.text_ = std::move(raw);
        return made;
    }

    [[nodiscard]] const std::string& text() const { return text_; }

    [[nodiscard]] bool empty() const { return text_.empty(); }

    auto operator<=>(const CheckedText&) const = default;

private:
    std::string text_;
};

template <std::size_t min_points, std::size_t max_points> struct LengthRule final {
    static constexpr TextRules rules{.min = min_points, .max = max_points};
};

/// Free text of `min` to `max` code points, kept as it came: not trimmed, not normalised.
template <std::size_t min, std::size_t max> using Text = CheckedText<LengthRule<min, max>>;

struct EmailRule final {
    static constexpr TextRules rules{
        .name = "e-mail address",
        .min = 6,
        .max = 254,
        .format = "email",
        .example = "ada@example.com",
        .pattern =
            "^(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
            "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-"
            "9]$"
    };
    static bool accepts(std::string_view raw);
};

/// An address that mail can be sent to: printable ASCII, one `@`, a dotted domain, no quoting and no comments. Kept
/// as it was typed; compare people by `email_key`.
using Email = CheckedText<EmailRule>;

/// The address in lower case: two spellings of one mailbox have the same key. For unique indexes and look-ups.
[[nodiscard]] std::string email_key(const Email& email);

} // namespace backline

template <class Rule> struct std::hash<backline::CheckedText<Rule>> {
    std::size_t operator()(const backline::CheckedText<Rule>& value) const noexcept {
        return std::hash<std::string>{}(value.text());
    }
};
