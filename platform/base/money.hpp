#pragma once

#include "platform/base/text.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace backline {

/// An ISO 4217 code: three upper-case letters. Which currencies a shop takes is the shop's matter, not this type's. A
/// default one is `XXX`, which the standard reserves for "no currency".
class Currency final {
public:
    static constexpr TextRules rules{
        .name = "currency",
        .min = 3,
        .max = 3,
        .format = "iso-4217",
        .example = "EUR",
        .pattern = "^[A-Z]{3}$"
    };

    constexpr Currency() = default;

    /// A literal, checked by the compiler: `Currency("EUR")`.
    consteval explicit Currency(const char (&code)[4]) : letters_{code[0], code[1], code[2]} {
        if (!parse(text())) throw "a currency is three upper-case letters";
    }

    [[nodiscard]] static constexpr std::optional<Currency> parse(std::string_view raw) {
        if (raw.size() != 3) return std::nullopt;
        for (const char each : raw) {
            if (each < 'A' || each > 'Z') return std::nullopt;
        }
        Currency made;
        made.letters_ = {raw[0], raw[1], raw[2]};
        return made;
    }

    [[nodiscard]] constexpr std::string_view text() const {
        return {letters_.data(), letters_.size()};
    }

    constexpr auto operator<=>(const Currency&) const = default;

private:
    std::array<char, 3> letters_{'X', 'X', 'X'};
};

/// An amount in the currency's minor units (cents for EUR, yen for JPY), never a fraction of one. Sums of different
/// currencies and overflow are bugs and break an invariant; who splits an amount decides where the rest goes.
struct Money {
    static constexpr std::string_view schema_name = "Money";

    std::int64_t amount = 0;
    Currency currency{};

    bool operator==(const Money&) const = default;

    [[nodiscard]] bool is_zero() const { return amount == 0; }

    [[nodiscard]] bool is_negative() const { return amount < 0; }
};
BOOST_DESCRIBE_STRUCT(Money, (), (amount, currency))

[[nodiscard]] Money operator+(const Money& left, const Money& right);
[[nodiscard]] Money operator-(const Money& left, const Money& right);
[[nodiscard]] Money operator-(const Money& money);
[[nodiscard]] Money operator*(const Money& money, std::int64_t quantity);
Money& operator+=(Money& left, const Money& right);
Money& operator-=(Money& left, const Money& right);

/// By amount; of two currencies neither is less, and asking breaks an invariant.
[[nodiscard]] bool operator<(const Money& left, const Money& right);

[[nodiscard]] inline bool operator>(const Money& left, const Money& right) {
    return right < left;
}

[[nodiscard]] inline bool operator<=(const Money& left, const Money& right) {
    return !(right < left);
}

[[nodiscard]] inline bool operator>=(const Money& left, const Money& right) {
    return !(left < right);
}

} // namespace backline
