#include "platform/base/value.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/raw_json.hpp"

namespace backline {
namespace {

const void* at(const void* base, std::size_t bytes) {
    return static_cast<const std::byte*>(base) + bytes;
}

struct Place {
    const Type* type;
    const void* value; ///< Null pointer: there is none.
};

Place unwrap(Place place) {
    while (place.value != nullptr && place.type->wrap != nullptr) {
        place = {&place.type->wrap->inner(), place.type->wrap->get(place.value)};
    }
    return place;
}

Place step_into(Place place, std::string_view step) {
    if (place.type->kind == Kind::map) {
        return {&place.type->map->element(), place.type->map->find(place.value, step)};
    }
    INVARIANT(place.type->kind == Kind::object, "a field path goes through objects and maps");
    for (const Field& field : place.type->object->fields) {
        if (field.name == step) return {&field.type(), at(place.value, field.offset)};
    }
    invariant_broken(step, "a field path names fields that are there");
}

std::string_view enum_name(const EnumOps& ops, const void* value) {
    const std::int64_t number = ops.get(value);
    for (const EnumEntry& entry : ops.entries) {
        if (entry.value == number) return entry.name;
    }
    invariant_broken("entry", "an enum has one of its described values");
}

FieldValue scalar(Place place) {
    switch (place.type->kind) {
    case Kind::boolean:
        return std::int64_t{*static_cast<const bool*>(place.value)};
    case Kind::integer:
        return place.type->integer->get(place.value);
    case Kind::text:
        return place.type->text->print(place.value);
    case Kind::instant:
        return static_cast<const Instant*>(place.value)->time_since_epoch().count();
    case Kind::enumeration:
        return std::string(enum_name(*place.type->enumeration, place.value));
    case Kind::list:
    case Kind::map:
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
    case Kind::object:
    case Kind::json:
        break;
    }
    invariant_broken("scalar", "a field path ends at a single value");
}

bool equal_texts(const TextOps& ops, const void* left, const void* right) {
    return ops.view != nullptr ? ops.view(left) == ops.view(right)
                               : ops.print(left) == ops.print(right);
}

bool equal_lists(const ListOps& ops, const void* left, const void* right) {
    const std::size_t count = ops.size(left);
    if (count != ops.size(right)) return false;
    const Type& element = ops.element();
    for (std::size_t index = 0; index < count; ++index) {
        const std::size_t offset = index * element.size;
        if (!equal(element, at(ops.data(left), offset), at(ops.data(right), offset))) return false;
    }
    return true;
}

bool equal_maps(const MapOps& ops, const void* left, const void* right) {
    struct Comparison {
        const MapOps& ops;
        const void* right;
        bool same = true;
    };

    Comparison comparison{ops, right};
    if (ops.size(left) != ops.size(right)) return false;
    ops.each(left, &comparison, [](void* context, const std::string& key, const void* value) {
        Comparison& self = *static_cast<Comparison*>(context);
        const void* other = self.ops.find(self.right, key);
        self.same = self.same && other != nullptr && equal(self.ops.element(), value, other);
    });
    return comparison.same;
}

bool equal_wrapped(const WrapOps& ops, const void* left, const void* right) {
    const void* left_inside = ops.get(left);
    const void* right_inside = ops.get(right);
    if (left_inside != nullptr && right_inside != nullptr)
        return equal(ops.inner(), left_inside, right_inside);
    return left_inside == right_inside && ops.is_null(left) == ops.is_null(right);
}

bool equal_objects(const ObjectOps& ops, const void* left, const void* right) {
    for (const Field& field : ops.fields) {
        if (!equal(field.type(), at(left, field.offset), at(right, field.offset))) return false;
    }
    return true;
}

} // namespace

FieldValue field_value(const Type& type, const void* value, std::string_view path) {
    Place place = unwrap({&type, value});
    while (place.value != nullptr) {
        const std::size_t dot = path.find('.');
        place = unwrap(step_into(place, path.substr(0, dot)));
        if (dot == std::string_view::npos) break;
        path.remove_prefix(dot + 1);
    }
    if (place.value == nullptr) return std::monostate{};
    return scalar(place);
}

bool equal(const Type& type, const void* left, const void* right) {
    switch (type.kind) {
    case Kind::boolean:
        return *static_cast<const bool*>(left) == *static_cast<const bool*>(right);
    case Kind::integer:
        return type.integer->get(left) == type.integer->get(right);
    case Kind::text:
        return equal_texts(*type.text, left, right);
    case Kind::instant:
        return *static_cast<const Instant*>(left) == *static_cast<const Instant*>(right);
    case Kind::enumeration:
        return type.enumeration->get(left) == type.enumeration->get(right);
    case Kind::list:
        return equal_lists(*type.list, left, right);
    case Kind::map:
        return equal_maps(*type.map, left, right);
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return equal_wrapped(*type.wrap, left, right);
    case Kind::object:
        return equal_objects(*type.object, left, right);
    case Kind::json:
        return *static_cast<const Json*>(left) == *static_cast<const Json*>(right);
    }
    return false;
}

} // namespace backline
