#pragma once

#include "platform/base/invariant.hpp"
#include "platform/base/text.hpp"
#include "platform/base/time.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace backline {

/// The 16 bytes of a UUID, most significant first, so that bytes, texts and times sort alike.
using IdBytes = std::array<std::uint8_t, 16>;

/// A UUIDv7 (RFC 9562): 48 bits of milliseconds, then 12 bits of `random1` and 62 bits of `random2`.
[[nodiscard]] IdBytes uuid_v7(Instant at, std::uint64_t random1, std::uint64_t random2);

/// `prefix_` and 26 characters of lower-case Crockford base32.
[[nodiscard]] std::string id_text(std::string_view prefix, const IdBytes& bytes);

/// The only inverse of `id_text`: nothing for upper case, other letters, another prefix or a number beyond 128 bits.
[[nodiscard]] std::optional<IdBytes> parse_id(std::string_view prefix, std::string_view text);

/// The name of one thing of one kind: `ord_01jd8xw9b2f0aqv1e4m7k3t5nz`. Ids of different kinds are different types.
/// `Tag` has `static constexpr std::string_view prefix` (lower-case letters, at most 12):
///
///     struct OrderTag { static constexpr std::string_view prefix = "ord"; };
///     using OrderId = Id<OrderTag>;
///
/// An id is sortable by the time of its making and no secret: whoever sees one learns that time. A default one is nil.
template <class Tag> class Id final {
    static constexpr std::size_t text_size = Tag::prefix.size() + 27;

    template <std::size_t size> static consteval std::array<char, size> after_prefix(
        std::string_view before, std::string_view after
    ) {
        std::array<char, size> made{};
        std::size_t length = 0;
        for (const std::string_view part : {before, Tag::prefix, after}) {
            for (const char each : part) made[length++] = each;
        }
        return made;
    }

    static constexpr std::string_view pattern_tail = "_[0-7][0-9a-hjkmnp-tv-z]{25}$";
    static constexpr auto example = after_prefix<text_size>("", "_01jd8xw9b2f0aqv1e4m7k3t5nz");
    static constexpr auto pattern =
        after_prefix<1 + Tag::prefix.size() + pattern_tail.size()>("^", pattern_tail);

public:
    static constexpr TextRules rules{
        .name = "id",
        .min = text_size,
        .max = text_size,
        .example = std::string_view(example.data(), example.size()),
        .pattern = std::string_view(pattern.data(), pattern.size())
    };

    constexpr Id() = default;

    /// A new id. The randomness comes from `Runtime::random`, the time from `Runtime::now`.
    [[nodiscard]] static Id from_parts(Instant at, std::uint64_t random1, std::uint64_t random2) {
        return from_bytes(uuid_v7(at, random1, random2));
    }

    /// An id whose bytes were derived elsewhere, such as a hash; it need not be a UUIDv7.
    [[nodiscard]] static constexpr Id from_bytes(const IdBytes& bytes) {
        Id made;
        made.bytes_ = bytes;
        return made;
    }

    [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
        const std::optional<IdBytes> bytes = parse_id(Tag::prefix, text);
        if (!bytes) return std::nullopt;
        return from_bytes(*bytes);
    }

    /// For a text that the program itself knows to be an id; anything else is a bug.
    [[nodiscard]] static Id of(std::string_view text) {
        const std::optional<Id> made = parse(text);
        INVARIANT(made.has_value(), "an id has the form of its type");
        return *made;
    }

    [[nodiscard]] std::string text() const { return id_text(Tag::prefix, bytes_); }

    [[nodiscard]] constexpr const IdBytes& bytes() const { return bytes_; }

    [[nodiscard]] constexpr bool is_nil() const { return bytes_ == IdBytes{}; }

    constexpr auto operator<=>(const Id&) const = default;

private:
    IdBytes bytes_{};
};

} // namespace backline

template <class Tag> struct std::hash<backline::Id<Tag>> {
    std::size_t operator()(const backline::Id<Tag>& id) const noexcept {
        // The second half is nearly all random; the first is nearly all clock.
        std::size_t low = 0;
        std::memcpy(&low, id.bytes().data() + 8, sizeof low);
        std::size_t high = 0;
        std::memcpy(&high, id.bytes().data(), sizeof high);
        return low ^ (high * 0x9E3779B97F4A7C15ULL);
    }
};
