#include "platform/schema/openapi.hpp"

#include "platform/base/invariant.hpp"
#include "platform/schema/faults.hpp"
#include "platform/schema/json.hpp"

#include <algorithm>

namespace backline::schema {
namespace {

constexpr std::string_view no_control_characters = R"(^[^\u0000-\u0008\u000b-\u001f\u007f]*$)";

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(text, out);
    return out;
}

} // namespace

/// Writes the members of schemas, without the braces round them, so that a field can add its own.
class SchemaWriter final {
public:
    SchemaWriter(Components& components, std::string_view place)
        : components_(components)
        , place_(place) {}

    std::string members(const Type& type);

private:
    std::string reference(const Type& type);
    std::string component(const Type& type);
    std::string integer(const IntegerOps& ops);
    std::string text(const TextRules& rules);
    std::string list(const ListOps& ops);
    std::string map(const MapOps& ops);
    std::string enumeration(const EnumOps& ops);
    std::string object(const ObjectOps& ops);
    std::string property(const ObjectOps& ops, const Field& field);

    std::string nullable(const Type& inner) {
        return R"("anyOf":[{)" + members(inner) + R"(},{"type":"null"}])";
    }

    Components& components_;
    std::string_view place_; ///< Where components are: `#/components/schemas/`.
};

std::string SchemaWriter::members(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
        return R"("type":"boolean")";
    case Kind::integer:
        return integer(*type.integer);
    case Kind::text:
        return text(*type.text->rules);
    case Kind::instant:
        return R"("type":"string","format":"date-time","examples":["2026-11-23T09:00:00.000Z"])";
    case Kind::list:
        return list(*type.list);
    case Kind::map:
        return map(*type.map);
    case Kind::optional:
    case Kind::patch:
        return nullable(type.wrap->inner());
    case Kind::secret:
        return members(type.wrap->inner()) + R"(,"writeOnly":true)";
    case Kind::enumeration:
    case Kind::object:
        return reference(type);
    case Kind::json:
        return {};
    }
    return {};
}

// The name is entered before the schema is made, which ends the walk where a struct leads back to itself.
std::string SchemaWriter::reference(const Type& type) {
    const auto [place, fresh] = components_.components_.try_emplace(type.name, &type);
    INVARIANT(
        place->second.type == &type,
        "every schema has a name of its own, but two types are called " + std::string(type.name)
    );
    if (fresh) place->second.schema = component(type);
    return "\"$ref\":" + quoted(std::string(place_) + std::string(type.name));
}

std::string SchemaWriter::component(const Type& type) {
    const std::string inside =
        type.kind == Kind::object ? object(*type.object) : enumeration(*type.enumeration);
    return "{" + inside + "}";
}

std::string SchemaWriter::integer(const IntegerOps& ops) {
    return R"("type":"integer","minimum":)" + std::to_string(ops.min) + R"(,"maximum":)" +
           std::to_string(ops.max);
}

std::string SchemaWriter::text(const TextRules& rules) {
    std::string out = R"("type":"string")";
    if (rules.min > 0) out += R"(,"minLength":)" + std::to_string(rules.min);
    out += R"(,"maxLength":)" + std::to_string(rules.max);
    if (!rules.format.empty()) out += R"(,"format":)" + quoted(rules.format);
    out += R"(,"pattern":)" + quoted(rules.pattern.empty() ? no_control_characters : rules.pattern);
    if (!rules.example.empty()) out += R"(,"examples":[)" + quoted(rules.example) + "]";
    return out;
}

std::string SchemaWriter::list(const ListOps& ops) {
    std::string out = R"("type":"array","items":{)" + members(ops.element()) + "}";
    if (ops.min_items > 0) out += R"(,"minItems":)" + std::to_string(ops.min_items);
    return out + R"(,"maxItems":)" + std::to_string(ops.max_items);
}

std::string SchemaWriter::map(const MapOps& ops) {
    return R"("type":"object","additionalProperties":{)" + members(ops.element()) +
           R"(},"propertyNames":{"maxLength":)" + std::to_string(map_key_length_max) +
           R"(},"maxProperties":)" + std::to_string(ops.max_items);
}

std::string SchemaWriter::enumeration(const EnumOps& ops) {
    std::string names;
    for (const EnumEntry& entry : ops.entries) {
        names.append(names.empty() ? "" : ",").append(quoted(entry.name));
    }
    return R"("type":"string","enum":[)" + names + "]";
}

std::string_view prose(const ObjectOps& ops, std::string_view field) {
    const auto found = std::ranges::find(ops.docs, field, &FieldDoc::field);
    return found == ops.docs.end() ? std::string_view{} : found->text;
}

std::string SchemaWriter::property(const ObjectOps& ops, const Field& field) {
    const Type& type = field.type();
    std::string out = type.kind == Kind::optional ? members(type.wrap->inner()) : members(type);
    if (const std::string_view text = prose(ops, field.name); !text.empty()) {
        out.append(out.empty() ? "" : ",").append(R"("description":)").append(quoted(text));
    }
    return quoted(field.name) + ":{" + out + "}";
}

std::string SchemaWriter::object(const ObjectOps& ops) {
    std::string properties;
    std::string required;
    for (const Field& field : ops.fields) {
        properties.append(properties.empty() ? "" : ",").append(property(ops, field));
        if (field.required) required.append(required.empty() ? "" : ",").append(quoted(field.name));
    }
    std::string out = R"("type":"object")";
    if (const std::string_view text = prose(ops, ""); !text.empty()) {
        out += R"(,"description":)" + quoted(text);
    }
    out += R"(,"properties":{)" + properties + "}";
    if (!required.empty()) out += R"(,"required":[)" + required + "]";
    return out + R"(,"additionalProperties":false)";
}

std::string Components::use(const Type& type) {
    return "{" + SchemaWriter(*this, "#/components/schemas/").members(type) + "}";
}

std::string Components::json() const {
    std::string out = "{";
    for (const auto& [name, component] : components_) {
        if (out.size() > 1) out += ',';
        out += quoted(name) + ":" + component.schema;
    }
    return out + "}";
}

std::string schema_json(const Type& type) {
    Components components;
    std::string root = SchemaWriter(components, "#/$defs/").members(type);
    const std::string definitions = components.json();
    if (definitions != "{}") root += R"(,"$defs":)" + definitions;
    return R"({"$schema":"https://json-schema.org/draft/2020-12/schema")" +
           (root.empty() ? "" : "," + root) + "}";
}

} // namespace backline::schema
