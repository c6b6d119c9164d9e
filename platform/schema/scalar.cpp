#include "platform/schema/scalar.hpp"

#include "platform/base/rfc3339.hpp"

namespace backline::schema {
namespace {

std::optional<Fault> put_name(const Type& type, void* target, std::string_view name) {
    for (const EnumEntry& entry : type.enumeration->entries) {
        if (entry.name != name) continue;
        type.enumeration->set(target, entry.value);
        return std::nullopt;
    }
    return enum_fault(type);
}

std::optional<Fault> put_instant(void* target, std::string_view text) {
    const std::optional<Instant> instant = parse_rfc3339(text);
    if (!instant) return instant_fault();
    *static_cast<Instant*>(target) = *instant;
    return std::nullopt;
}

} // namespace

std::optional<Fault> put_boolean(const Type& type, void* target, bool value) {
    if (type.kind != Kind::boolean) return wrong_type_fault(type, value ? "true" : "false");
    *static_cast<bool*>(target) = value;
    return std::nullopt;
}

std::optional<Fault> put_integer(const Type& type, void* target, std::int64_t value, bool enforce) {
    if (type.kind != Kind::integer) return wrong_type_fault(type, "a number");
    const IntegerOps& ops = *type.integer;
    const bool fits = enforce ? value >= ops.min && value <= ops.max
                              : value >= ops.rep_min && value <= ops.rep_max;
    if (!fits) return range_fault(ops);
    ops.set(target, value);
    return std::nullopt;
}

std::optional<Fault> put_text(
    const Type& type, void* target, std::string_view value, bool enforce
) {
    if (type.kind == Kind::enumeration) return put_name(type, target, value);
    if (type.kind == Kind::instant) return put_instant(target, value);
    if (type.kind != Kind::text) return wrong_type_fault(type, "a string");
    const TextOps& ops = *type.text;
    const bool taken = enforce ? ops.parse(ops, target, value) : ops.force(ops, target, value);
    if (!taken) return text_fault(*ops.rules, value);
    return std::nullopt;
}

} // namespace backline::schema
