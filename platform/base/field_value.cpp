#include "platform/base/field_value.hpp"

#include <algorithm>

#include "platform/base/invariant.hpp"
#include "platform/base/time.hpp"

namespace backline {

namespace {

FieldValue scalar(const Type& type, const void* value) {
    switch (type.kind) {
    case Kind::boolean:
        return std::int64_t{*static_cast<const bool*>(value)};
    case Kind::integer:
        return type.integer->get(value);
    case Kind::text:
        return type.text->print(value);
    case Kind::instant:
        return static_cast<const Instant*>(value)->time_since_epoch().count();
    case Kind::enumeration: {
        const std::int64_t number = type.enumeration->get(value);
        const auto entry =
            std::ranges::find(type.enumeration->entries, number, &EnumEntry::value);
        INVARIANT(entry != type.enumeration->entries.end(), "an enum has one of its named values");
        return std::string(entry->name);
    }
    case Kind::list:
    case Kind::map:
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
    case Kind::object:
    case Kind::json:
        break;
    }
    invariant_broken("scalar", "only a scalar can be a key of an index");
}

} // namespace

FieldValue field_value(const Type& type, const void* value, std::string_view path) {
    if (type.wrap != nullptr) {
        const void* inner = type.wrap->get(value);
        return inner == nullptr ? FieldValue{} : field_value(type.wrap->inner(), inner, path);
    }
    if (path.empty()) return scalar(type, value);
    INVARIANT(type.object != nullptr, "a path leads through structs");
    const std::size_t dot = path.find('.');
    const auto field =
        std::ranges::find(type.object->fields, path.substr(0, dot), &Field::name);
    INVARIANT(field != type.object->fields.end(), "an index names fields that exist");
    const void* at = static_cast<const std::byte*>(value) + field->offset;
    const auto rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    return field_value(field->type(), at, rest);
}

} // namespace backline
