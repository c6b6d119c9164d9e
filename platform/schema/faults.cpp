#include "platform/schema/faults.hpp"

#include "platform/base/refusals.hpp"
#include "platform/base/utf8.hpp"

#include <optional>

namespace backline::schema {
namespace {

constexpr std::size_t names_listed_max = 16;

std::string counted(std::size_t count, std::string_view thing) {
    return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::string name_of(const TextRules& rules) {
    return rules.name.empty() ? "text" : std::string(rules.name);
}

/// "a, b, c", or nothing where there are too many to read.
template <class Named> std::string listed(std::span<const Named> all) {
    if (all.size() > names_listed_max) return {};
    std::string names;
    for (const Named& each : all) names.append(names.empty() ? "" : ", ").append(each.name);
    return names;
}

std::string_view expected(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
        return "true or false";
    case Kind::integer:
        return "a whole number";
    case Kind::text:
        return "a string";
    case Kind::instant:
        return "a string with a time";
    case Kind::enumeration:
        return "a string with one of the known values";
    case Kind::list:
        return "an array";
    case Kind::map:
    case Kind::object:
        return "an object";
    case Kind::json:
        return "a value";
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return expected(type.wrap->inner());
    }
    return {};
}

} // namespace

Fault text_fault(const TextRules& rules, std::string_view raw) {
    const std::size_t length = code_points(raw).value_or(rules.min);
    const std::string limits = rules.min == rules.max ? "exactly " + counted(rules.max, "character")
                                                      : std::to_string(rules.min) + " to " +
                                                            counted(rules.max, "character");
    if (length < rules.min) return {"too_short", "must have " + limits};
    if (length > rules.max) return {"too_long", "must have " + limits};
    if (has_control_characters(raw)) return {"bad_format", "must not hold control characters"};
    std::string detail = "is not a valid " + name_of(rules);
    if (!rules.example.empty()) detail.append(", such as ").append(rules.example);
    return {"bad_format", std::move(detail)};
}

Fault range_fault(const IntegerOps& ops) {
    return {
        "out_of_range",
        "must be a whole number from " + std::to_string(ops.min) + " to " + std::to_string(ops.max)
    };
}

Fault instant_fault() {
    return {"bad_format", "must be a time in RFC 3339, such as 2026-11-23T09:00:00.000Z"};
}

Fault enum_fault(const Type& type) {
    const std::string names = listed(type.enumeration->entries);
    return {
        "unknown_value",
        names.empty() ? "is not one of the known values" : "must be one of: " + names
    };
}

Fault wrong_type_fault(const Type& type, std::string_view got) {
    return {"wrong_type", "must be " + std::string(expected(type)) + ", not " + std::string(got)};
}

Fault unknown_field_fault(const ObjectOps& object) {
    const std::string names = listed(object.fields);
    return {
        "unknown_field",
        names.empty() ? "is not known here" : "is not known here; known are: " + names
    };
}

Fault too_few_fault(std::size_t min) {
    return {"too_few", "must have at least " + counted(min, "element")};
}

Fault too_many_fault(std::size_t max) {
    return {"too_many", "must have at most " + counted(max, "element")};
}

std::unexpected<Problem> refuse_invalid(std::vector<FieldError> errors) {
    const std::string subject =
        errors.size() == 1 ? "One field is" : std::to_string(errors.size()) + " fields are";
    return refuse(platform_error("invalid"), subject + " wrong; see `errors`.", std::move(errors));
}

} // namespace backline::schema
