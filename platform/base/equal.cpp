#include "platform/base/equal.hpp"

#include "platform/base/raw_json.hpp"
#include "platform/base/time.hpp"

namespace backline {
namespace {

const void* at(const void* base, std::size_t bytes) {
    return static_cast<const std::byte*>(base) + bytes;
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
    if (left_inside != nullptr && right_inside != nullptr) {
        return equal(ops.inner(), left_inside, right_inside);
    }
    return left_inside == right_inside && ops.is_null(left) == ops.is_null(right);
}

bool equal_objects(const ObjectOps& ops, const void* left, const void* right) {
    for (const Field& field : ops.fields) {
        if (!equal(field.type(), at(left, field.offset), at(right, field.offset))) return false;
    }
    return true;
}

} // namespace

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
