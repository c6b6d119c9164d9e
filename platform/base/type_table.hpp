#pragma once

#include "platform/base/bounded.hpp"
#include "platform/base/kinds.hpp"
#include "platform/base/list.hpp"
#include "platform/base/patch.hpp"
#include "platform/base/raw_json.hpp"
#include "platform/base/secret.hpp"
#include "platform/base/time.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// The tables of everything but structs: numbers, texts, enums, and what holds other values. Include type.hpp.

namespace backline {

template <class T> constexpr const Type& type_of();

/// The most elements that a reader accepts in a plain `std::vector` or `std::map`.
inline constexpr std::size_t default_items_max = 1000;

/// The rules of a bare `std::string`: any UTF-8 without control characters, up to 65,536 code points.
inline constexpr TextRules plain_text_rules{.min = 0, .max = 65'536};

namespace detail {

template <class T> consteval std::string_view cpp_name() {
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    name.remove_suffix(1);
    const std::size_t scope = name.rfind("::");
    return scope == std::string_view::npos ? name : name.substr(scope + 2);
}

template <class T> consteval std::string_view schema_name() {
    if constexpr (requires { T::schema_name; }) {
        return T::schema_name;
    } else if constexpr (requires { schema_name_of(T{}); }) {
        return schema_name_of(T{});
    } else {
        static_assert(
            cpp_name<T>().find('<') == std::string_view::npos,
            "a template needs its own schema_name"
        );
        return cpp_name<T>();
    }
}

/// `template_` is `template` outside C++.
consteval std::string_view wire_name(std::string_view name) {
    if (name.ends_with('_')) name.remove_suffix(1);
    return name;
}

template <class T> T& as(void* value) {
    return *static_cast<T*>(value);
}

template <class T> const T& as(const void* value) {
    return *static_cast<const T*>(value);
}

// --- scalars --------------------------------------------------------------------------------------------------------

template <class T> struct TypeTable {
    static_assert(
        sizeof(T) == 0,
        "describe this type: BOOST_DESCRIBE_STRUCT, BOOST_DESCRIBE_ENUM, or make it Textual"
    );
};

template <> struct TypeTable<bool> {
    static constexpr Type type{.kind = Kind::boolean, .size = sizeof(bool)};
};

template <> struct TypeTable<Instant> {
    static constexpr Type type{.kind = Kind::instant, .size = sizeof(Instant)};
};

template <> struct TypeTable<Json> {
    static constexpr Type type{.kind = Kind::json, .size = sizeof(Json)};
};

template <std::integral I> struct TypeTable<I> {
    static_assert(sizeof(I) < 8 || std::is_signed_v<I>, "64 unsigned bits do not survive JSON");
    static_assert(!std::same_as<I, char>, "a character is not a number; use Text<1, 1>");
    static constexpr std::int64_t min = std::int64_t{std::numeric_limits<I>::min()};
    static constexpr std::int64_t max = std::numeric_limits<I>::max();
    static constexpr IntegerOps ops{min, max, min, max, get_number<I>, set_number<I>};
    static constexpr Type type{.kind = Kind::integer, .size = sizeof(I), .integer = &ops};
};

template <class I, I lo, I hi> struct TypeTable<Bounded<I, lo, hi>> {
    static_assert(
        sizeof(Bounded<I, lo, hi>) == sizeof(I), "a bounded number is its number and nothing else"
    );
    static constexpr IntegerOps
        ops{lo, hi, TypeTable<I>::min, TypeTable<I>::max, get_number<I>, set_number<I>};
    static constexpr Type type{.kind = Kind::integer, .size = sizeof(I), .integer = &ops};
};

template <> struct TypeTable<Duration> {
    using Rep = std::int64_t;
    static_assert(sizeof(Duration) == sizeof(Rep), "a duration is its count of milliseconds");
    static constexpr IntegerOps
        ops{0,
            TypeTable<Rep>::max,
            TypeTable<Rep>::min,
            TypeTable<Rep>::max,
            get_number<Rep>,
            set_number<Rep>};
    static constexpr Type type{.kind = Kind::integer, .size = sizeof(Duration), .integer = &ops};
};

template <> struct TypeTable<std::string> {
    static constexpr TextOps ops{
        &plain_text_rules, nullptr, parse_string, force_string, view_string, print_string
    };
    static constexpr Type type{.kind = Kind::text, .size = sizeof(std::string), .text = &ops};
};

template <class Rule> struct TypeTable<CheckedText<Rule>> {
    static_assert(
        sizeof(CheckedText<Rule>) == sizeof(std::string),
        "a checked text is its string and nothing else"
    );

    static constexpr auto accepts() -> bool (*)(std::string_view) {
        if constexpr (requires(std::string_view raw) { Rule::accepts(raw); }) {
            return Rule::accepts;
        } else {
            return nullptr;
        }
    }

    static constexpr TextOps ops{
        &Rule::rules, accepts(), parse_string, force_string, view_string, print_string
    };
    static constexpr Type type{.kind = Kind::text, .size = sizeof(std::string), .text = &ops};
};

template <Textual T> struct TypeTable<T> {
    static bool parse(const TextOps&, void* value, std::string_view raw) {
        std::optional<T> made = T::parse(raw);
        if (!made) return false;
        as<T>(value) = *std::move(made);
        return true;
    }

    static std::string print(const void* value) { return std::string(as<T>(value).text()); }

    static constexpr auto view() -> std::string_view (*)(const void*) {
        if constexpr (std::is_same_v<decltype(std::declval<const T&>().text()), std::string>) {
            return nullptr;
        } else {
            return [](const void* value) -> std::string_view { return as<T>(value).text(); };
        }
    }

    static constexpr TextOps ops{&T::rules, nullptr, parse, parse, view(), print};
    static constexpr Type type{.kind = Kind::text, .size = sizeof(T), .text = &ops};
};

template <class E>
    requires std::is_enum_v<E>
struct TypeTable<E> {
    static_assert(
        boost::describe::has_describe_enumerators<E>::value,
        "describe this enum: BOOST_DESCRIBE_ENUM"
    );

    template <class List> struct Entries;

    template <template <class...> class List, class... D> struct Entries<List<D...>> {
        static constexpr std::array<EnumEntry, sizeof...(D)> table{
            EnumEntry{wire_name(D::name), static_cast<std::int64_t>(D::value)}...
        };
    };

    using Rep = std::underlying_type_t<E>;
    static constexpr EnumOps
        ops{Entries<boost::describe::describe_enumerators<E>>::table,
            get_number<Rep>,
            set_number<Rep>};
    static constexpr Type type{
        .kind = Kind::enumeration, .size = sizeof(E), .name = schema_name<E>(), .enumeration = &ops
    };
};

// --- what holds other values ----------------------------------------------------------------------------------------

template <class V> struct ListTable {
    using Element = typename V::value_type;
    static_assert(!std::is_same_v<Element, bool>, "std::vector<bool> has no elements to point at");

    static consteval std::size_t max_items() {
        if constexpr (requires { V::max_items; }) {
            return V::max_items;
        } else {
            return default_items_max;
        }
    }

    static consteval std::size_t min_items() {
        if constexpr (requires { V::min_items; }) {
            return V::min_items;
        } else {
            return 0;
        }
    }

    static constexpr ListOps ops{
        .element = &type_of<Element>,
        .min_items = min_items(),
        .max_items = max_items(),
        .size = [](const void* list) { return as<V>(list).size(); },
        .data = [](const void* list) -> const void* { return as<V>(list).data(); },
        .append = [](void* list) -> void* { return &as<V>(list).emplace_back(); },
        .clear = [](void* list) { as<V>(list).clear(); }
    };
    static constexpr Type type{.kind = Kind::list, .size = sizeof(V), .list = &ops};
};

template <class T> struct TypeTable<std::vector<T>> : ListTable<std::vector<T>> {};

template <class T, std::size_t max, std::size_t min> struct TypeTable<List<T, max, min>>
    : ListTable<List<T, max, min>> {};

template <class T, class Less> struct TypeTable<std::map<std::string, T, Less>> {
    using M = std::map<std::string, T, Less>;

    static void* insert(void* map, std::string_view key) {
        const auto [place, inserted] = as<M>(map).try_emplace(std::string(key));
        return inserted ? &place->second : nullptr;
    }

    static const void* find(const void* map, std::string_view key) {
        const auto place = as<M>(map).find(std::string(key));
        return place == as<M>(map).end() ? nullptr : &place->second;
    }

    static void each(const void* map, void* context, MapOps::Visit visit) {
        for (const auto& [key, value] : as<M>(map)) visit(context, key, &value);
    }

    static constexpr MapOps ops{
        .element = &type_of<T>,
        .max_items = default_items_max,
        .size = [](const void* map) { return as<M>(map).size(); },
        .insert = insert,
        .find = find,
        .each = each,
        .clear = [](void* map) { as<M>(map).clear(); }
    };
    static constexpr Type type{.kind = Kind::map, .size = sizeof(M), .map = &ops};
};

template <class T> struct TypeTable<std::optional<T>> {
    using O = std::optional<T>;
    static constexpr WrapOps ops{
        .inner = &type_of<T>,
        .get = [](const void* value) -> const void* {
            return as<O>(value) ? &*as<O>(value) : nullptr;
        },
        .emplace = [](void* value) -> void* { return &as<O>(value).emplace(); },
        .set_null = [](void* value) { as<O>(value).reset(); },
        .is_null = [](const void* value) { return !as<O>(value).has_value(); }
    };
    static constexpr Type type{.kind = Kind::optional, .size = sizeof(O), .wrap = &ops};
};

template <class T> struct TypeTable<Patch<T>> {
    using P = Patch<T>;
    static constexpr WrapOps ops{
        .inner = &type_of<T>,
        .get = [](const void* value) -> const void* { return as<P>(value).value(); },
        .emplace = [](void* value) -> void* { return &as<P>(value).emplace(); },
        .set_null = [](void* value) { as<P>(value) = P::null(); },
        .is_null = [](const void* value) { return as<P>(value).is_null(); }
    };
    static constexpr Type type{.kind = Kind::patch, .size = sizeof(P), .wrap = &ops};
};

template <class T> struct TypeTable<Secret<T>> {
    using S = Secret<T>;
    static_assert(sizeof(S) == sizeof(T), "a secret is its value and nothing else");
    static constexpr WrapOps ops{
        .inner = &type_of<T>,
        .get = [](const void* value) -> const void* { return &as<S>(value).reveal(); },
        .emplace = [](void* value) -> void* { return &(as<S>(value) = S{}).fill(); },
        .set_null = nullptr,
        .is_null = [](const void*) { return false; }
    };
    static constexpr Type type{.kind = Kind::secret, .size = sizeof(S), .wrap = &ops};
};

} // namespace detail
} // namespace backline
