#pragma once

#include "platform/base/type_table.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace backline {

/// The description of `T`, from which reader, writer, store and OpenAPI work. `T` is any type that `Kind` lists. A
/// struct is described like this, in its own namespace, in the header that declares it:
///
///     struct NewReview {
///         Rating rating;
///         std::optional<ReviewTitle> title;                           // not required
///         Text<1, 40> template_;                                      // `template` on the wire
///         static constexpr std::string_view schema_name = "NewReview"; // only when the C++ name is not unique
///         static constexpr FieldDoc docs[] = {{"rating", "Five is best."}}; // optional prose
///     };
///     BOOST_DESCRIBE_STRUCT(NewReview, (), (rating, title, template_))
///     std::vector<FieldError> check(const NewReview& review);         // optional: rules between fields
///
/// It must be an aggregate without bases, and all fields must be described in order: the compiler checks that. An enum
/// with a name that is not unique gets `constexpr std::string_view schema_name_of(Status) { return "OrderStatus"; }`.
/// Pointers in what `check` answers begin at the struct: `#/ends_at`.
template <class T> constexpr const Type& type_of();

namespace detail {

template <class T> inline constexpr bool may_be_absent = false;
template <class T> inline constexpr bool may_be_absent<std::optional<T>> = true;
template <class T> inline constexpr bool may_be_absent<Patch<T>> = true;

template <class Pointer> struct MemberOf;

template <class T, class M> struct MemberOf<M T::*> {
    using type = M;
};

/// Room for a `T` that is never made: the compiler looks at it to see where the fields of a `T` lie.
template <class T> union Probe {
    constexpr Probe() : nothing{} {}

    constexpr ~Probe() {}

    char nothing;
    T value;
};

template <class T> inline constexpr Probe<T> probe{};

template <class T, class M> consteval std::size_t offset_of(M T::* member) {
    return sizeof(T) - __builtin_object_size(&(probe<T>.value.*member), 0);
}

/// Where fields of these types lie in a struct that has them in this order; the last entry is the size of the struct.
template <std::size_t alignment, class... M>
consteval std::array<std::size_t, sizeof...(M) + 1> layout() {
    std::array<std::size_t, sizeof...(M) + 1> offsets{};
    std::size_t end = 0;
    std::size_t index = 0;
    const auto align = [&end](std::size_t to) { return end = (end + to - 1) / to * to; };
    ((offsets[index++] = align(alignof(M)), end += sizeof(M)), ...);
    offsets[index] = align(alignment);
    return offsets;
}

template <class T, class Descriptors> struct ObjectTable;

template <class T, template <class...> class L, class... D> struct ObjectTable<T, L<D...>> {
    template <class Each> using Member =
        typename MemberOf<std::remove_cv_t<decltype(Each::pointer)>>::type;

    static constexpr std::array<std::size_t, sizeof...(D) + 1> offsets =
        layout<alignof(T), Member<D>...>();

    static consteval bool is_as_described() {
        if constexpr (sizeof...(D) == 0) return true;
        std::size_t index = 0;
        return ((offset_of(D::pointer) == offsets[index++]) && ...) &&
               offsets[sizeof...(D)] == sizeof(T);
    }

    // A field that is missing in the description would be silently lost; one in the wrong place, swapped.
    static_assert(std::is_aggregate_v<T>, "a described struct is an aggregate");
    static_assert(!requires { T{std::declval<Member<D>>()..., {}}; }, "a field is not described");
    static_assert(
        requires { T{std::declval<Member<D>>()...}; },
        "a field is not described, or not in its place"
    );
    static_assert(is_as_described(), "all fields are described, in the order of their declaration");

    template <class Each> static consteval Field field(std::size_t offset) {
        using M = Member<Each>;
        return {wire_name(Each::name), &type_of<M>, offset, !may_be_absent<M>};
    }

    template <std::size_t... index>
    static consteval std::array<Field, sizeof...(D)> make(std::index_sequence<index...>) {
        return {field<D>(offsets[index])...};
    }

    static constexpr std::array<Field, sizeof...(D)> fields =
        make(std::make_index_sequence<sizeof...(D)>{});
};

template <class T> consteval std::span<const FieldDoc> docs_of() {
    if constexpr (requires { T::docs; }) {
        return T::docs;
    } else {
        return {};
    }
}

consteval bool docs_name_fields(std::span<const FieldDoc> docs, std::span<const Field> fields) {
    for (const FieldDoc& doc : docs) {
        bool found = doc.field.empty();
        for (const Field& field : fields) found = found || field.name == doc.field;
        if (!found) return false;
    }
    return true;
}

template <class T> constexpr auto check_of() -> std::vector<FieldError> (*)(const void*) {
    if constexpr (requires(const T& value) {
                      { check(value) } -> std::same_as<std::vector<FieldError>>;
                  }) {
        return [](const void* value) { return check(as<T>(value)); };
    } else {
        return nullptr;
    }
}

/// What BOOST_DESCRIBE_STRUCT declares; `describe_members` answers the same and compiles five times as long.
template <class T> using Members =
    decltype(boost_public_member_descriptor_fn(static_cast<T**>(nullptr)));

template <class T>
    requires(std::is_class_v<T> && requires { typename Members<T>; })
struct TypeTable<T> {
    static constexpr ObjectOps ops{
        .fields = ObjectTable<T, Members<T>>::fields, .docs = docs_of<T>(), .check = check_of<T>()
    };
    static_assert(docs_name_fields(ops.docs, ops.fields), "docs name fields that are there");
    static constexpr Type type{
        .kind = Kind::object, .size = sizeof(T), .name = schema_name<T>(), .object = &ops
    };
};

} // namespace detail

template <class T> constexpr const Type& type_of() {
    return detail::TypeTable<T>::type;
}

/// The name of a value of a described enum, as it goes on the wire.
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] std::string_view name_of(E value) {
    return enum_name(*type_of<E>().enumeration, &value);
}

} // namespace backline
