#include "platform/base/field_value.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/time.hpp"

#include <algorithm>

namespace backline {
namespace {

/// A type, and a value of it when there is one on the way.
struct Place {
    const Type* type;
    const void* value;
};

Place unwrap(Place place) {
    while (place.type->wrap != nullptr) {
        const void* inside = place.value == nullptr ? nullptr : place.type->wrap->get(place.value);
        place = {&place.type->wrap->inner(), inside};
    }
    return place;
}

Place step_into(Place place, std::string_view step) {
    if (place.type->map != nullptr) {
        const MapOps& map = *place.type->map;
        return {&map.element(), place.value == nullptr ? nullptr : map.find(place.value, step)};
    }
    INVARIANT(place.type->object != nullptr, "a path leads through structs and maps");
    const auto field = std::ranges::find(place.type->object->fields, step, &Field::name);
    INVARIANT(field != place.type->object->fields.end(), "a path names fields that exist");
    if (place.value == nullptr) return {&field->type(), nullptr};
    return {&field->type(), static_cast<const std::byte*>(place.value) + field->offset};
}

// The whole path is walked even where there is no value, so that a wrong one shows at once.
Place walk(Place place, std::string_view path) {
    place = unwrap(place);
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        place = unwrap(step_into(place, path.substr(0, dot)));
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return place;
}

bool is_scalar(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::text:
    case Kind::instant:
    case Kind::enumeration:
        return true;
    case Kind::list:
    case Kind::map:
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
    case Kind::object:
    case Kind::json:
        return false;
    }
    return false;
}

} // namespace

FieldValue field_value(const Type& type, const void* value, std::string_view path) {
    const Place place = walk({&type, value}, path);
    INVARIANT(is_scalar(*place.type), "a path ends at a scalar");
    if (place.value == nullptr) return std::monostate{};
    const Type& found = *place.type;
    if (found.kind == Kind::boolean) return std::int64_t{*static_cast<const bool*>(place.value)};
    if (found.kind == Kind::integer) return found.integer->get(place.value);
    if (found.kind == Kind::text) return found.text->print(place.value);
    if (found.kind == Kind::enumeration) {
        return std::string(enum_name(*found.enumeration, place.value));
    }
    return static_cast<const Instant*>(place.value)->time_since_epoch().count();
}

const Type& field_type(const Type& type, std::string_view path) {
    const Place place = walk({&type, nullptr}, path);
    INVARIANT(is_scalar(*place.type), "a path ends at a scalar");
    return *place.type;
}

} // namespace backline
