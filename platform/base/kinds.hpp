#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backline {

/// What a value is, as far as JSON, the store and OpenAPI are concerned.
enum class Kind : std::uint8_t {
    boolean, ///< `bool`
    integer, ///< integers up to 64 bits (`uint64_t` excepted), `Bounded`, `Duration` in milliseconds
    text,    ///< `std::string` and everything `Textual`: `Text`, `Email`, `Id`, `Currency`, ...
    instant,     ///< `Instant`, as RFC 3339
    enumeration, ///< a described enum, as the name of its value
    list,        ///< `std::vector`, `List`
    map,         ///< `std::map<std::string, T>`
    optional,    ///< `std::optional`
    patch,       ///< `Patch`
    secret,      ///< `Secret`
    object,      ///< a described struct
    json,        ///< `Json`
};

struct Type;

/// Types refer to each other through functions, so that a struct may hold a list of itself.
using TypeGetter = const Type& (*)();

// What follows is one struct per kind: the facts about it and plain functions that reach into a value through `void*`.
// They are constants, made at compile time by `type_of<T>()` (type.hpp); nobody else makes them.

struct IntegerOps {
    std::int64_t min, max;         ///< What a strict reader accepts.
    std::int64_t rep_min, rep_max; ///< What the C++ type can hold at all.
    std::int64_t (*get)(const void*);
    void (*set)(
        void*, std::int64_t
    ); ///< Within `rep_min` and `rep_max`; does not look at `min` and `max`.
};

struct TextOps {
    const TextRules* rules;
    bool (*accepts)(std::string_view
    ); ///< What `CheckedText` asks beyond the rules; may be a null pointer.

    /// False when the text breaks the rules; the value is then unchanged.
    bool (*parse)(const TextOps&, void*, std::string_view);
    /// As `parse`, but keeps a text that breaks the rules where the type can hold it.
    bool (*force)(const TextOps&, void*, std::string_view);
    std::
        string_view (*view)(const void*); ///< The text inside the value; a null pointer when it must be made.
    std::string (*print)(const void*); ///< Always there.
};

struct EnumEntry {
    std::string_view name;
    std::int64_t value;
};

struct EnumOps {
    std::span<const EnumEntry> entries;
    std::int64_t (*get)(const void*);
    void (*set)(void*, std::int64_t);
};

struct ListOps {
    TypeGetter element;
    std::size_t min_items, max_items;
    std::size_t (*size)(const void*);
    const void* (*data)(const void*); ///< The first element; the others follow at `element().size` bytes.
    void* (*append)(void*);           ///< Adds a default element and answers it.
    void (*clear)(void*);
};

struct MapOps {
    using Visit = void (*)(void* context, const std::string& key, const void* value);

    TypeGetter element;
    std::size_t max_items;
    std::size_t (*size)(const void*);
    void* (*insert)(
        void*, std::string_view key
    ); ///< Adds a default value; null pointer when the key is there.
    const void* (*find)(
        const void*, std::string_view key
    );                                               ///< Null pointer when the key is not there.
    void (*each)(const void*, void* context, Visit); ///< In the order of keys.
    void (*clear)(void*);
};

/// `std::optional`, `Patch` and `Secret`.
struct WrapOps {
    TypeGetter inner;
    const void* (*get)(const void*); ///< The value inside; null pointer when there is none.
    void* (*emplace)(void*);         ///< Puts in a default value and answers it.
    void (*set_null)(void*);         ///< Null pointer for `Secret`.
    bool (*is_null)(const void*); ///< True for a `Patch` that clears and for an empty `std::optional`.
};

struct Field {
    std::string_view name; ///< On the wire: the C++ name without a trailing underscore.
    TypeGetter type;
    std::size_t offset;
    bool required; ///< Neither `std::optional` nor `Patch`.
};

/// Prose about one field; with an empty name, about the struct itself.
struct FieldDoc {
    std::string_view field;
    std::string_view text;
};

struct ObjectOps {
    std::span<const Field> fields; ///< In the order of declaration, at most 52.
    std::span<const FieldDoc> docs;
    std::vector<
        FieldError> (*check)(const void*); ///< Rules between fields; a null pointer when there are none.
};

/// One type, described for interpreters. A constant with static lifetime; two of one type have one address.
struct Type {
    Kind kind;
    std::size_t size;        ///< `sizeof`.
    std::string_view name{}; ///< The schema name of an object or enumeration; otherwise empty.
    const IntegerOps* integer = nullptr;
    const TextOps* text = nullptr;
    const EnumOps* enumeration = nullptr;
    const ListOps* list = nullptr;
    const MapOps* map = nullptr;
    const WrapOps* wrap = nullptr; ///< optional, patch, secret.
    const ObjectOps* object = nullptr;
};

/// The name of the value of an enumeration. A value that is not described breaks an invariant.
[[nodiscard]] std::string_view enum_name(const EnumOps& ops, const void* value);

namespace detail {

// The functions that all types share which are a string, or a number of a certain size, and nothing else in memory.

bool parse_string(const TextOps& ops, void* value, std::string_view raw);
bool force_string(const TextOps& ops, void* value, std::string_view raw);
std::string_view view_string(const void* value);
std::string print_string(const void* value);

template <class Rep> std::int64_t get_number(const void* value) {
    Rep number{};
    std::memcpy(&number, value, sizeof number);
    return number;
}

template <class Rep> void set_number(void* value, std::int64_t wide) {
    const auto number = static_cast<Rep>(wide);
    std::memcpy(value, &number, sizeof number);
}

} // namespace detail
} // namespace backline
